/** What one caller may hold of a service: bounded, given back, and nobody else's concern. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallerShares } from '#platform/tokens/caller-shares.ts';

const LIMITS = { connectionsMax: 3, halfOpenMax: 4, bodiesBytesMax: 100 };

describe('what one caller holds', () => {
  it('is so many connections, however often each is used', () => {
    const shares = new CallerShares(LIMITS);
    const connections = Array.from({ length: 4 }, () => ({}));
    const [first = {}] = connections;
    expect(connections.map((connection) => shares.connect('a', connection))).toEqual([true, true, true, false]);
    expect(shares.connect('a', first)).toBe(true);
    expect(shares.connect('b', {})).toBe(true);
    shares.disconnect('a', first);
    expect(shares.connect('a', {})).toBe(true);
  });
  it('is so many requests that wait for their bodies', () => {
    const shares = new CallerShares(LIMITS);
    expect(Array.from({ length: 5 }, () => shares.open('a', 1))).toEqual([null, null, null, null, 'half-open']);
    expect(shares.open('b', 1)).toBeNull();
    shares.close('a', 1);
    expect(shares.open('a', 1)).toBeNull();
  });
  it('is half of the bytes that all may announce, or one body alone', () => {
    const shares = new CallerShares(LIMITS);
    expect(shares.open('a', 80)).toBeNull();
    expect(shares.open('a', 1)).toBe('bodies');
    shares.close('a', 80);
    expect([shares.open('a', 30), shares.open('a', 20), shares.open('a', 1)]).toEqual([null, null, 'bodies']);
    expect(shares.open('b', 50)).toBeNull();
  });
  it('is nothing any more once all is given back, and nothing is kept in mind of who came', () => {
    const act = fc.record({ caller: fc.constantFrom('a', 'b', 'c'), bytes: fc.nat(60), isConnection: fc.boolean() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const shares = new CallerShares(LIMITS);
        const undo: (() => void)[] = [];
        for (const { caller, bytes, isConnection } of acts) {
          const connection = {};
          if (isConnection && shares.connect(caller, connection))
            undo.push(() => shares.disconnect(caller, connection));
          if (!isConnection && shares.open(caller, bytes) === null) undo.push(() => shares.close(caller, bytes));
        }
        for (const giveBack of undo) giveBack();
        expect(shares.callers).toBe(0);
      }),
    );
  });
});
