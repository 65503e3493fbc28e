/** Which results a withdrawal takes. */

import { expect, it } from 'vitest';
import { takenBy } from '#core/withdrawals/taken.ts';
import type { Scope, Withdrawable } from '#core/withdrawals/withdrawal.ts';
import { withdrawal } from '#test/support/withdrawals.ts';

const RESULT: Withdrawable = {
  province: '43',
  laboratory: 'L1',
  run: 'R1',
  method: 'nucleic_acid',
  sampledAtMs: 10,
  testedAtMs: null,
  issuedAtMs: 30,
};
const span = (of: 'sampled' | 'tested' | 'issued', fromMs: number, toMs: number) => ({
  run: null,
  span: { of, fromMs, toMs },
});

it.each<[string, Partial<Scope>, boolean]>([
  ['its run', {}, true],
  ['another run', { run: 'R2' }, false],
  ['its run at another laboratory', { laboratory: 'L2' }, false],
  ['its run of another province', { province: '44' }, false],
  ['its method', { run: null, method: 'nucleic_acid' }, true],
  ['another method', { run: null, method: 'antigen' }, false],
  ['its run by another method', { method: 'antigen' }, false],
  ['a span from its report on', span('issued', 30, 31), true],
  ['a span that ends with its report', span('issued', 1, 30), false],
  ['a span of its sampling', span('sampled', 10, 11), true],
  ['a span before its sampling', span('sampled', 1, 10), false],
  ['a span of a time that it doesn’t state', span('tested', 0, 100), false],
])('%s takes it or not', (_what, scope, isTaken) => {
  const one = withdrawal(scope);
  expect(takenBy([withdrawal({ province: '44', laboratory: 'L9' }), one], RESULT)).toBe(isTaken ? one : null);
});

it('a result without a run is taken by no withdrawal of one', () => {
  expect(takenBy([withdrawal()], { ...RESULT, run: null })).toBeNull();
  expect(takenBy([], RESULT)).toBeNull();
});
