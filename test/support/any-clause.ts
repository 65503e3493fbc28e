/** Conditions and clauses, every part of the rule format, some found more often than by chance. */

import fc from 'fast-check';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import type { ApartText } from '#core/terms/evidence-text.ts';
import type { ForText, VisitText } from '#core/terms/for-text.ts';
import {
  ANCHORS,
  type AnchorText,
  type CountedText,
  WINDOW_ENDS,
  WINDOW_UNITS,
  type WindowText,
} from '#core/terms/window-text.ts';
import { anyProvince } from './any-view.ts';

const SAMPLED_ELSE_SIX_HOURS_BEFORE_REPORT = ['sampled', { anchor: 'report_issued', minusHours: 6 }] as const;

const from = fc.oneof(
  { weight: 3, arbitrary: fc.constant('all' as const) },
  { weight: 1, arbitrary: fc.uniqueArray(anyProvince, { minLength: 1, maxLength: 20 }) },
);
const window: fc.Arbitrary<WindowText> = fc.record({
  length: fc.integer({ min: 1, max: 72 }),
  unit: fc.constantFrom(...WINDOW_UNITS, 'hours' as const, 'calendar_days' as const),
  end: fc.constantFrom(...WINDOW_ENDS),
});
const countFrom: fc.Arbitrary<readonly AnchorText[]> = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(fc.constantFrom(...ANCHORS), { minLength: 1 }) },
  { weight: 1, arbitrary: fc.constant([...SAMPLED_ELSE_SIX_HOURS_BEFORE_REPORT]) },
);
/** Mostly none. */
const alsoWithin = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc
      .record({ countFrom, window })
      .map((one): { alsoWithin?: readonly CountedText[] } => ({ alsoWithin: [one] })),
  },
);
const methods = fc.constantFrom(['nucleic_acid'], ['nucleic_acid', 'antigen']);
export const apart = fc.constantFrom<ApartText[]>(
  {},
  { atLeastHours: 1 },
  { atLeastHours: 24 },
  { atMostHours: 30 },
  { atLeastHours: 2, atMostHours: 40 },
  { onConsecutiveDays: true },
);
export const place = fc.constantFrom('44', '4401', '440103', '11');
const visit: fc.Arbitrary<VisitText> = fc.record(
  {
    places: fc.constant(['44']),
    levels: fc.constantFrom<(readonly ('high' | 'medium' | 'low')[])[]>(['high', 'medium'], ['low']),
    longerThanHours: fc.constantFrom(4, 24),
    window,
  },
  { requiredKeys: ['window'] },
);
export const condition: fc.Arbitrary<ForText> = fc.oneof(
  fc.constantFrom<ForText[]>(
    { residence: 'visitor' },
    { entry: 'first' },
    { ageYears: { under: 3 } },
    { ageYears: { upTo: 3 } },
    { ageYears: { from: 60 } },
    { accompanyingAdult: 'recognised' },
    { recoveredWithinMonths: 6 },
    { recoveredWithinDays: 30 },
    { class: 'lorry_driver' },
    { commuter: true },
    { stayHoursAtMost: 24 },
    { stayHoursMoreThan: 24 },
    { transferHoursAtMost: 24 },
    { arrivedWithin: { length: 3, unit: 'calendar_days', end: 'exclusive' } },
    { place: ['4401'] },
    { registeredIn: ['44'] },
    { registeredOutside: ['4401'] },
    { residence: 'resident', entry: 'later' },
  ),
  visit.map((visited) => ({ visited })),
  visit.map((notVisited) => ({ notVisited })),
);
/** Found more often than by chance: nothing but the stays decides. */
export const byStays: fc.Arbitrary<ClauseText> = fc.oneof(
  visit.map((one) => ({ id: 'n', kind: 'no_visit' as const, ...one })),
  visit.map((visited) => ({ id: 'e', kind: 'exempt' as const, for: { visited } })),
  visit.map((notVisited) => ({ id: 'e', kind: 'exempt' as const, for: { notVisited } })),
);

export const resultClause = fc
  .tuple(
    fc.record({ id: fc.constant('r'), kind: fc.constant('result' as const), methods, from, countFrom, window }),
    alsoWithin,
  )
  .map(([clause, also]) => ({ ...clause, ...also }));
export const samplingClause = fc.record({ id: fc.constant('s'), kind: fc.constant('sampling' as const), from, window });
export const testsClause = fc.record({
  id: fc.constant('t'),
  kind: fc.constant('tests' as const),
  methods,
  from,
  countFrom,
  count: fc.constantFrom(2, 3),
  window,
  apart,
  landing: fc.constantFrom('counted' as const, 'excluded' as const),
});
const carriedOver = samplingClause.map((clause): ClauseText => ({ ...clause, from: 'all', carriesOver: true }));
/** Met more often than by chance. */
export const carryOver = fc.tuple(
  resultClause.map((clause): ClauseText => ({
    ...clause,
    methods: ['nucleic_acid', 'antigen'],
    from: 'all',
    countFrom: ['report_issued'],
    window: { ...clause.window, length: 1 + (clause.window.length % 2), unit: 'calendar_days' },
  })),
  samplingClause.map((clause): ClauseText => ({
    ...clause,
    from: 'all',
    carriesOver: true,
    window: { length: 72, unit: 'hours', end: 'inclusive' },
  })),
);
export const severalTests = testsClause.map((clause): ClauseText => ({
  ...clause,
  methods: ['nucleic_acid', 'antigen'],
  from: 'all',
  count: 2,
  apart: {},
  landing: 'counted',
  window: { length: 72, unit: 'hours', end: 'inclusive' },
}));
const leaf: fc.Arbitrary<ClauseText> = fc.oneof(
  { weight: 6, arbitrary: resultClause },
  { weight: 3, arbitrary: samplingClause },
  { weight: 1, arbitrary: carriedOver },
  { weight: 2, arbitrary: testsClause },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        id: fc.constant('v'),
        kind: fc.constant('vaccination' as const),
        doses: fc.constantFrom(1, 2),
        window,
        atLeastDaysAgo: fc.constantFrom(1, 14),
      },
      { requiredKeys: ['id', 'kind', 'doses'] },
    ),
  },
  { weight: 1, arbitrary: visit.map((one) => ({ id: 'n', kind: 'no_visit' as const, ...one })) },
  { weight: 1, arbitrary: condition.map((one) => ({ id: 'e', kind: 'exempt' as const, for: one })) },
);
const maybeFor = (clause: fc.Arbitrary<ClauseText>): fc.Arbitrary<ClauseText> =>
  fc.oneof(
    { weight: 5, arbitrary: clause },
    { weight: 1, arbitrary: fc.tuple(clause, condition).map(([one, who]) => ({ ...one, for: who })) },
  );
const group = fc.record({
  id: fc.constant('g'),
  kind: fc.constantFrom('all_of' as const, 'any_of' as const),
  of: fc.array(maybeFor(leaf), { minLength: 2, maxLength: 3 }),
});
export const anyClause: fc.Arbitrary<ClauseText> = maybeFor(
  fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: group }),
);
