/** Rules, every part of the rule format: what they say of people who have arrived, states and duties included. */

import fc from 'fast-check';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import {
  type DutyText,
  POOLED_EFFECTS,
  RECOVERY_EFFECTS,
  RESULT_EFFECTS,
  type RuleText,
} from '#core/rules/rule-text.ts';
import { DUTY_TAKES, type DutyTestsText, type SpanText } from '#core/terms/duty-tests.ts';
import { isNoEarlier } from '#core/terms/spans.ts';
import {
  anyClause,
  apart,
  byStays,
  carryOver,
  condition,
  resultClause,
  samplingClause,
  severalTests,
  testsClause,
} from './any-clause.ts';
import { ruleText } from './lookup.ts';

/** What looks at the arrival; only in states and duties. */
const ofArrival: fc.Arbitrary<ClauseText> = fc
  .tuple(
    fc.oneof(resultClause, samplingClause, testsClause),
    fc.constantFrom({ sinceDayOfStay: 1 }, { sinceDayOfStay: 1 }, { sinceDayOfStay: 3 }, { atArrival: true }),
  )
  .map(([clause, arrival]) => ({ ...clause, from: 'all' as const, ...arrival }));
const ofDuty: fc.Arbitrary<ClauseText> = fc.record({
  id: fc.constant('q'),
  kind: fc.constant('duty' as const),
  duty: fc.constantFrom('d', 'e'),
  is: fc.constantFrom('done' as const, 'missed' as const),
});
const ofState = fc.oneof(
  { weight: 2, arbitrary: anyClause },
  { weight: 1, arbitrary: ofArrival },
  { weight: 2, arbitrary: ofDuty },
  { weight: 1, arbitrary: fc.tuple(ofArrival, ofDuty).map((of): ClauseText => ({ id: 'g', kind: 'any_of', of })) },
);
const state = fc.record(
  { state: fc.constant('yellow'), title: fc.constant({ zh: '黄', en: 'yellow' }), when: ofState, unless: ofState },
  { requiredKeys: ['state', 'title'] },
);

const span: fc.Arbitrary<SpanText> = fc.oneof(
  fc.record({
    count: fc.constantFrom(1, 1, 2),
    unit: fc.constant('hours' as const),
    from: fc.constantFrom(0, 0, 24),
    to: fc.constantFrom(25, 48, 72),
  }),
  fc.record({
    count: fc.constantFrom(1, 1, 2),
    unit: fc.constant('days_of_stay' as const),
    from: fc.constantFrom(1, 1, 2),
    to: fc.constantFrom(2, 3, 5),
  }),
);
/** In an order in which none may begin or end before the one above it. */
const spans = fc
  .array(span, { minLength: 1, maxLength: 3 })
  .map((all) =>
    all.reduce<SpanText[]>(
      (kept, one) => (kept.every((before) => isNoEarlier(one, before)) ? [...kept, one] : kept),
      [],
    ),
  );
export const anyDutyTests: fc.Arbitrary<DutyTestsText> = fc.record({
  takes: fc.constantFrom(...DUTY_TAKES),
  spans,
  apart,
  landing: fc.constantFrom('counted' as const, 'counted' as const, 'excluded' as const),
});
const about = { title: fc.constant({ zh: '检', en: 'test' }), tests: anyDutyTests };
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Partial<T>> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: value as fc.Arbitrary<Partial<T>> });
const given = fc
  .tuple(
    maybe(condition.map((who) => ({ for: who }))),
    maybe(ofArrival.map((when) => ({ when }))),
    maybe(ofArrival.map((unless) => ({ unless }))),
  )
  .map((all): Partial<DutyText> => Object.assign({}, ...all));
/** Two, of which the second may be the stricter. */
const duties: fc.Arbitrary<readonly DutyText[]> = fc
  .tuple(fc.record(about), given, fc.record(about), given, fc.boolean())
  .map(([one, forOne, other, forOther, stricter]) => [
    { id: 'd', ...one, ...forOne },
    { id: 'e', ...other, ...forOther, ...(stricter ? { supersedes: ['d'] } : {}) },
  ]);

const sinceOrAt = fc
  .tuple(
    fc.constantFrom<ClauseText[]>(
      {
        id: 'r',
        kind: 'result',
        methods: ['nucleic_acid'],
        from: 'all',
        countFrom: ['report_issued'],
        window: { length: 28, unit: 'calendar_days', end: 'inclusive' },
      },
      { id: 's', kind: 'sampling', from: 'all', window: { length: 48, unit: 'hours', end: 'inclusive' } },
      {
        id: 't',
        kind: 'tests',
        methods: ['nucleic_acid'],
        from: 'all',
        countFrom: ['report_issued'],
        count: 2,
        window: { length: 1, unit: 'calendar_days', end: 'inclusive' },
        apart: { atLeastHours: 10 },
      },
    ),
    fc.constantFrom({ sinceDayOfStay: 1 }, { sinceDayOfStay: 5 }, { atArrival: true }),
  )
  .map(([clause, arrival]): ClauseText => ({ ...clause, ...arrival }) as ClauseText);
const stateOfStay = fc.record(
  {
    state: fc.constantFrom('yellow', 'label'),
    title: fc.constant({ zh: '黄', en: 'yellow' }),
    when: fc.oneof(sinceOrAt, ofDuty),
    unless: fc.oneof(sinceOrAt, ofDuty),
  },
  { requiredKeys: ['state', 'title'] },
);
/** What rules may say of people who have arrived, where nothing else is stated. */
export const anyStay = fc
  .record({
    states: fc.array(stateOfStay, { minLength: 1, maxLength: 3 }),
    one: fc.record(about),
    other: fc.record(about),
    stricter: fc.boolean(),
    when: fc.option(sinceOrAt),
    unless: fc.option(sinceOrAt),
  })
  .map(({ states, one, other, stricter, when, unless }) => {
    const first: DutyText = { id: 'd', ...one, ...(unless === null ? {} : { unless }) };
    const second: DutyText = {
      id: 'e',
      ...other,
      ...(when === null ? {} : { when }),
      ...(stricter ? { supersedes: ['d'] } : {}),
    };
    return { states, duties: [first, second] };
  });

/** Any rule of the format, in force now, apart from the floor under it. */
export const anyRule: fc.Arbitrary<RuleText> = fc
  .record(
    {
      clauses: fc.oneof(
        { weight: 8, arbitrary: fc.array(anyClause, { minLength: 1, maxLength: 3 }) },
        { weight: 4, arbitrary: carryOver },
        { weight: 1, arbitrary: fc.tuple(severalTests) },
        { weight: 1, arbitrary: fc.tuple(byStays) },
      ),
      positive: fc.constantFrom(...RESULT_EFFECTS),
      indeterminate: fc.constantFrom(...RESULT_EFFECTS),
      recovery: fc.constantFrom(...RECOVERY_EFFECTS),
      pooled: fc.constantFrom(...POOLED_EFFECTS),
      delay: fc.constant({ atMostHours: 24 }),
      comparedWith: fc.constant(['boarding'] as const),
      states: fc.array(state, { maxLength: 1 }),
      duties,
      freshnessBoundSeconds: fc.constantFrom(1, 30, 3_600),
      inForce: fc.constantFrom(
        { from: '2019-12-01T00:00+08:00', until: null },
        { from: '2019-12-01T00:00+08:00', until: null, enforcedFrom: '2026-03-02T00:00+08:00' },
      ),
    },
    { requiredKeys: ['clauses', 'positive', 'freshnessBoundSeconds'] },
  )
  // Clauses that ask for duties stand in rules that have them.
  // A pooled positive refuses only where positives do.
  .map(({ pooled, ...rule }) => (pooled === undefined || rule.positive === 'no_effect' ? rule : { ...rule, pooled }))
  .map((rule) => ruleText(rule.states !== undefined && rule.duties === undefined ? { ...rule, states: [] } : rule));
