/** One ordinary withdrawal, and what undoes it, to be written with only what a test is about; and any of them. */

import fc from 'fast-check';
import type { Scope, Span, Undoing, Withdrawable, Withdrawal } from '#core/withdrawals/withdrawal.ts';

/** By province 43 of the run R1 of its laboratory L1. */
export function withdrawal(given: Partial<Withdrawal> = {}): Withdrawal {
  return {
    id: 'w1',
    by: '43',
    province: '43',
    laboratory: 'L1',
    run: 'R1',
    method: null,
    span: null,
    why: 'contaminated',
    atMs: 1,
    ...given,
  };
}

export function undoing(given: Partial<Undoing> = {}): Undoing {
  return { undoes: 'w1', of: '43', by: '43', why: 'checked again', atMs: 2, ...given };
}

/** Withdrawals that take some of these results, and whatever else fits: by run, by method, by one of their times. */
export function anyWithdrawalsOf(results: readonly Withdrawable[]): fc.Arbitrary<readonly Withdrawal[]> {
  if (results.length === 0) return fc.constant([]);
  const one = fc
    .tuple(fc.constantFrom(...results), fc.constantFrom('run', 'method', 'sampled', 'tested', 'issued', 'issued'))
    .map(([result, by]) => scopeOf(result, by as Narrowed));
  return fc
    .array(one, { maxLength: 3 })
    .map((scopes) => scopes.map((scope, index) => withdrawal({ ...scope, by: scope.province, id: `w${index}` })));
}

type Narrowed = 'run' | 'method' | Span['of'];

/** By the report's time where the result doesn't state what is asked for. */
function scopeOf(result: Withdrawable, by: Narrowed): Scope {
  const { province, laboratory, run, method, issuedAtMs } = result;
  const all = { province, laboratory, run: null, method: null, span: null };
  if (by === 'method') return { ...all, method };
  if (by === 'run' && run !== null) return { ...all, run };
  const atMs = by === 'sampled' ? result.sampledAtMs : by === 'tested' ? result.testedAtMs : null;
  const span: Span =
    atMs === null || by === 'run'
      ? { of: 'issued', fromMs: issuedAtMs, toMs: issuedAtMs + 1 }
      : { of: by, fromMs: atMs, toMs: atMs + 1 };
  return { ...all, span };
}
