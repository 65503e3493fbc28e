/**
 * What a look-up answers, as schemas: for the compiled serialisers and the API documentation. A field that isn't named
 * here never leaves the service.
 */

import { Type } from '@sinclair/typebox';
import { SHED_ORDER } from '#core/answer/answer.ts';
import { DOUBTS } from '#core/decision/doubt.ts';
import { FINDINGS } from '#core/decision/finding.ts';
import { OUTCOMES, QUESTION_FAULTS } from '#core/decision/outcome.ts';
import { TEST_RESULTS } from '#core/events/events.ts';
import { CHANNELS } from '#core/question/evidence.ts';
import { INSTANTS } from '#core/question/occasion.ts';
import { PURPOSES, scopeSchema } from '#core/rules/purpose.ts';
import { RELIABILITIES } from '#core/terms/source.ts';
import { choice, text, textOrNull } from '#platform/schema.ts';
import {
  arrayOrNull,
  booleanOrNull,
  instant,
  instantOrNull,
  integerOrNull,
  objectOrNull,
  Words,
  words,
} from './schema-parts.ts';
import { Standing } from './standing-schema.ts';

const Redated = Type.Object({
  asOf: text('the day as of which the rules were published', { examples: ['2022-09-15'] }),
  shiftedByDays: Type.Integer({ description: 'by how many days all their dates were moved' }),
});
export const Rule = Type.Object({
  id: text('the rule', { examples: ['00/journeys'] }),
  version: Type.Integer({ description: 'the version that judged' }),
  clause: textOrNull('the clause that recognises by the visible data'),
  title: words('what it is called'),
  asksFor: words('what it asks for'),
  comparedWith: Type.Array(choice(INSTANTS, 'an instant of a journey'), {
    description: 'what its windows are compared with; empty: whichever instant was asked about',
  }),
  national: Type.Boolean({
    description: 'it is the nation’s: the destination has none of its own for this, or gives way to it',
  }),
  place: Type.Unsafe<readonly string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'codes of the part of the province whose rule it is; null: the whole province’s',
  }),
  redated: objectOrNull(Redated, 'where the rules are in force as of another day than their own; null otherwise'),
  sources: Type.Array(
    Type.Object({
      title: text('what the source is'),
      url: textOrNull('its address'),
      reliability: choice(RELIABILITIES, 'A is best'),
    }),
  ),
});

const RuleNamed = Type.Object({
  id: text('which rule'),
  version: Type.Integer({ description: 'its version' }),
});
const Search = Type.Object({
  where: words('in what'),
  when: text('the month or the day of the search', { examples: ['2026-11'] }),
  about: objectOrNull(
    Type.Object({ from: text('the first day'), to: text('the last day') }),
    'of which days rules were looked for; null: of any',
  ),
  words: Type.Array(Type.String(), { description: 'as they were typed; empty: they were not kept' }),
});
export const NoneKnown = Type.Object({
  from: instantOrNull('since when none is known; null: nothing is on record of a search'),
  until: instantOrNull('until when'),
  searches: Type.Array(Search, { description: 'what was searched, and held none; empty: no source was read for it' }),
  seen: objectOrNull(Words, 'what was seen, and makes no rule'),
});

const Kind = Type.Object({
  kind: textOrNull('the kind of place; null: any that is not named'),
  title: objectOrNull(Words, 'what it is called'),
  outcome: choice(OUTCOMES, 'what it would be'),
  reason: choice([...FINDINGS, ...DOUBTS, ...QUESTION_FAULTS], 'why'),
  mayGoIn: booleanOrNull('whether one may go in'),
  rule: objectOrNull(RuleNamed, 'by which rule; null: none is known'),
});

const Evidence = Type.Object({
  kind: choice(['result', 'sampling'], 'a result, or a record of having been sampled'),
  province: textOrNull('two-digit code of whose it is'),
  provinceName: objectOrNull(Words, 'its name'),
  laboratory: textOrNull('who tested, or where the sample was taken'),
  sampledAt: instantOrNull('when the sample was taken, a date alone where that is all that is known'),
  testedAt: instantOrNull('when it was tested'),
  reportIssuedAt: instantOrNull('when the report was issued'),
  method: textOrNull('how it was tested'),
  result: textOrNull('what it says', { enum: [...TEST_RESULTS, null] }),
  countsUntil: instantOrNull('until when it counts, or counted, by this rule'),
  presented: Type.Boolean({ description: 'shown by the person, and not on record' }),
  unverified: Type.Boolean({ description: 'nobody has checked it' }),
  channel: textOrNull('how it was shown', { enum: [...CHANNELS, null] }),
});

const Announced = Type.Object({
  id: text('which rule'),
  version: Type.Integer({ description: 'its version' }),
  title: words('what it is called'),
  asksFor: words('what it asks for'),
  enforcedFrom: instant('from when it decides'),
  note: words('said in the sentence'),
});

const Duty = Type.Object({
  id: text('which duty'),
  title: words('what is to be done'),
  certain: Type.Boolean({ description: 'false: whether it is the person’s depends on what was not stated' }),
  done: integerOrNull('tests done since arriving; null without a stated arrival'),
  required: integerOrNull('tests to be done; null where it is not about tests'),
  dueBy: instantOrNull('until when'),
});

const ProvinceBehind = Type.Object({
  province: text('two-digit code'),
  name: words('its name'),
  watermark: instantOrNull('up to when its data is here; null when nothing of it ever was'),
  behindBySeconds: integerOrNull(
    'how old that is; null when nothing of the province was ever seen, or when its watermark is ahead of ' +
      'the clock here',
  ),
});

export const Incomplete = Type.Object(
  {
    person: Type.Boolean({ description: 'a record of this person could not be read' }),
    provinces: Type.Array(Type.String(), {
      description: 'records of these provinces could not be read, and whose they are is not known',
    }),
    unknownProvince: Type.Boolean({ description: 'records could not be read whose province is not known either' }),
  },
  { description: 'what is known to be missing' },
);

export const Position = Type.Object(
  {
    edition: Type.Integer({ description: 'of the log' }),
    cluster: textOrNull('the id of the Kafka cluster that the offsets are of; null: nothing was ever read'),
    partition: Type.Integer({ description: 'the person’s partition in all shared topics' }),
    topics: Type.Record(Type.String(), Type.Object({ nextOffset: Type.Integer() }), {
      description: 'up to where each topic had been read',
      examples: [{ tests: { nextOffset: 81_234 }, vaccinations: { nextOffset: 1_204 } }],
    }),
  },
  { description: 'what the answer was computed from' },
);

export const AnswerSchema = Type.Object(
  {
    outcome: choice(OUTCOMES, 'undetermined: what isn’t visible or stated could turn it, or no rule is known'),
    reason: choice([...FINDINGS, ...DOUBTS, ...QUESTION_FAULTS], 'the finding, or what keeps it from being settled'),
    finding: choice(FINDINGS, 'what the visible data says by itself'),
    sentence: words('the answer in a sentence'),
    mayGoIn: booleanOrNull(
      'true only if recognised, and no state bars or could; false if not recognised, without evidence, or barred ' +
        'by a state; null: not certain',
    ),
    equalEffect: objectOrNull(
      Words,
      'from 29 July 2022, where no result was found that counts: that one shown through another channel ' +
        'or on paper has equal effect; null otherwise',
    ),
    destination: text('whose rule applied', { examples: ['44'] }),
    purpose: choice(PURPOSES, 'what the person wants to do'),
    kind: textOrNull('the kind of place that was stated'),
    at: instant('the instant that was asked about'),
    evaluatedAt: instant('when it was asked'),
    asOf: Type.Object({
      relation: choice(['now', 'past', 'future'], 'of `at` to `evaluatedAt`'),
      note: objectOrNull(Words, 'said when it is not for now'),
    }),
    rule: objectOrNull(Rule, 'the rule that was in force at `at`; null: none is known, or kinds of place differ'),
    kinds: Type.Array(Kind, {
      description: 'where no kind of place was stated and they come out differently: what each would be; else empty',
    }),
    noneKnown: objectOrNull(NoneKnown, 'where no rule is known: what was searched for one; null otherwise'),
    announced: objectOrNull(
      Announced,
      'the rule that takes its place, and until then only reminds; null: none is announced',
    ),
    rules: Type.Object({
      publishedAt: instantOrNull(
        'when the rules that this look-up judges by were published; null: they are the ones it was started with',
      ),
      outOfSightSince: instantOrNull(
        'since when it has not seen whether newer ones were published, if that is longer than its bound',
      ),
      redated: objectOrNull(Redated, 'where they are in force as of another day than their own; null otherwise'),
      note: objectOrNull(Words, 'said when they are out of sight'),
    }),
    evidence: arrayOrNull(Evidence, 'what the answer rests on, and what was presented; null where it was left out'),
    duties: Type.Array(Duty, { description: 'what the person must still do; never a reason to refuse' }),
    states: Type.Array(
      Type.Object({
        rule: RuleNamed,
        state: text('such as yellow, grey or pop_up'),
        title: words('what it means'),
        admits: Type.Array(scopeSchema('a purpose, or a kind of place within it'), {
          description: 'where one may still go with it, as far as the source says',
        }),
        bars: Type.Array(scopeSchema('a purpose, or a kind of place within it'), { description: 'where one may not' }),
      }),
      { description: 'what is shown beside the answer' },
    ),
    standing: objectOrNull(
      Standing,
      'what else stands on record: shown, and never part of the outcome; null where it was left out',
    ),
    vaccination: objectOrNull(
      Type.Object({
        doses: Type.Integer({ description: 'on record' }),
        lastGivenAt: instantOrNull('when the last was given'),
      }),
      'null where the rule does not show it, or it was left out',
    ),
    statementsMissing: Type.Array(Type.String(), {
      description: 'fields of `occasion` that could make a difference',
      examples: [['ageYears']],
    }),
    validUntil: instantOrNull(
      'until when it holds if nothing new arrives; null unless recognised, and where nothing known ends it',
    ),
    validUntilInclusive: Type.Boolean({ description: 'whether it still holds at exactly `validUntil`' }),
    nextChangeAt: instantOrNull(
      'the first instant at which it may be otherwise by the clock alone, on the clock of `at`; about ' +
        'now that includes a source that passes its freshness bound; null: never',
    ),
    askAgainBy: instantOrNull(
      'until when a gate may rely on it without asking again; null: asking again tells nothing more',
    ),
    daysSinceTest: integerOrNull('calendar days of Asia/Shanghai since the newest test on record'),
    dataAsOf: instantOrNull('the oldest watermark among the provinces that are not behind'),
    provincesBehind: Type.Array(ProvinceBehind, { description: 'whose data is older than the rule’s freshness bound' }),
    exchangeBehind: Type.Boolean({ description: 'the exchange as a whole is behind' }),
    incomplete: Incomplete,
    position: Position,
    leftOut: Type.Array(choice(SHED_ORDER, 'a field'), {
      description: 'what is not shown because the look-up is overloaded, in this order; the outcome is the same',
    }),
  },
  { $id: 'Answer' },
);

export const BatchAnswerSchema = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        index: Type.Integer({ description: 'counts the items' }),
        answer: Type.Optional(Type.Unsafe({ $ref: 'Answer#' })),
        problem: Type.Optional(Type.Unsafe({ $ref: 'Problem#' })),
      }),
      { description: 'one for each item, in order, with an answer or a problem' },
    ),
  },
  { $id: 'BatchAnswer' },
);

export const AllDestinationsAnswerSchema = Type.Object(
  {
    answers: Type.Array(Type.Unsafe({ $ref: 'Answer#' }), {
      description: 'one for each destination',
    }),
  },
  { $id: 'AllDestinationsAnswer' },
);
