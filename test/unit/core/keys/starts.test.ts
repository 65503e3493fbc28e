/** From when on a key counts: in whatever order it was said, and however often. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REVOCATION_REACH_MS } from '#core/keys/revocations.ts';
import { type KeyStart, Starts } from '#core/keys/starts.ts';

const KEY = 'province-43-2';
const of = (...all: readonly KeyStart[]): Starts => {
  const starts = new Starts();
  for (const one of all) starts.take(one);
  return starts;
};

describe('a key that starts later', () => {
  const starts = of({ key: KEY, fromMs: 500_000, atMs: 1_000 });
  it('counts from then on, to the millisecond, and not before', () => {
    expect([499_999, 500_000].map((atMs) => starts.refuses(KEY, atMs))).toEqual([true, false]);
    expect(starts.startsAtMs(KEY)).toBe(500_000);
  });
  it('is told of by what reaches 60 s ahead: what lies before is judged alike, whoever has read of it', () => {
    const reaches = 1_000 + REVOCATION_REACH_MS;
    expect([reaches - 1, reaches].map((atMs) => starts.refuses(KEY, atMs))).toEqual([false, true]);
  });
  it('is that one and no other', () => {
    expect([starts.refuses('province-43-1', 100_000), starts.startsAtMs('province-43-1')]).toEqual([false, null]);
  });
});

const SAID = fc.record({
  key: fc.constantFrom(KEY, 'province-43-3'),
  fromMs: fc.integer({ min: 0, max: REVOCATION_REACH_MS + 20 }),
  atMs: fc.integer({ min: 0, max: 5 }),
});

it('what starts comes to the same in any order, and what is said again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(SAID, { maxLength: 6 }), fc.integer({ min: 0, max: 99 }), (said, atMs) => {
      const [one, other] = [of(...said), of(...said.toReversed(), ...said)];
      for (const key of [KEY, 'province-43-3'])
        for (const appendedAtMs of [atMs, REVOCATION_REACH_MS + atMs])
          expect([other.refuses(key, appendedAtMs), other.startsAtMs(key)]).toEqual([
            one.refuses(key, appendedAtMs),
            one.startsAtMs(key),
          ]);
      expect(other.all).toHaveLength(one.all.length);
    }),
  );
});
