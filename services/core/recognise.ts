/**
 * The answer to a look-up, made of the decision with its rule, evidence, times and sentences. Pure: no clock and no I/O.
 * Nothing in it names the person. What is long to write (sentences, lists of provinces) is written when it's read.
 */
import type { Answer, DutyShown, EvidenceShown, PositionShown } from './answer.ts';
import { type Decision, decide, type Question } from './decide.ts';
import type { DutyOwed } from './duties.ts';
import { isPresented, isResult, placeOf } from './evidence.ts';
import type { Counted } from './finding.ts';
import { STATEMENT_NAMES } from './occasion.ts';
import type { Purpose, Words } from './policy.ts';
import { type ProvinceCode, provinceOf } from './regions.ts';
import type { Rule } from './rule.ts';
import type { Snapshot } from './snapshot.ts';
import { formatTime, formatTimeAs, MINUTE_MS, SECOND_MS } from './time.ts';
import { asOfWords, equalEffectWords, sentenceOf } from './wording.ts';

export type { Answer } from './answer.ts';

export interface RecognitionInput extends Question {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
}

/** A gate's clock and ours are never quite the same: an instant this near counts as now. */
const NOW_TOLERANCE_MS = MINUTE_MS;

export function recognise(input: RecognitionInput): Answer {
  const { snapshot, atMs, nowMs } = input;
  const decision = decide(input);
  const { outcome, rule } = decision;
  const relation = atMs < nowMs - NOW_TOLERANCE_MS ? 'past' : atMs > nowMs + NOW_TOLERANCE_MS ? 'future' : 'now';
  const note = asOfWords(relation, atMs);
  const equalEffect = outcome === 'recognised' ? null : equalEffectWords(rule);
  return {
    outcome,
    reason: decision.reason,
    finding: decision.finding,
    get sentence() {
      return sentenceOf(decision, [note, equalEffect]);
    },
    equalEffect,
    destination: input.destination,
    purpose: input.purpose,
    at: formatTime(atMs),
    evaluatedAt: formatTime(nowMs),
    asOf: { relation, note },
    rule: cite(rule, decision.clauseId),
    get evidence() {
      return decision.evidence.map(showEvidence);
    },
    duties: decision.duties.map(showDuty),
    states: decision.states.map(({ state, title }) => ({ state, title })),
    vaccination: decision.vaccinated === null ? null : { doses: decision.vaccinated.doses, lastGivenAt: isoOrNull(decision.vaccinated.lastGivenAtMs) },
    statementsMissing: decision.missing.map((statement) => STATEMENT_NAMES[statement]),
    validUntil: isoOrNull(decision.validUntilMs),
    validUntilInclusive: decision.validUntilInclusive,
    nextChangeAt: isoOrNull(decision.nextChangeMs),
    askAgainBy: formatTime(decision.askAgainByMs),
    daysSinceTest: decision.daysSinceTest,
    dataAsOf: isoOrNull(decision.data.asOfMs),
    get provincesBehind() {
      return showBehind(decision, nowMs);
    },
    exchangeBehind: decision.data.exchangeBehind,
    incomplete: showIncomplete(decision),
    position: showPosition(snapshot),
  };
}

function cite(rule: Rule, clause: string | null): Answer['rule'] {
  const { id, version, title, words: asksFor, comparedWith, national: fallsBack, sources } = rule;
  return { id, version, clause, title, asksFor, comparedWith, fallsBack, sources };
}

function showDuty({ id, title, applies, done, required, dueByMs }: DutyOwed): DutyShown {
  return { id, title, certain: applies === true, done, required: required === 0 ? null : required, dueBy: isoOrNull(dueByMs) };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null || !Number.isFinite(atMs) ? null : formatTime(atMs);
}

function nameOf(code: ProvinceCode): Words {
  const { nameZh, nameEn } = provinceOf(code);
  return { zh: nameZh, en: nameEn };
}

function showEvidence({ evidence, untilMs }: Counted): EvidenceShown {
  const result = isResult(evidence) ? evidence : null;
  const { province, sampledAtMs, sampledAtPrecision } = evidence;
  const presented = isPresented(evidence);
  return {
    kind: result === null ? 'sampling' : 'result',
    province,
    provinceName: province === null ? null : nameOf(province),
    laboratory: placeOf(evidence),
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
    name: nameOf(province),
    watermark: isoOrNull(watermarkMs),
    behindBySeconds: watermarkMs === null ? null : Math.floor((nowMs - watermarkMs) / SECOND_MS),
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
