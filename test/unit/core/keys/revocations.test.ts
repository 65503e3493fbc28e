/** From when on a revoked key counts no more: in whatever order it was said, and however often. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Revocation, REVOCATION_REACH_MS, Revocations, withdrawsSince } from '#core/keys/revocations.ts';

const revocation = (given: Partial<Revocation> = {}): Revocation => ({
  key: 'province-43-1',
  why: 'leaked',
  atMs: 1_000,
  sinceMs: null,
  ...given,
});
const of = (...all: readonly Revocation[]): Revocations => {
  const revocations = new Revocations();
  for (const one of all) revocations.take(one);
  return revocations;
};

describe('a revoked key', () => {
  it('counts until a minute after the revocation, to the millisecond, and no longer', () => {
    const revocations = of(revocation());
    const endsAtMs = 1_000 + REVOCATION_REACH_MS;
    expect(revocations.endsAtMs('province-43-1')).toBe(endsAtMs);
    expect([endsAtMs - 1, endsAtMs].map((atMs) => revocations.refuses('province-43-1', atMs))).toEqual([false, true]);
  });
  it('is that one and no other', () => {
    const revocations = of(revocation());
    expect([revocations.endsAtMs('province-43-2'), revocations.refuses('province-43-11', 1e15)]).toEqual([null, false]);
  });
  it('that had leaked counts until then alone, also where it was revoked before without a word of that', () => {
    for (const said of [[], [revocation({ atMs: 500 })]]) {
      const revocations = of(...said, revocation({ sinceMs: 200 }));
      expect([199, 200].map((atMs) => revocations.refuses('province-43-1', atMs))).toEqual([false, true]);
      expect(revocations.all.map(withdrawsSince)).toEqual([true]);
    }
    expect(of(revocation()).all.map(withdrawsSince)).toEqual([false]);
  });
  it('isn’t one where the reason is too long', () => {
    const revocations = new Revocations();
    expect(revocations.take(revocation({ why: 'x'.repeat(201) }))).toBe('its reason is too long');
    expect(revocations.all).toEqual([]);
  });
});

const SAID = fc.record({
  key: fc.constantFrom('province-43-1', 'province-43-2', 'operator-1'),
  why: fc.constantFrom('leaked', 'lost'),
  atMs: fc.integer({ min: 0, max: 5 }),
  sinceMs: fc.option(fc.integer({ min: -3, max: REVOCATION_REACH_MS + 5 })),
});

it('what is revoked comes to the same in any order, and what is said again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(SAID, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (said, draws) => {
      const again = [...said, ...said].toSorted(() => ((draws.next().value as number) % 3) - 1);
      expect(of(...again).all).toEqual(of(...said).all);
    }),
  );
});

it('what reaches furthest back counts: nothing that is said later lets a key count for longer', () => {
  fc.assert(
    fc.property(fc.array(SAID, { minLength: 1, maxLength: 8 }), (said) => {
      const revocations = of(...said);
      for (const { key } of said) {
        const own = said.filter((one) => one.key === key);
        const ends = own.flatMap(({ atMs, sinceMs }) => [atMs + REVOCATION_REACH_MS, sinceMs ?? Infinity]);
        expect(revocations.endsAtMs(key)).toBe(Math.min(...ends));
      }
    }),
  );
});
