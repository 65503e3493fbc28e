/** Which withdrawals are in force: the same whatever the order, and nothing of whoever may not. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IN_FORCE_MAX, type SaidOfWithdrawals, Withdrawals } from '#core/withdrawals/in-force.ts';
import type { Undoing, Withdrawal } from '#core/withdrawals/withdrawal.ts';
import { runs } from '#test/support/runs.ts';
import { undoing, withdrawal } from '#test/support/withdrawals.ts';

const withdrawn = (given: Partial<Withdrawal> = {}): SaidOfWithdrawals => ({ withdrawn: withdrawal(given) });
const undone = (given: Partial<Undoing> = {}): SaidOfWithdrawals => ({ undone: undoing(given) });

function inForceOf(said: readonly SaidOfWithdrawals[]): readonly Withdrawal[] {
  const withdrawals = new Withdrawals();
  for (const one of said) withdrawals.take(one);
  return withdrawals.inForce;
}

describe('a withdrawal', () => {
  it('is in force until it is undone, whichever was said first', () => {
    expect(inForceOf([withdrawn()])).toEqual([withdrawal()]);
    expect(inForceOf([withdrawn(), undone()])).toEqual([]);
    expect(inForceOf([undone(), withdrawn(), withdrawn()])).toEqual([]);
  });
  it('of a province is undone by the nation, and not the other way round', () => {
    expect(inForceOf([withdrawn(), undone({ by: 'national' })])).toEqual([]);
    const national = withdrawn({ by: 'national' });
    expect(inForceOf([national, undone({ of: 'national', by: '43' })])).toHaveLength(1);
    expect(inForceOf([national, undone({ of: 'national', by: 'national' })])).toEqual([]);
  });
  it('isn’t undone by another province, nor touched by its withdrawal of the same id', () => {
    const others = withdrawn({ by: '44', province: '44' });
    expect(inForceOf([withdrawn(), others, undone({ of: '44', by: '44' })])).toEqual([withdrawal()]);
    expect(inForceOf([withdrawn(), others, undone({ by: '44' })])).toHaveLength(2);
  });
  it('was undone with another’s of the same id, when the nation undid that one', () => {
    const others = withdrawn({ by: '44', province: '44' });
    expect(inForceOf([withdrawn(), others, undone({ of: '44', by: 'national' })])).toEqual([withdrawal()]);
  });
  it.each([
    ['another province’s', { by: '44' as const }],
    ['of no laboratory', { laboratory: '' }],
    ['without an id', { id: '' }],
    ['of everything', { run: null, method: null, span: null }],
    ['of a run without a name', { run: '' }],
    ['of a name that no event could have', { run: 'x'.repeat(65) }],
    ['of a span that ends before it begins', { span: { of: 'issued' as const, fromMs: 2, toMs: 1 } }],
    ['of a span that is empty', { span: { of: 'issued' as const, fromMs: 1, toMs: 1 } }],
    ['of a span of no known time', { span: { of: 'printed' as 'issued', fromMs: 1, toMs: 2 } }],
    ['of no province', { province: '99' as '43', by: '99' as '43' }],
    ['with an endless reason', { why: 'x'.repeat(201) }],
  ])('%s has no effect', (_what, given) => {
    const withdrawals = new Withdrawals();
    expect(withdrawals.take(withdrawn(given))).not.toBeNull();
    expect(withdrawals.inForce).toEqual([]);
    expect(withdrawals.all).toEqual([]);
  });
  it.each([
    ['of nothing', { undoes: '' }],
    ['by nobody', { by: 'operator' as '43' }],
    ['of nobody’s', { of: 'operator' as '43', by: 'national' as const }],
    ['with an endless reason', { why: 'x'.repeat(201) }],
  ])('is not undone by an undoing %s', (_what, given) => {
    const withdrawals = new Withdrawals();
    withdrawals.take(withdrawn());
    expect(withdrawals.take(undone(given))).not.toBeNull();
    expect(withdrawals.inForce).toHaveLength(1);
  });
  it('said again changes nothing, not even the array', () => {
    const withdrawals = new Withdrawals();
    withdrawals.take(withdrawn());
    const before = withdrawals.inForce;
    withdrawals.take(withdrawn());
    withdrawals.take(withdrawn({ by: '44' }));
    expect(withdrawals.inForce).toBe(before);
  });
  it('beyond the bound of its withdrawer isn’t in force until another is undone; others have theirs', () => {
    const many = Array.from({ length: IN_FORCE_MAX + 1 }, (_, index) => withdrawn({ id: `w${1_000 + index}` }));
    const inForce = inForceOf([...many.toReversed(), withdrawn({ by: 'national', id: 'n' })]);
    expect(inForce.filter(({ by }) => by === '43').map(({ id }) => id)).toEqual(
      many.slice(0, IN_FORCE_MAX).map((one) => ('withdrawn' in one ? one.withdrawn.id : '')),
    );
    expect(inForce.filter(({ by }) => by === 'national')).toHaveLength(1);
    expect(inForceOf([...many, undone({ undoes: 'w1000' })]).at(-1)?.id).toBe(`w${1_000 + IN_FORCE_MAX}`);
  });
});

it('comes to the same in any order, and however often it was said', () => {
  const said: fc.Arbitrary<SaidOfWithdrawals> = fc.oneof(
    fc
      .record({
        id: fc.constantFrom('a', 'b', 'c'),
        by: fc.constantFrom('43', '44', 'national' as const),
        province: fc.constantFrom('43', '44' as const),
        run: fc.constantFrom('R1', 'R2'),
      })
      .map(withdrawn),
    fc
      .record({
        undoes: fc.constantFrom('a', 'b', 'c'),
        of: fc.constantFrom('43', '44', 'national' as const),
        by: fc.constantFrom('43', '44', 'national' as const),
      })
      .map(undone),
  );
  const twice = fc
    .array(said, { maxLength: 12 })
    .chain((once) => fc.tuple(fc.constant(once), fc.shuffledSubarray([...once, ...once], { minLength: once.length })))
    .filter(([once, again]) => once.every((one) => again.includes(one)));
  let many = 0;
  fc.assert(
    fc.property(twice, ([once, again]) => {
      const inForce = inForceOf(once);
      if (inForce.length > 1) many += 1;
      expect(inForceOf(again)).toEqual(inForce);
    }),
    { numRuns: runs(2_000) },
  );
  expect(many).toBeGreaterThan(0);
});
