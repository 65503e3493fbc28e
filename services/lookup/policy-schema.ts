/**
 * The schema that a rule's file is checked against. The types it must agree with are core/policy.ts: a field that is
 * there and not here, or the other way round, is a type error at the end of this file.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import {
  ANCHORS,
  type ClauseText,
  type From,
  FRESHNESS_BOUND_SECONDS_DEFAULT,
  NATIONAL,
  POSITIVE_EFFECTS,
  PURPOSES,
  RELIABILITIES,
  type ResultClauseText,
  type RuleOwner,
  type RuleText,
  type SamplingClauseText,
  WINDOW_ENDS,
  WINDOW_UNITS,
} from '#core/policy.ts';
import { PROVINCE_CODES } from '#core/regions.ts';

const closed = { additionalProperties: false } as const;

const choice = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description });

const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });

const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?[+-]\\d{2}:\\d{2}$';

const BothLanguages = Type.Object({ zh: text(200, 'in Chinese'), en: text(200, 'in English') }, closed);

const Window = Type.Object(
  {
    length: Type.Integer({ minimum: 1, maximum: 720, description: 'how many hours or days' }),
    unit: choice(WINDOW_UNITS, 'hours to the second, or days of Asia/Shanghai: the day counted from is day 0'),
    end: choice(WINDOW_ENDS, 'whether it still counts at exactly its length'),
  },
  closed,
);

const FromWhom = Type.Unsafe<From>({
  description: 'whose records count: "all", or a list of codes',
  oneOf: [
    { type: 'string', const: 'all' },
    { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: [...PROVINCE_CODES] } },
  ],
});

const CountFrom = Type.Array(choice(ANCHORS, 'what is counted from'), {
  minItems: 1,
  uniqueItems: true,
  description: 'the first of these that a result has; a date without a time counts from 00:00',
});

const clauseId = Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'names the clause in answers' });

const ResultClause = Type.Object(
  {
    id: clauseId,
    kind: Type.Literal('result'),
    methods: Type.Array(text(64, 'a method, such as nucleic_acid'), { minItems: 1, uniqueItems: true }),
    from: FromWhom,
    countFrom: CountFrom,
    window: Window,
  },
  { ...closed, description: 'a negative result recognises while its window lasts' },
);

const SamplingClause = Type.Object(
  { id: clauseId, kind: Type.Literal('sampling'), from: FromWhom, window: Window },
  { ...closed, description: 'a record of having been sampled recognises, counted from the sampling' },
);

/** Told apart by one property, so that a fault is reported against the kind that was meant. */
const Clause = Type.Unsafe<ClauseText>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [ResultClause, SamplingClause] satisfies TSchema[],
});

const Source = Type.Object(
  {
    title: text(300, 'what the source is'),
    url: Type.String({ pattern: '^https?://\\S+$', description: 'its address' }),
    reliability: choice(RELIABILITIES, 'A: government or state media; B: a repost that names the notice; C: unconfirmed'),
  },
  closed,
);

export const RuleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^\\d{2}/[a-z0-9]+(-[a-z0-9]+)*$', description: '<code>/<rule>; the same in all versions' }),
    version: Type.Integer({ minimum: 1, maximum: 10_000, description: 'counts up with each change' }),
    province: choice<RuleOwner>([NATIONAL, ...PROVINCE_CODES], 'whose rule it is; 00 for the national ones'),
    title: BothLanguages,
    purposes: Type.Array(choice(PURPOSES, 'what the person wants to do'), { minItems: 1, uniqueItems: true }),
    inForce: Type.Object(
      {
        from: Type.String({ pattern: INSTANT, description: 'the first instant, ISO 8601 with its offset' }),
        until: Type.Unsafe<string | null>({ type: ['string', 'null'], pattern: INSTANT, description: 'the first instant after; null: no end is known' }),
      },
      closed,
    ),
    sources: Type.Array(Source, { minItems: 1 }),
    note: Type.Optional(text(1_000, 'what a reader of the rule should know')),
    clauses: Type.Array(Clause, { minItems: 1, maxItems: 8, description: 'any one of these recognises' }),
    positive: choice(POSITIVE_EFFECTS, 'what a positive result does'),
    daysSinceTest: Type.Optional(Type.Object({ countFrom: CountFrom }, closed)),
    freshnessBoundSeconds: Type.Integer({ default: FRESHNESS_BOUND_SECONDS_DEFAULT, minimum: 1, maximum: 3_600, description: 'a province whose data is older than this is behind' }),
  },
  closed,
);

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
/** `true` only if each can be put in the other's place. */
type Same<A, B> = [DeepReadonly<A>] extends [B] ? ([B] extends [DeepReadonly<A>] ? true : false) : false;
true satisfies Same<Static<typeof RuleSchema>, RuleText>;
true satisfies Same<Static<typeof ResultClause>, ResultClauseText>;
true satisfies Same<Static<typeof SamplingClause>, SamplingClauseText>;
