/**
 * The schemas of a rule's clauses. The types that they must agree with are core/policy-clauses.ts: a field that is
 * there and not here, or the other way round, is a type error at the end of this file.
 */

import { type Static, type TObject, Type } from '@sinclair/typebox';
import { PLACE_CODE, RISK_LEVELS } from '#core/field/place.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { CHANNELS } from '#core/question/evidence.ts';
import { ACCOMPANYING, ENTRIES, RESIDENCES } from '#core/question/occasion.ts';
import {
  type AllOfClauseText,
  ANCHORS,
  type AnyOfClauseText,
  type ClauseText,
  DUTY_STANDINGS,
  type DutyClauseText,
  type ExemptClauseText,
  type ForText,
  type From,
  type NoVisitClauseText,
  type ResultClauseText,
  type SamplingClauseText,
  type TestsClauseText,
  type VaccinationClauseText,
  type VisitText,
  WINDOW_ENDS,
  WINDOW_UNITS,
} from '#core/rules/clause-text.ts';
import { RELIABILITIES } from '#core/rules/rule-text.ts';

export const closed = { additionalProperties: false } as const;

export const choice = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description });
export const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
const count = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });

export const BothLanguages = Type.Object({ zh: text(200, 'in Chinese'), en: text(200, 'in English') }, closed);

export const Source = Type.Object(
  {
    title: text(300, 'what the source is'),
    url: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      pattern: '^https?://\\S+$',
      description: 'its address; null: none is known',
    }),
    reliability: choice(
      RELIABILITIES,
      'A: government or state media; B: a repost that names the notice; C: unconfirmed',
    ),
  },
  closed,
);

export const Window = Type.Object(
  {
    length: count(1, 8_760, 'how many hours or days'),
    unit: choice(WINDOW_UNITS, 'hours to the second, or days of Asia/Shanghai: the day counted from is day 0'),
    end: choice(WINDOW_ENDS, 'whether it still counts at exactly its length'),
  },
  closed,
);

export const FromWhom = Type.Unsafe<From>({
  description: 'whose records count: "all", or a list of codes',
  oneOf: [
    { type: 'string', const: 'all' },
    { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: [...PROVINCE_CODES] } },
  ],
});

export const CountFrom = Type.Array(choice(ANCHORS, 'what is counted from'), {
  minItems: 1,
  uniqueItems: true,
  description: 'the first of these that a result has; a date without a time counts from 00:00',
});

export const Apart = Type.Object(
  {
    atLeastHours: Type.Optional(count(1, 336, 'no nearer to each other')),
    atMostHours: Type.Optional(count(1, 336, 'no farther from each other')),
  },
  { ...closed, minProperties: 1, description: 'between the samplings of neighbouring tests' },
);

const places = Type.Array(Type.String({ pattern: PLACE_CODE }), {
  minItems: 1,
  uniqueItems: true,
  description: 'GB/T 2260 codes of provinces, prefectures or counties',
});
const visit = {
  places: Type.Optional(places),
  levels: Type.Optional(Type.Array(choice(RISK_LEVELS, 'the area’s risk'), { minItems: 1, uniqueItems: true })),
  window: Window,
};
const Visit = Type.Object(visit, { ...closed, description: 'a stay, counted from leaving' });
const years = (description: string) => Type.Optional(count(0, 150, description));

export const For = Type.Object(
  {
    residence: Type.Optional(choice(RESIDENCES, 'residents or visitors')),
    entry: Type.Optional(choice(ENTRIES, 'the first entry, or a later one')),
    ageYears: Type.Optional(
      Type.Object(
        { from: years('at least'), under: years('not yet'), upTo: years('at most') },
        { ...closed, minProperties: 1, description: 'completed years' },
      ),
    ),
    accompanyingAdult: Type.Optional(choice(ACCOMPANYING, 'what the accompanying adult was answered')),
    recoveredWithinMonths: Type.Optional(count(1, 24, 'months since the day of recovery')),
    commuter: Type.Optional(Type.Boolean({ description: 'commuters, or the others' })),
    stayHoursAtMost: Type.Optional(count(1, 720, 'those who leave again within')),
    stayHoursMoreThan: Type.Optional(count(1, 720, 'those who stay longer')),
    transferHoursAtMost: Type.Optional(count(1, 720, 'those who only change planes or trains and go on within')),
    arrivedWithin: Type.Optional(Window),
    place: Type.Optional(places),
    registeredIn: Type.Optional(places),
    registeredOutside: Type.Optional(places),
    visited: Type.Optional(Visit),
    notVisited: Type.Optional(Visit),
  },
  {
    ...closed,
    minProperties: 1,
    description: 'for whom it is; what isn’t stated doesn’t hold, but for stays that are on record',
  },
);

const clause = {
  id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'names the clause in answers' }),
  for: Type.Optional(For),
};
const ofArrival = {
  sinceDayOfStay: Type.Optional(
    count(
      1,
      28,
      'only what was taken since the arrival, on this day of the stay or later; the day of arrival is day 1',
    ),
  ),
  atArrival: Type.Optional(Type.Boolean({ description: 'as of the arrival: it was there by then, and counted still' })),
};
const methods = Type.Array(text(64, 'a method, such as nucleic_acid'), { minItems: 1, uniqueItems: true });

const ResultClause = Type.Object(
  {
    ...clause,
    kind: Type.Literal('result'),
    methods,
    from: FromWhom,
    countFrom: CountFrom,
    window: Window,
    ...ofArrival,
  },
  { ...closed, description: 'a negative result, while its window lasts' },
);

const SamplingClause = Type.Object(
  {
    ...clause,
    kind: Type.Literal('sampling'),
    from: FromWhom,
    window: Window,
    shownBy: Type.Optional(
      Type.Array(choice(CHANNELS, 'how it is shown'), {
        minItems: 1,
        uniqueItems: true,
        description: 'how it must be shown where it isn’t on record',
      }),
    ),
    carriesOver: Type.Optional(
      Type.Boolean({ description: 'it only prolongs a result on whose last day the sample was taken' }),
    ),
    ...ofArrival,
  },
  { ...closed, description: 'a record of having been sampled, counted from the sampling' },
);

const TestsClause = Type.Object(
  {
    ...clause,
    kind: Type.Literal('tests'),
    methods,
    from: FromWhom,
    countFrom: CountFrom,
    count: count(2, 5, 'how many'),
    window: Window,
    apart: Type.Optional(Apart),
    landing: Type.Optional(
      choice(['counted', 'excluded'] as const, 'whether the first test after arriving is one of them'),
    ),
    ...ofArrival,
  },
  { ...closed, description: 'several negative results, each within the window' },
);

const VaccinationClause = Type.Object(
  {
    ...clause,
    kind: Type.Literal('vaccination'),
    doses: count(1, 20, 'the dose of this number or a later one'),
    window: Type.Optional(Window),
    atLeastDaysAgo: Type.Optional(count(1, 365, 'days since that dose')),
  },
  { ...closed, description: 'doses on record' },
);

const NoVisitClause = Type.Object(
  { ...clause, kind: Type.Literal('no_visit'), ...visit },
  { ...closed, description: 'no such stay any more, on record or stated' },
);

const DutyClause = Type.Object(
  {
    ...clause,
    kind: Type.Literal('duty'),
    duty: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'the id of a duty of this rule' }),
    is: choice(DUTY_STANDINGS, 'whether it is done, or can’t be done in time any more'),
  },
  { ...closed, description: 'how the person stands to a duty that is theirs' },
);

const ExemptClause = Type.Object(
  { ...clause, kind: Type.Literal('exempt') },
  { ...closed, description: 'nothing is asked' },
);

/** The name under which the whole schema holds the clauses: they stand inside each other. */
export const CLAUSE_REF = '#/$defs/clause';
export const Clause = Type.Unsafe<ClauseText>({ $ref: CLAUSE_REF });

const of = Type.Array(Clause, { minItems: 2, maxItems: 8 });
const AllOfClause = Type.Object(
  { ...clause, kind: Type.Literal('all_of'), of },
  { ...closed, description: 'all of these together' },
);
const AnyOfClause = Type.Object(
  { ...clause, kind: Type.Literal('any_of'), of },
  { ...closed, description: 'any one of these' },
);

const KINDS: readonly TObject[] = [
  ResultClause,
  SamplingClause,
  TestsClause,
  VaccinationClause,
  NoVisitClause,
  DutyClause,
  ExemptClause,
  AllOfClause,
  AnyOfClause,
];

/** Told apart by one property, so that a fault is reported against the kind that was meant. */
export const ClauseDefinition = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: KINDS,
};
export const CLAUSE_KINDS: readonly string[] = KINDS.map((kind) => String(kind.properties['kind']?.['const']));

export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
/** `true` only if each can be put in the other's place. */
export type Same<A, B> = [DeepReadonly<A>] extends [B] ? ([B] extends [DeepReadonly<A>] ? true : false) : false;
true satisfies Same<Static<typeof Visit>, VisitText>;
true satisfies Same<Static<typeof For>, ForText>;
true satisfies Same<Static<typeof ResultClause>, ResultClauseText>;
true satisfies Same<Static<typeof SamplingClause>, SamplingClauseText>;
true satisfies Same<Static<typeof TestsClause>, TestsClauseText>;
true satisfies Same<Static<typeof VaccinationClause>, VaccinationClauseText>;
true satisfies Same<Static<typeof NoVisitClause>, NoVisitClauseText>;
true satisfies Same<Static<typeof DutyClause>, DutyClauseText>;
true satisfies Same<Static<typeof ExemptClause>, ExemptClauseText>;
true satisfies Same<Static<typeof AllOfClause>, AllOfClauseText>;
true satisfies Same<Static<typeof AnyOfClause>, AnyOfClauseText>;
