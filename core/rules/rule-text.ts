/**
 * The format of a recognition rule: what a file under `policies/` may hold. It reads like the announcement that the
 * rule came from. What all of it means is in policies/README.md; schemas/policy/rule.schema.json is the same for
 * editors and other languages, held equal by a test.
 */

import { Type } from '@sinclair/typebox';
import { Clause, ClauseDefinition } from '#core/clauses/clause-text.ts';
import { PLACE_CODE } from '#core/field/place.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { INSTANTS } from '#core/question/occasion.ts';
import { DutyTests } from '#core/terms/duty-tests.ts';
import { FromWhom } from '#core/terms/evidence-text.ts';
import { CLASS_NAME, For } from '#core/terms/for-text.ts';
import { choice, closed, type Read, text } from '#core/terms/form.ts';
import { NATIONAL, type RuleOwner, Source } from '#core/terms/source.ts';
import { CountFrom } from '#core/terms/window-text.ts';
import { BothLanguages } from '#core/terms/words.ts';
import { scopesSchema } from './purpose.ts';

export const RESULT_EFFECTS = ['refuses_until_later_negative', 'no_effect'] as const;
/** Until a later negative of the person's own sample; a pooled negative lifts no positive of a single sample either. */
export const POOLED_EFFECTS = ['refuses_until_single_negative'] as const;
export const RECOVERY_EFFECTS = ['lifts_earlier_positives', 'no_effect'] as const;

export const FRESHNESS_BOUND_SECONDS_DEFAULT = 30;
export const ASK_AGAIN_SECONDS_DEFAULT = 60;

const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?[+-]\\d{2}:\\d{2}$';
export const instant = (description: string) =>
  Type.String({ pattern: INSTANT, description: `${description}, ISO 8601 with its offset` });

/** Information beside the answer, such as a colour, a pop-up or a label. */
const State = Type.Object(
  {
    state: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'such as yellow, grey, pop_up, label' }),
    title: BothLanguages,
    admits: Type.Optional(scopesSchema('where one may still go with it, as far as the source says')),
    bars: Type.Optional(scopesSchema('where one may not')),
    when: Type.Optional(Clause),
    unless: Type.Optional(Clause),
  },
  {
    ...closed,
    description: 'shown beside the answer while `when` holds and `unless` does not: information, never the outcome',
  },
);

export type StateText = Read<typeof State>;

const Duty = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$' }),
    title: BothLanguages,
    for: Type.Optional(For),
    when: Type.Optional(Clause),
    unless: Type.Optional(Clause),
    tests: Type.Optional(DutyTests),
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

export type DutyText = Read<typeof Duty>;

const Transition = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: 'the older version that these results keep' }),
    keeps: Type.Optional(
      Type.Literal('count', {
        description:
          'they keep only what it counts from, by clauses of the same id, and its days since the test; ' +
          'without it they keep its whole decision',
      }),
    ),
    reportsIssued: Type.Array(
      Type.Object({ from: instant('the first instant'), until: instant('the first after') }, closed),
      { minItems: 1 },
    ),
  },
  { ...closed, description: 'results issued in these hours keep an older version until a newer result replaces them' },
);

export type TransitionText = Read<typeof Transition>;

export const RuleSchema = Type.Object(
  {
    id: Type.String({
      pattern: '^\\d{2}/[a-z0-9]+(-[a-z0-9]+)*$',
      description: '<code>/<rule>; the same in all versions',
    }),
    version: Type.Integer({ minimum: 1, maximum: 10_000, description: 'counts up with each change' }),
    province: choice<RuleOwner>([NATIONAL, ...PROVINCE_CODES], 'whose rule it is; 00 for the national ones'),
    title: BothLanguages,
    purposes: scopesSchema('what the person wants to do; a purpose named without a kind is meant with all its kinds'),
    except: Type.Optional(scopesSchema('what of these purposes the rule leaves to others')),
    place: Type.Optional(
      Type.Array(Type.String({ pattern: PLACE_CODE, description: 'GB/T 2260 code of four or six digits' }), {
        minItems: 1,
        uniqueItems: true,
        description: 'the part of the province in which it holds; without it the whole province',
      }),
    ),
    takesPlaceOf: Type.Optional(
      choice(['provinces'], 'only of a national rule: from its first instant on the rules of provinces give way to it'),
    ),
    standsAlongside: Type.Optional(
      choice(
        ['provinces'],
        'only of a national rule for classes of person: either it or what judges there recognises them',
      ),
    ),
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
    afterwards: Type.Optional(BothLanguages),
    sources: Type.Array(Source, { minItems: 1 }),
    note: Type.Optional(text(1_000, 'what a reader of the rule should know')),
    clauses: Type.Array(Clause, { minItems: 1, maxItems: 8, description: 'any one of these recognises' }),
    classes: Type.Optional(
      Type.Record(Type.String({ pattern: CLASS_NAME }), BothLanguages, {
        minProperties: 1,
        description: 'the classes of person by trade or status that its clauses are for, and how they are called',
      }),
    ),
    positive: choice(RESULT_EFFECTS, 'what a positive result does'),
    indeterminate: Type.Optional(choice(RESULT_EFFECTS, 'what an indeterminate result does; without it nothing')),
    recovery: Type.Optional(
      choice(RECOVERY_EFFECTS, 'what a stated recovery does to the positives until then; without it nothing'),
    ),
    pooled: Type.Optional(
      choice(
        POOLED_EFFECTS,
        'what a result does that is not negative and of a tube of several people; without it what any such result does',
      ),
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
export type RuleText = Read<typeof RuleSchema>;
