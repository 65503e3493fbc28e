/**
 * The schema that a rule's file is checked against; schemas/policy/rule.schema.json is the same for editors and other
 * languages, held equal by a test. The types it must agree with are core/policy.ts: a field that is there and not here,
 * or the other way round, is a type error at the end of this file.
 */

import { type Static, Type } from '@sinclair/typebox';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { INSTANTS } from '#core/question/occasion.ts';
import {
  ASK_AGAIN_SECONDS_DEFAULT,
  DUTY_TAKES,
  type DutyText,
  FRESHNESS_BOUND_SECONDS_DEFAULT,
  NATIONAL,
  PURPOSES,
  RECOVERY_EFFECTS,
  RESULT_EFFECTS,
  type RuleOwner,
  type RuleText,
  SPAN_UNITS,
  type StateText,
} from '#core/rules/rule-text.ts';
import {
  Apart,
  BothLanguages,
  choice,
  Clause,
  ClauseDefinition,
  closed,
  CountFrom,
  For,
  FromWhom,
  type Same,
  Source,
  text,
} from './clause.ts';

const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?[+-]\\d{2}:\\d{2}$';
const instant = (description: string) =>
  Type.String({ pattern: INSTANT, description: `${description}, ISO 8601 with its offset` });

const Places = (description: string) =>
  Type.Optional(
    Type.Array(choice(PURPOSES, 'what the person wants to do'), { minItems: 1, uniqueItems: true, description }),
  );
const State = Type.Object(
  {
    state: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'such as yellow, grey, pop_up, label' }),
    title: BothLanguages,
    admits: Places('where one may still go with it, as far as the source says'),
    bars: Places('where one may not'),
    when: Type.Optional(Clause),
    unless: Type.Optional(Clause),
  },
  {
    ...closed,
    description: 'shown beside the answer while `when` holds and `unless` does not: information, never the outcome',
  },
);

const Span = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: 7, description: 'how many tests' }),
    unit: choice(SPAN_UNITS, 'hours after the arrival, or days of the stay; the day of arrival is day 1'),
    from: Type.Integer({ minimum: 0, maximum: 672 }),
    to: Type.Integer({ minimum: 1, maximum: 672, description: 'included' }),
  },
  { ...closed, description: 'when tests are due' },
);

const Duty = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$' }),
    title: BothLanguages,
    for: Type.Optional(For),
    when: Type.Optional(Clause),
    unless: Type.Optional(Clause),
    tests: Type.Optional(
      Type.Object(
        {
          takes: choice(
            DUTY_TAKES,
            'what counts as done: a sampling record or a result, any result, or a negative one',
          ),
          spans: Type.Array(Span, {
            minItems: 1,
            maxItems: 7,
            description: 'in their order; each asks for tests of its own',
          }),
          apart: Type.Optional(Apart),
          landing: choice(['counted', 'excluded'] as const, 'whether the first test after arriving is one of them'),
        },
        closed,
      ),
    ),
    supersedes: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        uniqueItems: true,
        description: 'ids of less strict duties, above this one, that aren’t the person’s beside it',
      }),
    ),
  },
  { ...closed, description: 'what a person must still do: never a reason to refuse' },
);

const Transition = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: 'the older version that these results keep' }),
    reportsIssued: Type.Array(
      Type.Object({ from: instant('the first instant'), until: instant('the first after') }, closed),
      { minItems: 1 },
    ),
  },
  { ...closed, description: 'results issued in these hours keep an older version until a newer result replaces them' },
);

export const RuleSchema = Type.Object(
  {
    id: Type.String({
      pattern: '^\\d{2}/[a-z0-9]+(-[a-z0-9]+)*$',
      description: '<code>/<rule>; the same in all versions',
    }),
    version: Type.Integer({ minimum: 1, maximum: 10_000, description: 'counts up with each change' }),
    province: choice<RuleOwner>([NATIONAL, ...PROVINCE_CODES], 'whose rule it is; 00 for the national ones'),
    title: BothLanguages,
    purposes: Type.Array(choice(PURPOSES, 'what the person wants to do'), { minItems: 1, uniqueItems: true }),
    confirmed: Type.Boolean({
      default: true,
      description: 'false: rests on unconfirmed sources alone, and is never in force',
    }),
    inForce: Type.Object(
      {
        from: instant('the first instant'),
        until: Type.Unsafe<string | null>({
          type: ['string', 'null'],
          pattern: INSTANT,
          description: 'the first instant after; null: no end is known',
        }),
        enforcedFrom: Type.Optional(instant('until then the rule is only announced, or reminds')),
      },
      closed,
    ),
    comparedWith: Type.Optional(
      Type.Array(choice(INSTANTS, 'an instant of a journey'), {
        minItems: 1,
        uniqueItems: true,
        description: 'what windows are compared with; without it whichever instant is asked about',
      }),
    ),
    delay: Type.Optional(
      Type.Object(
        { atMostHours: Type.Integer({ minimum: 1, maximum: 72 }) },
        { ...closed, description: 'by how much longer what held at the scheduled instant holds when that is late' },
      ),
    ),
    sources: Type.Array(Source, { minItems: 1 }),
    note: Type.Optional(text(1_000, 'what a reader of the rule should know')),
    clauses: Type.Array(Clause, { minItems: 1, maxItems: 8, description: 'any one of these recognises' }),
    positive: choice(RESULT_EFFECTS, 'what a positive result does'),
    indeterminate: Type.Optional(choice(RESULT_EFFECTS, 'what an indeterminate result does; without it nothing')),
    recovery: Type.Optional(
      choice(RECOVERY_EFFECTS, 'what a stated recovery does to the positives until then; without it nothing'),
    ),
    transition: Type.Optional(Transition),
    states: Type.Optional(Type.Array(State, { maxItems: 8 })),
    duties: Type.Optional(Type.Array(Duty, { maxItems: 8 })),
    showsVaccination: Type.Optional(Type.Boolean({ description: 'whether answers show the vaccinations' })),
    daysSinceTest: Type.Optional(Type.Object({ countFrom: CountFrom, from: Type.Optional(FromWhom) }, closed)),
    freshnessBoundSeconds: Type.Integer({
      default: FRESHNESS_BOUND_SECONDS_DEFAULT,
      minimum: 1,
      maximum: 3_600,
      description: 'a province whose data is older than this is behind',
    }),
    askAgainSeconds: Type.Integer({
      default: ASK_AGAIN_SECONDS_DEFAULT,
      minimum: 1,
      maximum: 600,
      description: 'how long a gate may rely on an answer without asking again',
    }),
  },
  { ...closed, $defs: { clause: ClauseDefinition } },
);

true satisfies Same<Static<typeof State>, StateText>;
true satisfies Same<Static<typeof Duty>, DutyText>;
true satisfies Same<Static<typeof RuleSchema>, RuleText>;
