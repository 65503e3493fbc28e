/**
 * The answer to a look-up, made of the decision with its rule, evidence, times and sentences. Pure: no clock and no
 * I/O. Nothing in it names the person. What is long to write (sentences, lists of provinces) is written when it's
 * read.
 */

import type { NoneFound, SearchBook } from '#core/book/searched.ts';
import type { CodeBook } from '#core/codes/conversion.ts';
import { decide } from '#core/decision/decide.ts';
import type { Decision, Question } from '#core/decision/decision.ts';
import { relationOf } from '#core/decision/next-change.ts';
import { type ProvinceCode } from '#core/field/regions.ts';
import { formatTime } from '#core/field/time.ts';
import { STATEMENT_NAMES } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Redated } from '#core/rules/redate.ts';
import type { Words } from '#core/terms/words.ts';
import type { Answer, Part } from './answer.ts';
import { onRecordAt } from './on-record.ts';
import { searchedWords } from './place-words.ts';
import {
  cite,
  isoOrNull,
  showBehind,
  showDuty,
  showEvidence,
  showIncomplete,
  showKind,
  showNoneFound,
  showPosition,
  showState,
} from './show.ts';
import { announcedWords, asOfWords, equalEffectWords, outOfSightWords, redatedWords, sentenceOf } from './wording.ts';

export type { Answer } from './answer.ts';

export interface RecognitionInput extends Question {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  /** How codes are converted, of the same publication as the rule. */
  readonly codeBook: CodeBook;
  /** What was searched where no rule is known, of the same publication; without it nothing. */
  readonly searched?: SearchBook;
  /** How well the look-up sees the published rules; without it they are the ones it was started with. */
  readonly rulesSeen?: RulesSeen;
  /** What the answer isn't to show; nothing of it enters the outcome. */
  readonly leftOut?: readonly Part[];
}

export interface RulesSeen {
  /** Null while none were published. */
  readonly publishedAtMs: number | null;
  /** Null while the topic of the rules is in sight. */
  readonly outOfSightSinceMs: number | null;
  /** Where the rules stand as of another day than their own. */
  readonly redated?: Redated | null;
}

export function recognise(input: RecognitionInput): Answer {
  return new AnswerOf(input, decide(input));
}

/**
 * An answer whose parts are written when they are read: most callers read each once, when it's sent, and a caller that
 * wants the outcome alone pays for nothing else.
 */
class AnswerOf implements Answer {
  readonly #input: RecognitionInput;
  readonly #decision: Decision;
  /** What was searched, once it is looked up: sentence and `noneKnown` both tell it. */
  #none: NoneFound | null | undefined;

  constructor(input: RecognitionInput, decision: Decision) {
    this.#input = input;
    this.#decision = decision;
  }

  get outcome(): Answer['outcome'] {
    return this.#decision.outcome;
  }
  get reason(): Answer['reason'] {
    return this.#decision.reason;
  }
  get finding(): Answer['finding'] {
    return this.#decision.finding;
  }
  get sentence(): Words {
    const { redated } = this.rules;
    return sentenceOf(this.#decision, [
      this.reason === 'no_rule_known' ? searchedWords(this.#foundNone) : null,
      this.asOf.note,
      redated === null ? null : redatedWords(redated),
      this.announced?.note ?? null,
      this.rules.note,
      this.equalEffect,
    ]);
  }
  get mayGoIn(): boolean | null {
    return this.#decision.mayGoIn;
  }
  get kind(): string | null {
    return this.#input.occasion.kind;
  }
  get kinds(): Answer['kinds'] {
    return this.#decision.kinds.map(showKind);
  }
  get noneKnown(): Answer['noneKnown'] {
    return this.#isWithoutRule ? showNoneFound(this.#foundNone) : null;
  }
  get equalEffect(): Words | null {
    return equalEffectWords(this.#decision, this.#input.atMs);
  }
  get destination(): ProvinceCode {
    return this.#input.destination;
  }
  get purpose(): Purpose {
    return this.#input.purpose;
  }
  get at(): string {
    return formatTime(this.#input.atMs);
  }
  get evaluatedAt(): string {
    return formatTime(this.#input.nowMs);
  }
  get asOf(): Answer['asOf'] {
    const { atMs, nowMs } = this.#input;
    const relation = relationOf(atMs, nowMs);
    return { relation, note: asOfWords(relation, atMs) };
  }
  get rule(): Answer['rule'] {
    const { rule, clauseId } = this.#decision;
    return rule === null ? null : cite(rule, clauseId);
  }
  get announced(): Answer['announced'] {
    const { policy, atMs } = this.#input;
    const next = policy.kinds === undefined ? policy.announced : undefined;
    if (next === undefined || atMs < next.inForceFromMs) return null;
    const { id, version, title, words: asksFor, enforcedFromMs } = next;
    return { id, version, title, asksFor, enforcedFrom: formatTime(enforcedFromMs), note: announcedWords(next) };
  }
  get rules(): Answer['rules'] {
    const { publishedAtMs = null, outOfSightSinceMs = null, redated = null } = this.#input.rulesSeen ?? {};
    return {
      publishedAt: isoOrNull(publishedAtMs),
      outOfSightSince: isoOrNull(outOfSightSinceMs),
      redated: this.#decision.rule?.redated ?? redated,
      note: outOfSightSinceMs === null ? null : outOfSightWords(outOfSightSinceMs),
    };
  }
  get evidence(): Answer['evidence'] {
    return this.#leavesOut('evidence') ? null : this.#decision.evidence.map(showEvidence);
  }
  get duties(): Answer['duties'] {
    return this.#decision.duties.map(showDuty);
  }
  get states(): Answer['states'] {
    return this.#decision.states.map(showState);
  }
  get standing(): Answer['standing'] {
    if (this.#leavesOut('standing')) return null;
    const { destination, atMs, codeBook, snapshot } = this.#input;
    const { data, incomplete, leaked } = this.#decision;
    return onRecordAt(snapshot.view, {
      destination,
      atMs,
      codeBook,
      mayMissEvents: data.exchangeBehind || incomplete.person || incomplete.provinces.length > 0,
      mayHoldForged: leaked.length > 0,
    });
  }
  get vaccination(): Answer['vaccination'] {
    const { vaccinated } = this.#decision;
    return vaccinated === null || this.#leavesOut('vaccination')
      ? null
      : { doses: vaccinated.doses, lastGivenAt: isoOrNull(vaccinated.lastGivenAtMs) };
  }
  get statementsMissing(): Answer['statementsMissing'] {
    return this.#decision.missing.map((statement) => STATEMENT_NAMES[statement]);
  }
  get validUntil(): string | null {
    return isoOrNull(this.#decision.validUntilMs);
  }
  get validUntilInclusive(): boolean {
    return this.#decision.validUntilInclusive;
  }
  get nextChangeAt(): string | null {
    return isoOrNull(this.#decision.nextChangeMs);
  }
  get askAgainBy(): string | null {
    return isoOrNull(this.#decision.askAgainByMs);
  }
  get daysSinceTest(): number | null {
    return this.#decision.daysSinceTest;
  }
  get dataAsOf(): string | null {
    return isoOrNull(this.#decision.data.asOfMs);
  }
  get provincesBehind(): Answer['provincesBehind'] {
    return showBehind(this.#decision, this.#input.nowMs);
  }
  get exchangeBehind(): boolean {
    return this.#decision.data.exchangeBehind;
  }
  get incomplete(): Answer['incomplete'] {
    return showIncomplete(this.#decision);
  }
  get position(): Answer['position'] {
    return showPosition(this.#input.snapshot);
  }
  get leftOut(): readonly Part[] {
    return this.#input.leftOut ?? [];
  }

  /** Not where the rules of kinds differ: who states the kind is told. */
  get #isWithoutRule(): boolean {
    const { rule, kinds, reason } = this.#decision;
    return rule === null && (kinds.length === 0 || reason === 'no_rule_known');
  }

  get #foundNone(): NoneFound | null {
    if (this.#none !== undefined) return this.#none;
    const { searched, destination, purpose, occasion, atMs } = this.#input;
    this.#none = searched?.at(destination, purpose, occasion.kind, atMs, occasion.place) ?? null;
    return this.#none;
  }

  #leavesOut(part: Part): boolean {
    return this.#input.leftOut?.includes(part) === true;
  }

  /** As a plain object, for JSON. */
  toJSON(): Answer {
    return {
      outcome: this.outcome,
      reason: this.reason,
      finding: this.finding,
      sentence: this.sentence,
      mayGoIn: this.mayGoIn,
      equalEffect: this.equalEffect,
      destination: this.destination,
      purpose: this.purpose,
      kind: this.kind,
      at: this.at,
      evaluatedAt: this.evaluatedAt,
      asOf: this.asOf,
      rule: this.rule,
      kinds: this.kinds,
      noneKnown: this.noneKnown,
      announced: this.announced,
      rules: this.rules,
      evidence: this.evidence,
      duties: this.duties,
      states: this.states,
      standing: this.standing,
      vaccination: this.vaccination,
      statementsMissing: this.statementsMissing,
      validUntil: this.validUntil,
      validUntilInclusive: this.validUntilInclusive,
      nextChangeAt: this.nextChangeAt,
      askAgainBy: this.askAgainBy,
      daysSinceTest: this.daysSinceTest,
      dataAsOf: this.dataAsOf,
      provincesBehind: this.provincesBehind,
      exchangeBehind: this.exchangeBehind,
      incomplete: this.incomplete,
      position: this.position,
      leftOut: this.leftOut,
    };
  }
}
