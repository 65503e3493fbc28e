/**
 * The answer to a look-up, made of the decision with its rule, evidence, times and sentences. Pure: no clock and no
 * I/O. Nothing in it names the person. What is long to write (sentences, lists of provinces) is written when it's read.
 */

import type { Rule } from '#core/book/rule.ts';
import type { CodeBook } from '#core/codes/conversion.ts';
import { type Decision, decide, type Question } from '#core/decision/decide.ts';
import type { Lasting } from '#core/decision/finding.ts';
import { relationOf } from '#core/decision/next-change.ts';
import { nameOfProvince, type ProvinceCode } from '#core/field/regions.ts';
import { formatTime, formatTimeAs, SECOND_MS } from '#core/field/time.ts';
import { isPresented, isResult, laboratoryOf } from '#core/question/evidence.ts';
import { STATEMENT_NAMES } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Words } from '#core/terms/words.ts';
import type { DutyOwed } from '#core/trial/duties.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import type { Answer, DutyShown, EvidenceShown, Part, PositionShown } from './answer.ts';
import { onRecordAt } from './on-record.ts';
import { announcedWords, asOfWords, equalEffectWords, outOfSightWords, sentenceOf } from './wording.ts';

export type { Answer } from './answer.ts';

export interface RecognitionInput extends Question {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  /** How codes are converted, of the same publication as the rule. */
  readonly codeBook: CodeBook;
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
    return sentenceOf(this.#decision, [
      this.asOf.note,
      this.announced?.note ?? null,
      this.rules.note,
      this.equalEffect,
    ]);
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
    return cite(this.#decision.rule, this.#decision.clauseId);
  }
  get announced(): Answer['announced'] {
    const {
      policy: { announced: next },
      atMs,
    } = this.#input;
    if (next === undefined || atMs < next.inForceFromMs) return null;
    const { id, version, title, words: asksFor, enforcedFromMs } = next;
    return { id, version, title, asksFor, enforcedFrom: formatTime(enforcedFromMs), note: announcedWords(next) };
  }
  get rules(): Answer['rules'] {
    const { publishedAtMs = null, outOfSightSinceMs = null } = this.#input.rulesSeen ?? {};
    return {
      publishedAt: isoOrNull(publishedAtMs),
      outOfSightSince: isoOrNull(outOfSightSinceMs),
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
    return this.#decision.states.map(({ state, title, admits, bars }) => ({ state, title, admits, bars }));
  }
  get standing(): Answer['standing'] {
    if (this.#leavesOut('standing')) return null;
    const { destination, atMs, codeBook, snapshot } = this.#input;
    const { data, incomplete } = this.#decision;
    return onRecordAt(snapshot.view, {
      destination,
      atMs,
      codeBook,
      mayMissEvents: data.exchangeBehind || incomplete.person || incomplete.provinces.length > 0,
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
  get askAgainBy(): string {
    return formatTime(this.#decision.askAgainByMs);
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
      equalEffect: this.equalEffect,
      destination: this.destination,
      purpose: this.purpose,
      at: this.at,
      evaluatedAt: this.evaluatedAt,
      asOf: this.asOf,
      rule: this.rule,
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

function cite(rule: Rule, clause: string | null): Answer['rule'] {
  const { id, version, title, words: asksFor, comparedWith, national: fallsBack, sources } = rule;
  return { id, version, clause, title, asksFor, comparedWith, fallsBack, sources };
}

function showDuty({ id, title, applies, done, required, dueByMs }: DutyOwed): DutyShown {
  return {
    id,
    title,
    certain: applies === true,
    done,
    required: required === 0 ? null : required,
    dueBy: isoOrNull(dueByMs),
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null || !Number.isFinite(atMs) ? null : formatTime(atMs);
}

function showEvidence({ evidence, untilMs }: Lasting): EvidenceShown {
  const result = isResult(evidence) ? evidence : null;
  const { province, sampledAtMs, sampledAtPrecision } = evidence;
  const presented = isPresented(evidence);
  return {
    kind: result === null ? 'sampling' : 'result',
    province,
    provinceName: province === null ? null : nameOfProvince(province),
    laboratory: laboratoryOf(evidence),
    sampledAt: sampledAtMs === null ? null : formatTimeAs(sampledAtMs, sampledAtPrecision ?? 'millisecond'),
    testedAt: isoOrNull(result?.testedAtMs ?? null),
    reportIssuedAt: isoOrNull(result?.issuedAtMs ?? null),
    method: result?.method ?? null,
    result: result?.result ?? null,
    countsUntil: isoOrNull(untilMs),
    presented,
    unverified: presented,
    channel: presented ? evidence.channel : null,
  };
}

function showBehind({ data }: Decision, nowMs: number): Answer['provincesBehind'] {
  return data.behind.map(({ province, watermarkMs }) => ({
    province,
    name: nameOfProvince(province),
    watermark: isoOrNull(watermarkMs),
    behindBySeconds: watermarkMs === null || watermarkMs > nowMs ? null : Math.floor((nowMs - watermarkMs) / SECOND_MS),
  }));
}

function showIncomplete({ incomplete: { person, provinces } }: Decision): Answer['incomplete'] {
  if (!person && provinces.length === 0) return NOTHING_INCOMPLETE;
  const known = provinces.filter((province) => province !== null);
  return { person, provinces: known, unknownProvince: known.length < provinces.length };
}

const NOTHING_INCOMPLETE: Answer['incomplete'] = { person: false, provinces: [], unknownProvince: false };

function showPosition({ partition, position }: Snapshot): PositionShown {
  const topics: Record<string, { nextOffset: number }> = {};
  for (const [topic, { nextOffset }] of Object.entries(position?.topics ?? {})) topics[topic] = { nextOffset };
  return { partition, topics };
}
