/** What a process of an instance claims at a position, by the watermarks that are kept of it. */

import { describe, expect, it } from 'vitest';
import type { Position } from '#core/view/snapshot.ts';
import { InstanceClaims } from '#exchange/fold/instance-claims.ts';
import { START } from './support.ts';

const at = (nextOffset: number): Position => ({
  ...START,
  topics: { ...START.topics, tests: { topicId: 't', nextOffset } },
});
const OF = { instance: '43-a', epoch: 2, topic: 'tests' };

function claimsOf(
  ...stated: readonly (readonly [epoch: number, number: number, nextOffset: number])[]
): InstanceClaims {
  const claims = new InstanceClaims();
  for (const [index, [epoch, number, nextOffset]] of stated.entries())
    claims.take({
      province: '43',
      instance: '43-a',
      throughMs: index,
      epoch,
      offsets: [{ topic: 'tests', nextOffsets: [nextOffset] }],
      sequence: index + 1,
      full: index + 1,
      heads: [{ topic: 'tests', partition: 0, number, attempt: 0, hash: Buffer.alloc(32) }],
    });
  return claims;
}

describe('a process claims', () => {
  const claimed = (claims: InstanceClaims, nextOffset: number, epoch = 2, readAtMs: number | null = 1) =>
    claims.claimed({ ...OF, epoch }, 0, at(nextOffset), readAtMs);
  const through = (number: number, isOver = false) => ({ kind: 'through', number, isOver });

  it('what the newest of its watermarks does that the position has passed', () => {
    const claims = claimsOf([2, 0, 0], [2, 4, 10], [2, 7, 20]);
    expect([9, 10, 19, 20].map((offset) => claimed(claims, offset))).toEqual([0, 4, 4, 7].map((of) => through(of)));
    expect(claims.claimed({ ...OF, topic: 'codes' }, 0, at(20), 1)).toEqual(through(0));
  });
  it('nothing where it was never registered, and what nobody knows where no watermark of it is kept', () => {
    const claims = claimsOf([2, 4, 10]);
    expect(claimed(claims, 20, 3)).toEqual({ kind: 'nothing' });
    expect(claimed(claims, 5, 1)).toEqual({ kind: 'unknown' });
    expect(claims.claimed({ ...OF, instance: '43-b' }, 0, START, 1)).toEqual({ kind: 'nothing' });
    claims.register('43-a', 3);
    expect(claimed(claims, 20, 3)).toEqual({ kind: 'unknown' });
  });
  it('nothing more once a watermark of a later process is in force, and what it did before stays', () => {
    const claims = claimsOf([2, 4, 10], [3, 0, 12]);
    expect([claimed(claims, 11), claimed(claims, 12)]).toEqual([through(4), through(4, true)]);
    expect(claimed(claims, 12, 1)).toEqual(through(0, true));
    expect(claimed(claims, 12, 1, null)).toEqual({ kind: 'unknown' });
  });
  it('its own though it was read after its successor had registered', () => {
    const claims = new InstanceClaims();
    claims.register('43-a', 3);
    expect(claims.take({ ...WATERMARK, epoch: 2 })).toBe(true);
    expect(claimed(claims, 10)).toEqual(through(4));
  });
  it('nothing of what is appended after it was retired', () => {
    const claims = claimsOf([2, 4, 10]);
    claims.retire('43-a', 2, 500);
    expect([claimed(claims, 10, 2, 500), claimed(claims, 10, 2, 501)]).toEqual([through(4), through(4, true)]);
    expect([claimed(claims, 9, 2, null), claimed(claims, 10, 2, null)]).toEqual([through(0), through(4, true)]);
    claims.register('43-a', 3);
    expect(claimed(claims, 10, 2, 501)).toEqual(through(4));
  });
});

const WATERMARK = {
  province: '43' as const,
  instance: '43-a',
  throughMs: 0,
  epoch: 2,
  offsets: [{ topic: 'tests', nextOffsets: [10] }],
  sequence: 1,
  full: 1,
  heads: [{ topic: 'tests', partition: 0, number: 4, attempt: 0, hash: Buffer.alloc(32) }],
};
