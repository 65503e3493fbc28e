/**
 * Views, rules, occasions and questions made to collide: times in whole minutes around now, few methods, every part of
 * the rule format. For properties that must hold of all of them.
 */

import fc from 'fast-check';
import { NO_CODE_TABLES } from '#core/conversion.ts';
import { STATUSES, TEST_RESULTS } from '#core/events.ts';
import { CHANNELS, type Presented } from '#core/evidence.ts';
import { NOTHING_STATED, type Occasion } from '#core/occasion.ts';
import {
  ANCHORS,
  type ApartText,
  type ClauseText,
  type ForText,
  type VisitText,
  WINDOW_ENDS,
  WINDOW_UNITS,
  type WindowText,
} from '#core/policy-clauses.ts';
import {
  DUTY_TAKES,
  type DutyTestsText,
  type DutyText,
  RECOVERY_EFFECTS,
  RESULT_EFFECTS,
  type RuleText,
  type SpanText,
} from '#core/policy.ts';
import type { RecognitionInput } from '#core/recognise.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/regions.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { isNoEarlier } from '#core/stay-days.ts';
import { MINUTE_MS, shanghaiDayOf } from '#core/time.ts';
import type { DoseRegister, ExposureRegister, PersonView, SamplingRegister, TestRegister } from '#core/view.ts';
import { inForce, NOW_MS, POSITION, ruleText } from './lookup.ts';

export const anyProvince = fc.constantFrom(...PROVINCE_CODES);
const province = anyProvince;
/** Whole minutes around now, so that ends and equal times are hit often. */
const instantMs = fc.integer({ min: -100 * 60, max: 120 }).map((minutes) => NOW_MS + minutes * MINUTE_MS);
const method = fc.constantFrom('nucleic_acid', 'nucleic_acid', 'nucleic_acid', 'antigen');
const result = fc.constantFrom(...TEST_RESULTS, 'negative', 'negative');
const precision = fc.constantFrom('day', 'minute', 'millisecond');
const version = { status: fc.constantFrom(...STATUSES), contentHash: fc.constant(Buffer.alloc(8)) };

export const anyTest: fc.Arbitrary<TestRegister> = fc
  .record({
    ...version,
    issuedAtMs: instantMs,
    province,
    laboratory: fc.constant('L'),
    sampleId: fc.constant('S'),
    result,
    method,
    sampledAtMs: fc.option(instantMs),
    sampledAtPrecision: precision,
    testedAtMs: fc.option(instantMs),
  })
  .map((register) => ({
    ...register,
    issuedAtMaxMs: register.issuedAtMs,
    day: register.sampledAtMs === null ? null : shanghaiDayOf(register.sampledAtMs),
    sampledAtPrecision: register.sampledAtMs === null ? null : register.sampledAtPrecision,
  }));
const sampling: fc.Arbitrary<SamplingRegister> = fc
  .record({
    ...version,
    issuedAtMs: instantMs,
    province,
    site: fc.constant('P'),
    sampleId: fc.constant('S'),
    sampledAtMs: instantMs,
    sampledAtPrecision: precision,
  })
  .map((register) => ({ ...register, day: shanghaiDayOf(register.sampledAtMs) }));
const dose: fc.Arbitrary<DoseRegister> = fc.record({
  ...version,
  issuedAtMs: instantMs,
  province,
  doseId: fc.constant('D'),
  product: fc.constant('P'),
  manufacturer: fc.constant('M'),
  doseNumber: fc.integer({ min: 1, max: 3 }),
  givenAtMs: instantMs,
  givenAtPrecision: precision,
});
/** By code, narrower and wider than rules ask, and by names that no rule knows. */
export const anyExposure: fc.Arbitrary<ExposureRegister> = fc
  .record({
    ...version,
    issuedAtMs: instantMs,
    province,
    exposureId: fc.constant('E'),
    riskArea: fc.constantFrom('44', '440103', '440103001', '11', '4', '广州南站'),
    level: fc.constantFrom('high', 'medium', 'low', 'locked_down'),
    fromMs: instantMs,
    hours: fc.option(fc.integer({ min: 0, max: 60 })),
  })
  .map(({ hours, ...register }) => ({
    ...register,
    day: shanghaiDayOf(register.fromMs),
    toMs: hours === null ? null : register.fromMs + hours * 60 * MINUTE_MS,
  }));
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 8 }).map((one) => one);

const view: fc.Arbitrary<PersonView> = fc.record({
  datedTests: fc.array(anyTest, { maxLength: 4 }),
  datedTestsCut: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ newestDay: instantMs.map(shanghaiDayOf), issuedAtMaxMs: instantMs }) },
  ),
  undatedTests: fc.array(anyTest, { maxLength: 2 }),
  undatedTestsCut: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ newestDay: fc.constant(null), issuedAtMaxMs: instantMs }) },
  ),
  samplings: fc.array(sampling, { maxLength: 3 }),
  samplingsCut: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ newestDay: instantMs.map(shanghaiDayOf) }) },
  ),
  doses: fc.array(dose, { maxLength: 2 }),
  dosesCut: fc.boolean(),
  codes: fc.constant([]),
  codesCut: fc.constant(null),
  exposures: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(anyExposure, { minLength: 1, maxLength: 3 }) },
  ),
  exposuresCut: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ newestDay: instantMs.map(shanghaiDayOf) }) },
  ),
  unreadable: fc.oneof(
    { weight: 8, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        [{ topic: 'tests', offset: 1, isSettled: false }],
        [{ topic: 'tests', offset: 1, isSettled: true }],
      ),
    },
  ),
  unreadableBounds: fc.constant([]),
  erasedThroughMs: fc.constant(null),
});

const from = fc.oneof(
  { weight: 3, arbitrary: fc.constant('all' as const) },
  { weight: 1, arbitrary: fc.uniqueArray(province, { minLength: 1, maxLength: 20 }) },
);
const window: fc.Arbitrary<WindowText> = fc.record({
  length: fc.integer({ min: 1, max: 72 }),
  unit: fc.constantFrom(...WINDOW_UNITS),
  end: fc.constantFrom(...WINDOW_ENDS),
});
const countFrom = fc.uniqueArray(fc.constantFrom(...ANCHORS), { minLength: 1 });
const methods = fc.constantFrom(['nucleic_acid'], ['nucleic_acid', 'antigen']);
const apart = fc.constantFrom<ApartText[]>(
  {},
  { atLeastHours: 1 },
  { atLeastHours: 24 },
  { atMostHours: 30 },
  { atLeastHours: 2, atMostHours: 40 },
);
const place = fc.constantFrom('44', '4401', '440103', '11');
const visit: fc.Arbitrary<VisitText> = fc.record(
  {
    places: fc.constant(['44']),
    levels: fc.constantFrom<(readonly ('high' | 'medium' | 'low')[])[]>(['high', 'medium'], ['low']),
    window,
  },
  { requiredKeys: ['window'] },
);
const condition: fc.Arbitrary<ForText> = fc.oneof(
  fc.constantFrom<ForText[]>(
    { residence: 'visitor' },
    { entry: 'first' },
    { ageYears: { under: 3 } },
    { ageYears: { upTo: 3 } },
    { ageYears: { from: 60 } },
    { accompanyingAdult: 'recognised' },
    { recoveredWithinMonths: 6 },
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
const byStays: fc.Arbitrary<ClauseText> = fc.oneof(
  visit.map((one) => ({ id: 'n', kind: 'no_visit' as const, ...one })),
  visit.map((visited) => ({ id: 'e', kind: 'exempt' as const, for: { visited } })),
  visit.map((notVisited) => ({ id: 'e', kind: 'exempt' as const, for: { notVisited } })),
);

const resultClause = fc.record({
  id: fc.constant('r'),
  kind: fc.constant('result' as const),
  methods,
  from,
  countFrom,
  window,
});
const samplingClause = fc.record({ id: fc.constant('s'), kind: fc.constant('sampling' as const), from, window });
const testsClause = fc.record({
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
const carryOver = fc.tuple(
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
const severalTests = testsClause.map((clause): ClauseText => ({
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
  .map((rule) => ruleText(rule.states !== undefined && rule.duties === undefined ? { ...rule, states: [] } : rule));

const statements: fc.Arbitrary<Occasion> = fc
  .record(
    {
      instant: fc.constantFrom('boarding' as const, 'checkpoint' as const),
      delayedFromMs: instantMs,
      stayedInside: fc.boolean(),
      residence: fc.constantFrom('resident' as const, 'visitor' as const),
      entry: fc.constantFrom('first' as const, 'later' as const),
      ageYears: fc.constantFrom(2, 3, 40, 70),
      accompanyingAdult: fc.constantFrom('recognised' as const, 'not_recognised' as const),
      recoveredOnDay: instantMs.map(shanghaiDayOf),
      commuter: fc.boolean(),
      stayHours: fc.constantFrom(3, 24, 80),
      transferHours: fc.constantFrom(3, 24, 80),
      arrivedAtMs: instantMs,
      place,
      registeredIn: place,
      visits: fc.array(
        fc.record({
          place,
          level: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
          leftAtMs: fc.option(instantMs),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  )
  .map((stated) => ({ ...NOTHING_STATED, ...stated }));
export const anyOccasion = fc.oneof(
  { weight: 1, arbitrary: fc.constant(NOTHING_STATED) },
  { weight: 1, arbitrary: statements },
);

const presented: fc.Arbitrary<Presented> = fc.oneof(
  fc.record({
    kind: fc.constant('result' as const),
    channel: fc.constantFrom(...CHANNELS),
    province: fc.option(province),
    laboratory: fc.constant(null),
    method,
    result,
    sampledAtMs: fc.option(instantMs),
    sampledAtPrecision: fc.constant('minute' as const),
    testedAtMs: fc.option(instantMs),
    issuedAtMs: instantMs,
  }),
  fc.record({
    kind: fc.constant('sampling' as const),
    channel: fc.constantFrom(...CHANNELS),
    province: fc.option(province),
    laboratory: fc.constant(null),
    sampledAtMs: instantMs,
    sampledAtPrecision: precision,
  }),
);

/** Seconds that each province is behind; null: not registered. Mostly fresh, or little would ever be recognised. */
const ages = fc.oneof(
  { weight: 3, arbitrary: fc.constant(PROVINCE_CODES.map(() => 0 as number | null)) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom<(number | null)[]>(0, 0, 0, 0, 29, 30, 31, 4_000, null), {
      minLength: 32,
      maxLength: 32,
    }),
  },
);

/** Any question about any view by any rule; mostly fresh. */
export const anyInput: fc.Arbitrary<RecognitionInput> = fc
  .record({
    view: seldom(view),
    rule: anyRule,
    ages,
    occasion: anyOccasion,
    presented: fc.array(presented, { maxLength: 2 }),
    minutes: fc.integer({ min: -4_000, max: 60 }),
    unread: fc.constantFrom<(ProvinceCode | null)[][]>([], [], [], ['43'], [null]),
    started: fc.constantFrom(true, true, true, false),
  })
  .map(({ view: one, rule: text, ages: seconds, presented: shown, minutes, unread, started, occasion }) => ({
    destination: '44',
    purpose: 'entry',
    codeBook: NO_CODE_TABLES,
    policy: inForce(text),
    presented: shown,
    occasion,
    atMs: NOW_MS + minutes * MINUTE_MS,
    nowMs: NOW_MS,
    snapshot: {
      partition: 0,
      view: one,
      position: started ? POSITION : null,
      freshness: { watermarks: watermarksOf(seconds), incompleteProvinces: unread, acceptedUpToMs: 0 },
    },
  }));

function watermarksOf(seconds: readonly (number | null)[]): Snapshot['freshness']['watermarks'] {
  return PROVINCE_CODES.flatMap((code, index) => {
    const age = seconds[index];
    return age === null || age === undefined
      ? []
      : [{ province: code, instance: `${code}-a`, throughMs: NOW_MS - age * 1_000 }];
  });
}
