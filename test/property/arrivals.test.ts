/**
 * States and duties of people who have arrived, in every rule that ships and in rules made to collide, at one second
 * before, at and after each instant of the stay that matters: against a second implementation that shares no code.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule, type Rule } from '#core/book/rule.ts';
import { decide, type Decision } from '#core/decision/decide.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { at as instant, samplingRecorded, testReported } from '#exercises/town/events.ts';
import { anyStay } from '#test/support/any-rule.ts';
import { STARTS } from '#test/support/boundaries.ts';
import { ruleText } from '#test/support/lookup.ts';
import { naiveDuties, type NaiveHistory, naiveStates } from '#test/support/naive-rule.ts';
import { type Civil, civilOf, dayNumber, later } from '#test/support/naive-time.ts';
import { shippedPolicies } from '#test/support/policies.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const { rules } = await shippedPolicies();
const texts = rules.map(({ rule }) => rule);
const ms = (civil: Civil): number => instant(`${civil.replace(' ', 'T')}+08:00`);

const rulesOfTexts = new WeakMap<RuleText, Rule>();
function compiled(text: RuleText): Rule {
  const rule = rulesOfTexts.get(text) ?? compileRule(text, texts);
  rulesOfTexts.set(text, rule);
  return rule;
}

function decided(rule: RuleText, { results, samplings, arrived }: NaiveHistory, at: Civil): Decision {
  const events = [
    ...results.map((one, index) =>
      testReported({
        sampleId: `T${index}`,
        reportIssuedAtMs: ms(one.issued),
        sampledAtMs: one.sampled === null ? null : ms(one.sampled),
      }),
    ),
    ...samplings.map((one, index) => samplingRecorded({ sampleId: `S${index}`, sampledAtMs: ms(one.sampled) })),
  ];
  const [atMs, arrivedAtMs] = [ms(at), ms(arrived as Civil)];
  const policy = { rule: compiled(rule), untilMs: Number.POSITIVE_INFINITY };
  return decide({
    policy,
    snapshot: freshSnapshot(events.reduce(merge, EMPTY_VIEW), atMs),
    presented: [],
    occasion: { ...NOTHING_STATED, arrivedAtMs, visits: [] },
    atMs,
    nowMs: atMs,
  });
}

/** By what rules of stays count: hours after the arrival, and midnights. */
const instantsOf = (arrived: Civil): Civil[] =>
  [0, 10, 24, 34, 48, 72]
    .map((hours) => later(arrived, hours * 3_600))
    .concat([-2, -1, 1, 2, 3, 4, 5, 28, 29].map((days) => civilOf((dayNumber(arrived) + days) * 86_400)));
const near = (arrived: Civil) =>
  fc
    .tuple(fc.constantFrom(...instantsOf(arrived)), fc.constantFrom(-1, 0, 1))
    .map(([one, seconds]) => later(one, seconds));

/** Whose records: events are of province 43 unless a rule takes its own alone. */
const stay = fc.constantFrom(...STARTS).chain((arrived) =>
  fc.record({
    arrived: fc.constant(arrived),
    results: fc.array(
      fc
        .tuple(near(arrived), fc.constantFrom(0, 0, 8))
        .map(([sampled, hours]) => ({ sampled, issued: later(sampled, hours * 3_600), tested: null, province: '43' })),
      { maxLength: 4 },
    ),
    samplings: fc.array(
      near(arrived).map((sampled) => ({ sampled, province: '43' })),
      { maxLength: 2 },
    ),
    at: fc.oneof(
      near(arrived),
      near(arrived).map((one) => later(one, 8 * 3_600)),
    ),
  }),
);

/** The rules' own provinces are 43 here. */
const at43 = (rule: RuleText): RuleText =>
  JSON.parse(JSON.stringify(rule).replaceAll(/"from":\["\d\d"\]/g, '"from":["43"]')) as RuleText;
const shipped = texts
  .filter(({ duties, states }) => duties !== undefined || JSON.stringify(states ?? []).includes('rriv'))
  .map(at43);

function same(
  rule: RuleText,
  { at, ...history }: NaiveHistory & { readonly arrived: Civil; readonly at: Civil },
): { readonly states: number; readonly duties: number } {
  const { states, duties } = decided(rule, history, at);
  expect([
    states.map(({ state }) => state),
    duties.filter(({ applies }) => applies === true).map(({ id, done }) => `${id} ${done ?? 0}`),
  ]).toEqual([naiveStates(rule, history, at), naiveDuties(rule, history, at)]);
  return { states: states.length, duties: duties.length };
}

describe('what a person is shown and owes after arriving', () => {
  it.each(shipped.map((rule) => [`${rule.id} ${rule.version}`, rule] as const))('%s', (_name, rule) => {
    fc.assert(
      fc.property(stay, (given) => void same(rule, given)),
      { numRuns: runs(200) },
    );
  });
  it('in any rule', () => {
    const seen = { states: 0, duties: 0 };
    fc.assert(
      fc.property(anyStay, stay, (rule, given) => {
        const { states, duties } = same(ruleText(rule), given);
        seen.states += states;
        seen.duties += duties;
      }),
      { numRuns: runs(4_000) },
    );
    if (!ARE_ALL_RUNS) return;
    expect(seen.states).toBeGreaterThan(500);
    expect(seen.duties).toBeGreaterThan(500);
  });
});
