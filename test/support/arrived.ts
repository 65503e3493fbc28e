/**
 * People who have arrived: what the core decides of them, and histories made to collide with what rules of stays count
 * by. Nothing here is expected of an answer.
 */

import fc from 'fast-check';
import { compileRule, type Rule } from '#core/book/rule.ts';
import { decide, type Decision } from '#core/decision/decide.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { at as instant, samplingRecorded, testReported } from '#exercises/town/events.ts';
import { STARTS } from './boundaries.ts';
import type { NaiveHistory } from './naive-history.ts';
import { type Civil, civilOf, dayNumber, later } from './naive-time.ts';

const ms = (civil: Civil): number => instant(`${civil.replace(' ', 'T')}+08:00`);

/** Each rule once, not once for each of its thousands of questions. */
const rulesOfTexts = new WeakMap<RuleText, Rule>();
function compiled(text: RuleText): Rule {
  const rule = rulesOfTexts.get(text) ?? compileRule(text);
  rulesOfTexts.set(text, rule);
  return rule;
}

/** Of somebody who states the arrival and that there were no stays. */
export function decided(rule: RuleText, { results, samplings, arrived }: NaiveHistory, at: Civil): Decision {
  const events = [
    ...results.map((one, index) =>
      testReported({
        sampleId: `T${index}`,
        reportIssuedAtMs: ms(one.issued),
        sampledAtMs: one.sampled === null ? null : ms(one.sampled),
        result: one.positive === true ? 'positive' : 'negative',
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
export const near = (arrived: Civil) =>
  fc
    .tuple(fc.constantFrom(...instantsOf(arrived)), fc.constantFrom(-1, 0, 1))
    .map(([one, seconds]) => later(one, seconds));

/** Whose records: events are of province 43 unless a rule takes its own alone. */
export const anyStayOf = fc.constantFrom(...STARTS).chain((arrived) =>
  fc.record({
    arrived: fc.constant(arrived),
    results: fc.array(
      fc
        .tuple(near(arrived), fc.constantFrom(0, 0, 8), fc.constantFrom(false, false, false, true))
        .map(([sampled, hours, positive]) => ({
          sampled,
          issued: later(sampled, hours * 3_600),
          tested: null,
          province: '43',
          positive,
        })),
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
