/** How views stand to keys that had leaked: what is out of them, and whose word in a view may be somebody else's. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Leak } from '#core/keys/leak.ts';
import { type FoldedLeak, leakedIn, leaksWithin, NO_LEAKS, withLeaks } from '#core/view/leaks.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { personErased, samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { viewOf } from '#test/support/lookup.ts';

const leak = (given: Partial<Leak> = {}): Leak => ({ key: 'province-43-1', of: '43', sinceMs: 100, ...given });
const folded = (isOut: boolean, given: Partial<Leak> = {}): FoldedLeak => ({ ...leak(given), isOut });
const LATER = { isFirst: false };

describe('what is withdrawn with a key', () => {
  it('is out of views that were folded knowing it from the first record on', () => {
    expect(leaksWithin(withLeaks(NO_LEAKS, [leak()], { isFirst: true }))).toEqual([]);
  });
  it('may be in views of which some were folded before it was known, and stays so', () => {
    const after = withLeaks(NO_LEAKS, [leak()], LATER);
    expect(leaksWithin(after)).toEqual([folded(false)]);
    expect(withLeaks(after, [leak()], LATER)).toBe(after);
    expect(withLeaks(after, [leak()], { isFirst: true })).toBe(after);
    expect(withLeaks(after, [], LATER)).toBe(after);
  });
  it('may be in them again once it turns out to reach further back', () => {
    const out = withLeaks(NO_LEAKS, [leak()], { isFirst: true });
    expect(withLeaks(out, [leak({ sinceMs: 101 })], LATER)).toBe(out);
    expect(withLeaks(out, [leak({ sinceMs: 99 })], LATER)).toEqual([folded(false, { sinceMs: 99 })]);
  });

  const anyLeak = fc.record({
    key: fc.constantFrom('province-43-1', 'province-43-2', 'national-1'),
    of: fc.constant('43' as const),
    sinceMs: fc.nat(4),
  });
  it('comes to the same in whatever order it becomes known, and never becomes less', () => {
    fc.assert(
      fc.property(fc.array(anyLeak, { maxLength: 3 }), fc.array(anyLeak, { maxLength: 5 }), (first, later) => {
        const begun = withLeaks(NO_LEAKS, first, { isFirst: true });
        const inTurn = (order: readonly Leak[]) =>
          order.reduce((before, one) => withLeaks(before, [one], LATER), begun);
        const after = inTurn(later);
        expect(inTurn(later.toReversed())).toEqual(after);
        const known = leaksWithin(after).map(({ key }) => key);
        for (const { key } of leaksWithin(inTurn(later.slice(1)))) expect(known).toContain(key);
      }),
    );
  });
});

describe('a word of a holder in a view may be somebody else’s', () => {
  const WITHIN = [folded(false)];
  const says = (view: PersonView | null, leaks: readonly FoldedLeak[] = WITHIN) => leakedIn(view, leaks);
  it.each([
    ['a test', viewOf(testReported({ province: '43' }))],
    ['a retraction', viewOf(testReported({ province: '43', status: 'retracted' }))],
    ['a sampling', viewOf(samplingRecorded({ province: '43' }))],
    ['a dose', viewOf(vaccinationAdministered({ province: '43' }))],
    ['what was cut', { ...EMPTY_VIEW, datedTestsCuts: [{ province: '43' as const, newestDay: 1, issuedAtMaxMs: 1 }] }],
    ['what was cut of nobody known', { ...EMPTY_VIEW, samplingsCuts: [{ province: null, newestDay: 1 }] }],
    ['an erasure of its own', viewOf(personErased({ province: '43', takes: 'own' }))],
  ])('where there is %s', (_what, view) => {
    expect(says(view)).toEqual(['43']);
    expect(says(view, [folded(true)])).toEqual([]);
    expect(says(view, NO_LEAKS)).toEqual([]);
  });
  it('and not where there is none of theirs', () => {
    for (const view of [null, EMPTY_VIEW, viewOf(testReported({ province: '44' }))]) expect(says(view)).toEqual([]);
    const other = { ...EMPTY_VIEW, datedTestsCuts: [{ province: '44' as const, newestDay: 1, issuedAtMaxMs: 1 }] };
    expect(says(other)).toEqual([]);
  });
  it('of the national role, where it has erased; of the operator, wherever anything is', () => {
    const national = [folded(false, { of: 'national', key: 'national-1' })];
    const operator = [folded(false, { of: 'operator', key: 'operator-1' })];
    const erased = viewOf(personErased({ takes: 'all' }));
    const tested = viewOf(testReported());
    expect([erased, tested].map((view) => says(view, national))).toEqual([['national'], []]);
    expect([erased, tested, null].map((view) => says(view, operator))).toEqual([['operator'], ['operator'], []]);
  });
  it('is told once, whatever keys of a holder had leaked', () => {
    const two = [folded(false), folded(false, { key: 'province-43-2' })];
    expect(says(viewOf(testReported({ province: '43' })), two)).toEqual(['43']);
  });
});
