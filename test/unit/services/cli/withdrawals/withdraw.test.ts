/** What `hutong withdraw` would put in force, and what it refuses before anything is appended. */

import { describe, expect, it } from 'vitest';
import { IN_FORCE_MAX, Withdrawals } from '#core/withdrawals/in-force.ts';
import type { Withdrawal } from '#core/withdrawals/withdrawal.ts';
import { inForceAfter, withdrawerMeant } from '#services/cli/withdrawals/withdraw.ts';
import { undoing, withdrawal } from '#test/support/withdrawals.ts';

function known(...said: readonly Withdrawal[]): Withdrawals {
  const withdrawals = new Withdrawals();
  for (const withdrawn of said) withdrawals.take({ withdrawn });
  return withdrawals;
}

const REFUSED: unknown = expect.objectContaining({ code: 'WITHDRAWAL_REFUSED' });

describe('a withdrawal', () => {
  it('is in force with all others', () => {
    const after = inForceAfter(known(withdrawal()), { withdrawn: withdrawal({ id: 'w2', run: 'R2' }) });
    expect(after.map(({ id }) => id)).toEqual(['w1', 'w2']);
  });
  it('beyond the bound of its withdrawer is refused, and another’s isn’t', () => {
    const many = Array.from({ length: IN_FORCE_MAX }, (_, index) => withdrawal({ id: `w${1_000 + index}` }));
    expect(() => inForceAfter(known(...many), { withdrawn: withdrawal({ id: 'x' }) })).toThrow(REFUSED as Error);
    expect(inForceAfter(known(...many), { withdrawn: withdrawal({ by: 'national' }) })).toHaveLength(IN_FORCE_MAX + 1);
    expect(inForceAfter(known(...many.slice(1)), { withdrawn: withdrawal({ id: 'x' }) })).toHaveLength(IN_FORCE_MAX);
  });
});

describe('an undoing', () => {
  it('leaves the others in force', () => {
    const both = known(withdrawal(), withdrawal({ id: 'w2' }));
    expect(inForceAfter(both, { undone: undoing() }).map(({ id }) => id)).toEqual(['w2']);
    expect(inForceAfter(both, { undone: undoing({ by: 'national' }) }).map(({ id }) => id)).toEqual(['w2']);
  });
  it.each([
    ['nothing that is in force', { undoes: 'w9' }],
    ['another province’s', { by: '44' as const }],
  ])('of %s is refused', (_what, given) => {
    expect(() => inForceAfter(known(withdrawal()), { undone: undoing(given) })).toThrow(REFUSED as Error);
  });
  it('of the nation’s by a province is refused', () => {
    const undone = undoing({ of: 'national' });
    expect(() => inForceAfter(known(withdrawal({ by: 'national' })), { undone })).toThrow(REFUSED as Error);
  });
  it('is of the one who undoes it, or of the only one who gave that id; of several it must be said', () => {
    const both = [withdrawal(), withdrawal({ by: '44', province: '44' })];
    const undone = { undoes: 'w1', of: null };
    expect(withdrawerMeant(undone, '44', both)).toBe('44');
    expect(withdrawerMeant(undone, 'national', both.slice(1))).toBe('44');
    expect(withdrawerMeant({ ...undone, of: '43' }, 'national', both)).toBe('43');
    expect(() => withdrawerMeant(undone, 'national', both)).toThrow(REFUSED as Error);
  });
});
