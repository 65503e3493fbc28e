/**
 * Duties and states follow people as they are: nobody has missed what he was sampled for, nobody has done in a day what
 * was to be done on several, no positive completes a duty, and what was cleared stays so while days pass.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { clearingFaults } from '#core/rules/clearing-faults.ts';
import type { DutyText } from '#core/rules/rule-text.ts';
import { DUTY_TAKES } from '#core/terms/duty-tests.ts';
import type { ApartText } from '#core/terms/evidence-text.ts';
import { apart, testsClause } from '#test/support/any-clause.ts';
import { anyDutyTests } from '#test/support/any-rule.ts';
import { anyStayOf, decided } from '#test/support/arrived.ts';
import { ruleText } from '#test/support/lookup.ts';
import { later } from '#test/support/naive-time.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const RUNS = { numRuns: runs(3_000) } as const;
const title = { zh: '检', en: 'test' };
const asks = (is: 'done' | 'missed'): ClauseText => ({ id: 'q', kind: 'duty', duty: 'd', is });
const duty = anyDutyTests.map((tests): DutyText => ({ id: 'd', title, tests }));

/** Whether the duty is missed, and how much of it is done. */
function standing(one: DutyText, given: Parameters<typeof decided>[1], at: string) {
  const rule = ruleText({ states: [{ state: 'yellow', title, when: asks('missed') }], duties: [one] });
  const { states, duties } = decided(rule, given, at);
  return { missed: states.length > 0, done: duties[0]?.done ?? null, required: duties[0]?.required ?? 0 };
}

it('nobody has missed a test that he was sampled for, whether its result is there yet or not', () => {
  let waiting = 0;
  fc.assert(
    fc.property(duty, anyStayOf, (one, { at, arrived, results }) => {
      const negatives = results.filter(({ positive }) => !positive).slice(0, 4);
      const reported = {
        arrived,
        samplings: [],
        results: negatives.map((test) => ({ ...test, issued: test.sampled })),
      };
      const sampledOnly = { arrived, results: [], samplings: negatives };
      const [then, now] = [standing(one, sampledOnly, at), standing(one, reported, at)];
      expect(then.missed).toBe(now.missed);
      if (!then.missed && standing(one, { arrived, results: [], samplings: [] }, at).missed) waiting += 1;
    }),
    RUNS,
  );
  if (ARE_ALL_RUNS) expect(waiting).toBeGreaterThan(RUNS.numRuns / 40);
});

it('no positive test completes a duty, nor makes it missed', () => {
  let positives = 0;
  fc.assert(
    fc.property(duty, anyStayOf, fc.nat(3), (one, { at, ...history }, which) => {
      const test = history.results[which];
      if (test === undefined || one.tests?.landing === 'excluded') return;
      const without = { ...history, results: history.results.filter((other) => other !== test) };
      const ofResult = (positive: boolean) =>
        standing(one, { ...history, results: history.results.with(which, { ...test, positive }) }, at);
      // What else was taken in that second is one test with it.
      if ([...without.results, ...history.samplings].some(({ sampled }) => sampled === test.sampled)) return;
      const [before, positive] = [standing(one, without, at), ofResult(true)];
      expect(positive.done).toBe(before.done);
      if (before.done !== ofResult(false).done) positives += 1;
      if (one.tests?.takes !== 'negatives') expect(positive.missed).toBe(ofResult(false).missed);
    }),
    RUNS,
  );
  if (ARE_ALL_RUNS) expect(positives).toBeGreaterThan(RUNS.numRuns / 40);
});

const clearing = fc
  .record({ clause: testsClause, apart, day: fc.constantFrom(1, 1, 3) })
  .map(({ clause, apart: gap, day }): ClauseText => ({
    ...clause,
    from: 'all',
    landing: 'counted',
    apart: gap,
    sinceDayOfStay: day,
  }));

it('a state that was cleared doesn’t come back by the clock', () => {
  let cleared = 0;
  const unless = fc.oneof(
    clearing,
    fc.tuple(clearing, clearing).map((of): ClauseText => ({ id: 'g', kind: 'all_of', of })),
    duty.map(() => asks('done')),
  );
  fc.assert(
    fc.property(unless, duty, anyStayOf, fc.integer({ min: 1, max: 27 * 24 }), (clause, one, { at, ...all }, hours) => {
      const there = {
        ...all,
        results: all.results.filter(({ issued }) => issued <= at),
        samplings: all.samplings.filter(({ sampled }) => sampled <= at),
      };
      const rule = ruleText({ states: [{ state: 'yellow', title, unless: clause }], duties: [one] });
      const isShown = (when: string): boolean => decided(rule, there, when).states.length > 0;
      if (isShown(at)) return;
      cleared += 1;
      expect(isShown(later(at, hours * 3_600))).toBe(false);
    }),
    RUNS,
  );
  if (ARE_ALL_RUNS) expect(cleared).toBeGreaterThan(RUNS.numRuns / 40);
});

/** So many tests in three days, a day apart, and when some were taken that aren't. */
const inOneDay = fc.record({
  asked: fc.record({
    takes: fc.constantFrom(...DUTY_TAKES),
    landing: fc.constantFrom('counted' as const, 'excluded' as const),
    apart: fc.constantFrom<ApartText[]>({ atLeastHours: 24 }, { onConsecutiveDays: true }),
    count: fc.constantFrom(2, 3),
  }),
  /** Of the third day of January; all lie within it. */
  hours: fc.uniqueArray(fc.integer({ min: 9, max: 23 }), { minLength: 2, maxLength: 4 }),
  clause: clearing,
});

it('tests nearer to each other than the duty asks neither complete it nor clear what it was missed for', () => {
  let near = 0;
  fc.assert(
    fc.property(inOneDay, ({ asked: { count, ...tests }, hours, clause }) => {
      const one: DutyText = {
        id: 'd',
        title,
        tests: { ...tests, spans: [{ count, unit: 'days_of_stay', from: 1, to: 4 }] },
      };
      const state = { state: 'yellow', title, when: asks('missed'), unless: clause };
      if (clearingFaults([state], [one]).length > 0) return;
      near += 1;
      const taken = hours.map((hour) => `2023-01-03 ${String(hour).padStart(2, '0')}:00:00`);
      const results = taken.map((at) => ({ sampled: at, issued: at, tested: null, province: '43' }));
      const { states, duties } = decided(
        ruleText({ states: [state], duties: [one] }),
        { arrived: '2023-01-03 08:00:00', samplings: [], results },
        '2023-01-08 12:00:00',
      );
      expect([states.length, duties[0]?.done]).toEqual([1, 1]);
    }),
    RUNS,
  );
  if (ARE_ALL_RUNS) expect(near).toBeGreaterThan(RUNS.numRuns / 20);
});
