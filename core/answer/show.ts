/**
 * The parts of an answer as they are sent: a rule, a duty, evidence, who is behind. It never shows more of a person
 * than the decision rests on.
 */

import type { Rule, State } from '#core/book/rule.ts';
import type { NoneFound } from '#core/book/searched.ts';
import { type Decision, type KindDecided } from '#core/decision/decision.ts';
import type { Lasting } from '#core/decision/finding.ts';
import { nameOfProvince } from '#core/field/regions.ts';
import { formatTime, formatTimeAs, SECOND_MS } from '#core/field/time.ts';
import { isPresented, isResult, laboratoryOf } from '#core/question/evidence.ts';
import type { DutyOwed } from '#core/trial/duties.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import type {
  Answer,
  DutyShown,
  EvidenceShown,
  KindShown,
  NoneKnownShown,
  PositionShown,
  StateShown,
} from './answer.ts';

/** Frozen, and one and the same for all answers by that clause: who writes it out may keep what it wrote. */
export function cite(rule: Rule, clause: string | null): RuleShown {
  const byClause = CITED.get(rule) ?? new Map<string | null, RuleShown>();
  CITED.set(rule, byClause);
  const known = byClause.get(clause);
  if (known !== undefined) return known;
  const { id, version, title, words: asksFor, comparedWith, national, place, redated, sources } = rule;
  const shown = Object.freeze({ id, version, clause, title, asksFor, comparedWith, national, place, redated, sources });
  byClause.set(clause, shown);
  return shown;
}

type RuleShown = NonNullable<Answer['rule']>;

/** A rule has a handful of clauses. */
const CITED = new WeakMap<Rule, Map<string | null, RuleShown>>();

export function showKind({ kind, title, decision: { outcome, reason, mayGoIn, rule } }: KindDecided): KindShown {
  return { kind, title, outcome, reason, mayGoIn, rule: rule === null ? null : nameOf(rule) };
}

export function showNoneFound(found: NoneFound | null): NoneKnownShown {
  if (found === null) return NOTHING_ON_RECORD;
  const known = SHOWN.get(found);
  if (known !== undefined) return known;
  const { fromMs, untilMs, searches, seen } = found;
  const shown = Object.freeze({ from: formatTime(fromMs), until: isoOrNull(untilMs), searches, seen });
  SHOWN.set(found, shown);
  return shown;
}

/** A few hundred of them are told in thousands of answers. Frozen, as rules are. */
const SHOWN = new WeakMap<NoneFound, NoneKnownShown>();

const NOTHING_ON_RECORD: NoneKnownShown = Object.freeze({ from: null, until: null, searches: [], seen: null });

export function showState({ rule, state, title, admits, bars }: State): StateShown {
  return { rule, state, title, admits, bars };
}

function nameOf({ id, version }: Rule): { readonly id: string; readonly version: number } {
  return { id, version };
}

export function showDuty({ id, title, applies, done, required, dueByMs }: DutyOwed): DutyShown {
  return {
    id,
    title,
    certain: applies === true,
    done,
    required: required === 0 ? null : required,
    dueBy: isoOrNull(dueByMs),
  };
}

export function isoOrNull(atMs: number | null): string | null {
  return atMs === null || !Number.isFinite(atMs) ? null : formatTime(atMs);
}

export function showEvidence({ evidence, untilMs }: Lasting): EvidenceShown {
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

export function showBehind({ data }: Decision, nowMs: number): Answer['provincesBehind'] {
  return data.behind.map(({ province, watermarkMs }) => ({
    province,
    name: nameOfProvince(province),
    watermark: isoOrNull(watermarkMs),
    behindBySeconds: watermarkMs === null || watermarkMs > nowMs ? null : Math.floor((nowMs - watermarkMs) / SECOND_MS),
  }));
}

export function showIncomplete({ incomplete: { person, provinces } }: Decision): Answer['incomplete'] {
  if (!person && provinces.length === 0) return NOTHING_INCOMPLETE;
  const known = provinces.filter((province) => province !== null);
  return { person, provinces: known, unknownProvince: known.length < provinces.length };
}

const NOTHING_INCOMPLETE: Answer['incomplete'] = { person: false, provinces: [], unknownProvince: false };

export function showPosition({
  edition,
  partition,
  position,
}: Pick<Snapshot, 'edition' | 'partition' | 'position'>): PositionShown {
  const topics: Record<string, { nextOffset: number }> = {};
  for (const [topic, { nextOffset }] of Object.entries(position?.topics ?? {})) topics[topic] = { nextOffset };
  return { edition, cluster: position?.clusterId ?? null, partition, topics };
}
