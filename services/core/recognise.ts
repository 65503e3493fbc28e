/**
 * The answer to a look-up, as it goes out: the decision with its rule, evidence, times and sentences. Pure: no clock and
 * no I/O. Nothing in it names the person.
 */
import type { Counted } from './candidate.ts';
import { type Decision, decide, type Finding, type Outcome, type Question, type Reason } from './decide.ts';
import { type Channel, isPresented, isResult, placeOf } from './evidence.ts';
import type { TestResult } from './events.ts';
import type { Purpose, SourceText, Words } from './policy.ts';
import { type ProvinceCode, provinceOf } from './regions.ts';
import type { Snapshot } from './snapshot.ts';
import { formatTime, formatTimeAs, MINUTE_MS, SECOND_MS } from './time.ts';
import { asOfWords, equalEffectWords, sentenceOf } from './wording.ts';

export interface RecognitionInput extends Question {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
}

/** Times are ISO 8601 with +08:00; a sampling known by its day alone is a date. */
export interface Answer {
  readonly outcome: Outcome;
  /** Why: the finding, or what keeps it from being settled. */
  readonly reason: Reason;
  /** What the visible data says by itself. */
  readonly finding: Finding;
  readonly sentence: Words;
  /** In every answer short of recognised: that a result shown otherwise has equal effect. */
  readonly equalEffect: Words | null;
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  readonly at: string;
  readonly evaluatedAt: string;
  readonly asOf: { readonly relation: 'now' | 'past' | 'future'; readonly note: Words | null };
  readonly rule: RuleCited;
  readonly evidence: readonly EvidenceShown[];
  /** Until when it holds if nothing new arrives; null unless recognised. */
  readonly validUntil: string | null;
  /** Whether it still holds at exactly `validUntil`. */
  readonly validUntilInclusive: boolean;
  /** Calendar days of Asia/Shanghai since the newest test on record; null when unknown. */
  readonly daysSinceTest: number | null;
  /** The oldest watermark among the provinces that aren't behind. */
  readonly dataAsOf: string | null;
  readonly provincesBehind: readonly { readonly province: ProvinceCode; readonly name: Words; readonly watermark: string | null; readonly behindBySeconds: number | null }[];
  readonly exchangeBehind: boolean;
  readonly incomplete: { readonly person: boolean; readonly provinces: readonly ProvinceCode[]; readonly unknownProvince: boolean };
  readonly position: PositionShown;
}

interface RuleCited {
  readonly id: string;
  readonly version: number;
  /** The clause that recognises by the visible data. */
  readonly clause: string | null;
  readonly title: Words;
  /** What it asks for. */
  readonly asksFor: Words;
  /** Whether the destination has no rule of its own for this and the national one stands in. */
  readonly fallsBack: boolean;
  readonly sources: readonly SourceText[];
}

interface EvidenceShown {
  readonly kind: 'result' | 'sampling';
  readonly province: ProvinceCode | null;
  readonly provinceName: Words | null;
  /** Of a sampling: the site. */
  readonly laboratory: string | null;
  readonly sampledAt: string | null;
  readonly testedAt: string | null;
  readonly reportIssuedAt: string | null;
  readonly method: string | null;
  readonly result: TestResult | null;
  /** Until when it counts, or counted, by this rule. */
  readonly countsUntil: string | null;
  /** Shown by the person, and not on record. */
  readonly presented: boolean;
  readonly unverified: boolean;
  readonly channel: Channel | null;
}

interface PositionShown {
  readonly partition: number;
  readonly topics: Readonly<Record<string, { readonly nextOffset: number }>>;
}

/** A gate's clock and ours are never quite the same: an instant this near counts as now. */
const NOW_TOLERANCE_MS = MINUTE_MS;

export function recognise(input: RecognitionInput): Answer {
  const { policy, snapshot, atMs, nowMs } = input;
  const { rule } = policy;
  const decision = decide(input);
  const relation = atMs < nowMs - NOW_TOLERANCE_MS ? 'past' : atMs > nowMs + NOW_TOLERANCE_MS ? 'future' : 'now';
  const note = asOfWords(relation, atMs);
  const equalEffect = decision.outcome === 'recognised' ? null : equalEffectWords(rule);
  return {
    outcome: decision.outcome,
    reason: decision.reason,
    finding: decision.finding,
    sentence: sentenceOf(decision, [note, equalEffect]),
    equalEffect,
    destination: input.destination,
    purpose: input.purpose,
    at: formatTime(atMs),
    evaluatedAt: formatTime(nowMs),
    asOf: { relation, note },
    rule: { id: rule.id, version: rule.version, clause: decision.clauseId, title: rule.title, asksFor: rule.words, fallsBack: rule.national, sources: rule.sources },
    evidence: decision.evidence.map(showEvidence),
    validUntil: isoOrNull(decision.validUntilMs),
    validUntilInclusive: decision.validUntilInclusive,
    daysSinceTest: decision.daysSinceTest,
    dataAsOf: isoOrNull(decision.data.asOfMs),
    provincesBehind: showBehind(decision, nowMs),
    exchangeBehind: decision.data.exchangeBehind,
    incomplete: showIncomplete(decision),
    position: showPosition(snapshot),
  };
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
  const known = provinces.filter((province) => province !== null);
  return { person, provinces: known, unknownProvince: known.length < provinces.length };
}

function showPosition({ partition, position }: Snapshot): PositionShown {
  const topics: Record<string, { nextOffset: number }> = {};
  for (const [topic, { nextOffset }] of Object.entries(position?.topics ?? {})) topics[topic] = { nextOffset };
  return { partition, topics };
}
