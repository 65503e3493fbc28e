/** The clause `vaccination` to the millisecond: which doses count, from when, and until when. */

import { describe, expect, it } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { DAY_MS, HOUR_MS, formatTime } from '#core/field/time.ts';
import { vaccinationAdministered } from '#exercises/town/events.ts';
import { ask, inForce, NOW_MS, ruleText, viewOf } from '#test/support/lookup.ts';

type Vaccination = Extract<ClauseText, { kind: 'vaccination' }>;

const given = (daysAgo: number, dose: Parameters<typeof vaccinationAdministered>[0] = {}) =>
  vaccinationAdministered({ doseNumber: 2, givenAtMs: NOW_MS - daysAgo * DAY_MS, ...dose });

/** By a clause over two doses; nothing but the clock of the clause may end an answer. */
function answer(doses: readonly ReturnType<typeof given>[], clause: Partial<Vaccination> = {}, atMs = NOW_MS): Answer {
  const policy = inForce(
    ruleText({ clauses: [{ id: 'v', kind: 'vaccination', doses: 2, ...clause }], freshnessBoundSeconds: 3_600_000 }),
  );
  return ask(viewOf(...doses), { policy, atMs });
}

describe('a dose', () => {
  it.each([
    ['of the number that is asked for', { doseNumber: 2 }, 'recognised'],
    ['of a higher number', { doseNumber: 3 }, 'recognised'],
    ['of a lower number', { doseNumber: 1 }, 'no_evidence'],
    ['that was taken back', { status: 'retracted' }, 'no_evidence'],
    ['that is preliminary', { status: 'preliminary' }, 'no_evidence'],
    ['that was corrected', { status: 'corrected' }, 'recognised'],
  ] as const)('%s: %s %s', (_name, dose, outcome) => {
    expect(answer([given(30, dose)]).outcome).toBe(outcome);
  });
  it('counts without an end where the clause names none', () => {
    expect(answer([given(3_000)])).toMatchObject({ outcome: 'recognised', reason: 'condition_met', validUntil: null });
  });
});

describe('so many days ago', () => {
  it('begins at that very instant, and the refusal before says when', () => {
    const fromMs = NOW_MS - DAY_MS + 14 * DAY_MS;
    const before = answer([given(1)], { atLeastDaysAgo: 14 }, fromMs - 1);
    expect(before).toMatchObject({ outcome: 'no_evidence', nextChangeAt: formatTime(fromMs) });
    expect(answer([given(1)], { atLeastDaysAgo: 14 }, fromMs).outcome).toBe('recognised');
  });
});

describe('a window', () => {
  const hours = (end: 'inclusive' | 'exclusive') => ({ window: { length: 48, unit: 'hours', end } as const });
  it.each([
    ['inclusive', 'recognised'],
    ['exclusive', 'no_evidence'],
  ] as const)('%s at its very end: %s', (end, outcome) => {
    const dose = given(2);
    expect(answer([dose], hours(end), NOW_MS - 1).outcome).toBe('recognised');
    expect(answer([dose], hours(end)).outcome).toBe(outcome);
    expect(answer([dose], hours(end), NOW_MS + 1).outcome).toBe('no_evidence');
  });
  it('lasts as long as that of the dose that counts longest, in whatever order they are on record', () => {
    for (const [first, second] of [
      ['D1', 'D2'],
      ['D2', 'D1'],
    ] as const) {
      const doses = [given(1.5, { doseId: first }), given(1, { doseId: second, doseNumber: 3 })];
      expect(answer(doses, hours('inclusive'))).toMatchObject({
        outcome: 'recognised',
        validUntil: formatTime(NOW_MS + 24 * HOUR_MS),
        validUntilInclusive: true,
      });
    }
  });
  it('and so many days ago together: only between the two', () => {
    const clause = { window: { length: 48, unit: 'hours', end: 'inclusive' }, atLeastDaysAgo: 1 } as const;
    expect([0.9, 1, 2, 2.1].map((daysAgo) => answer([given(daysAgo)], clause).outcome)).toEqual([
      'no_evidence',
      'recognised',
      'recognised',
      'no_evidence',
    ]);
  });
});
