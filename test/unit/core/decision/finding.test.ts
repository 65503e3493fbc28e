/** What is said of evidence that doesn't recognise: why it doesn't, and until when it counted. */

import { describe, expect, it } from 'vitest';
import { compileRule } from '#core/book/rule.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { lastingOf } from '#core/decision/finding.ts';
import { HOUR_MS } from '#core/field/time.ts';
import type { Occasion } from '#core/question/occasion.ts';
import { samplingRecorded } from '#exercises/town/events.ts';
import { NOW_MS, ruleText, viewOf } from '#test/support/lookup.ts';
import { answer, issued, result, window } from '../answer/occasion-answer.ts';

const hoursAgo = (hours: number): number => NOW_MS - hours * HOUR_MS;
const resident: ClauseText = {
  ...result,
  id: 'resident',
  for: { residence: 'resident' },
  window: { ...window, length: 168 },
};
const two: ClauseText = { ...result, id: 'two', kind: 'tests', count: 2, window: { ...window, length: 168 } };
const sampling: ClauseText = { id: 's', kind: 'sampling', from: ['33'], window: { ...window, length: 24 } };
const sampled = (hours: number, province: '33' | '43' = '33') =>
  samplingRecorded({ province, sampleId: `P${hours}`, sampledAtMs: hoursAgo(hours) });

describe('a negative that doesn’t recognise', () => {
  it.each<[string, number, ClauseText[], Partial<Occasion>, string]>([
    ['is too old for every clause', 200, [result, resident], { residence: 'resident' }, 'too_old'],
    ['would do for somebody else', 100, [result, resident], { residence: 'visitor' }, 'condition_not_met'],
    ['would do, were it stated for whom', 100, [result, resident], {}, 'too_old'],
    ['is one of several that are asked for', 100, [result, two], {}, 'tests_missing'],
    ['was too old also as one of several', 200, [result, two], {}, 'too_old'],
    ['is of a province that isn’t taken', 5, [{ ...result, from: ['44'] }], {}, 'not_accepted_here'],
    ['counts from a time that it doesn’t have', 5, [{ ...result, countFrom: ['tested'] }], {}, 'not_accepted_here'],
  ])('%s', (_name, hours, clauses, occasion, reason) => {
    expect(answer(viewOf(issued(hours)), { clauses }, occasion)).toMatchObject({
      outcome: 'not_recognised',
      reason,
    });
  });
});

describe('a sample that doesn’t recognise', () => {
  it.each<[string, ReturnType<typeof sampled>, ClauseText, string]>([
    ['is too old', sampled(25), sampling, 'too_old'],
    ['is of a province that isn’t taken', sampled(5, '43'), sampling, 'not_accepted_here'],
    ['has nothing that it could carry over', sampled(5), { ...sampling, carriesOver: true }, 'not_accepted_here'],
    ['is for somebody else', sampled(5), { ...sampling, for: { residence: 'visitor' } }, 'condition_not_met'],
  ])('%s', (_name, one, clause, reason) => {
    expect(answer(viewOf(one), { clauses: [result, clause] }, { residence: 'resident' })).toMatchObject({
      outcome: 'not_recognised',
      reason,
    });
  });
});

describe('the evidence of a refusal', () => {
  it('is the newest negative and the newest sample, in whatever order they are on record', () => {
    const view = viewOf(issued(70), issued(60), issued(80), sampled(30), sampled(26), sampled(40));
    const { evidence } = answer(view, { clauses: [result, sampling] });
    expect(evidence).toMatchObject([
      { kind: 'result', reportIssuedAt: '2026-02-28T00:00:00+08:00' },
      { kind: 'sampling', sampledAt: '2026-03-01T10:00:00+08:00' },
    ]);
  });
  it('counted by the longest clause that takes it', () => {
    const rule = compileRule(ruleText({ clauses: [result, { ...resident, window }, resident, sampling] }));
    const view = viewOf(issued(5), issued(6, { result: 'positive' }), sampled(5));
    const [positive, negative] = view.datedTests;
    expect(lastingOf(rule, negative as never).untilMs).toBe(hoursAgo(5) + 168 * HOUR_MS);
    expect(lastingOf(rule, positive as never).untilMs).toBeNull();
    expect(lastingOf(rule, view.samplings[0] as never).untilMs).toBe(hoursAgo(5) + 24 * HOUR_MS);
  });
});
