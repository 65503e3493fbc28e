/**
 * Holds the look-ups' answers against the log: each must be what the rule gives over exactly the positions that it
 * names, claim no more than what lies below them, and, while nothing is broken, name positions that are at most 2 s
 * old.
 */

import { isDeepStrictEqual } from 'node:util';
import { type Answer, recognise } from '#core/answer/recognise.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { parseTime } from '#core/field/time.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import type { Freshness, Position } from '#core/view/snapshot.ts';
import type { KeptAnswer } from '#exercises/faults/scene/gates.ts';
import { oracleView } from '#exercises/oracle/oracle.ts';
import type { RulesInForce } from '#exercises/oracle/published-rules.ts';
import type { History } from '#exercises/oracle/views.ts';
import { Frontier } from './frontier.ts';
import type { LogIndex } from './log-index.ts';

export const BEHIND_MS_MAX = 2_000;

/**
 * What rests on events and rule alone; when it may change rests on the freshest watermark too, which no answer names.
 */
const COMPARED = [
  'outcome',
  'mayGoIn',
  'reason',
  'finding',
  'evidence',
  'validUntil',
  'validUntilInclusive',
  'duties',
  'states',
  'standing',
  'vaccination',
  'statementsMissing',
  'daysSinceTest',
  'exchangeBehind',
  'provincesBehind',
  'incomplete',
] as const;

export interface AnswerViolations {
  /** Answers that the log doesn't give. */
  readonly wrong: string[];
  /** Answers that claim to hold what lies above their position. */
  readonly claims: string[];
  /** Answers of a calm moment whose positions were too old. */
  readonly behind: string[];
}

/** @param accepted when each event was known to be accepted, by its id */
export function violationsOfAnswers(
  kept: readonly KeptAnswer[],
  log: LogIndex,
  accepted: ReadonlyMap<string, number>,
  rules: RulesInForce,
): AnswerViolations {
  const byProvince = new Frontier<ProvinceCode>();
  const byAcceptance = new Frontier<'all'>();
  for (const [eventId, atMs] of accepted) {
    const found = log.events.get(eventId);
    if (found === undefined) continue; // lost: counted elsewhere
    byProvince.add(found.province, found.place, found.acceptedAtMs);
    byAcceptance.add('all', found.place, atMs);
  }
  const violations: AnswerViolations = { wrong: [], claims: [], behind: [] };
  for (const one of kept) {
    const name =
      `${one.lookup} at ${one.answer.evaluatedAt} on ${one.asking.personKey.toString('hex')} for ` +
      `${one.asking.destination}/${one.asking.purpose}`;
    const wrong = differenceOf(one, log.histories.get(one.asking.personKey.toString('hex')), rules);
    if (wrong !== null) violations.wrong.push(`${name}: ${wrong}`);
    const { partition, topics } = one.answer.position;
    for (const { province, throughMs } of freshnessOf(one.answer).watermarks) {
      const missed = byProvince.beyond(province, partition, topics, throughMs);
      if (missed !== null)
        violations.claims.push(`${name}: claims ${province} up to ${throughMs}, but lacks ${missed}`);
    }
    const late = one.calm ? byAcceptance.beyond('all', partition, topics, one.askedAtMs - BEHIND_MS_MAX) : null;
    if (late !== null) violations.behind.push(`${name}: lacks ${late}, accepted more than ${BEHIND_MS_MAX} ms before`);
  }
  return violations;
}

/** How the answer differs from what the log gives at its positions; null when it doesn't. */
function differenceOf(
  { asking, answer }: KeptAnswer,
  history: History | undefined,
  rules: RulesInForce,
): string | null {
  const { destination, purpose } = asking;
  const [atMs, nowMs] = [msOf(answer.at), msOf(answer.evaluatedAt)];
  const policies = answer.rules.publishedAt === null ? rules.shipped : rules.published;
  if (policies === null) return `it was judged by rules of ${answer.rules.publishedAt}, but none are published`;
  const policy = policies.select({ destination, purpose, kind: null, place: null }, atMs);
  const { edition, partition, topics } = answer.position;
  const below = ({ topic, offset }: { readonly topic: string; readonly offset: number }): boolean =>
    offset < (topics[topic]?.nextOffset ?? 0);
  const events = history?.events.filter(below).map(({ event }) => event) ?? [];
  const unreadable = history?.unreadable.filter(below) ?? [];
  const view = events.length + unreadable.length === 0 ? null : oracleView(events, unreadable);
  const snapshot = { edition, partition, view, position: positionOf(answer), freshness: freshnessOf(answer) };
  const expected = recognise({
    destination,
    purpose,
    codeBook: policies.codeBook,
    leftOut: answer.leftOut,
    policy,
    snapshot,
    presented: [],
    occasion: NOTHING_STATED,
    atMs,
    nowMs,
  });
  const field = COMPARED.find((name) => !isDeepStrictEqual(plain(expected[name]), answer[name]));
  if (field === undefined) return null;
  return (
    `${field} is ${JSON.stringify(answer[field])}, not ${JSON.stringify(expected[field])}, at ` +
    `${JSON.stringify(topics)}`
  );
}

/** As it is once it has been sent; the answer has been. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function positionOf({ position: { cluster, topics } }: Answer): Position | null {
  const entries = Object.entries(topics).map(
    ([topic, { nextOffset }]) => [topic, { topicId: '', nextOffset }] as const,
  );
  return entries.length === 0 ? null : { clusterId: cluster ?? '', topics: Object.fromEntries(entries) };
}

/** As the answer tells it: those that are behind by name, all others at least as far as the oldest of them. */
function freshnessOf({ provincesBehind, dataAsOf, incomplete }: Answer): Freshness {
  const behind = new Map(provincesBehind.map(({ province, watermark }) => [province, watermark]));
  const watermarks = PROVINCE_CODES.flatMap((province) => {
    const through = behind.has(province) ? behind.get(province) : dataAsOf;
    return through === null || through === undefined
      ? []
      : [{ province, instance: province, throughMs: msOf(through) }];
  });
  return {
    watermarks,
    incompleteProvinces: [...incomplete.provinces, ...(incomplete.unknownProvince ? [null] : [])],
    withdrawals: [],
    acceptedUpToMs: 0,
    leaks: [],
  };
}

function msOf(text: string): number {
  const parsed = parseTime(text);
  if (parsed === null) throw new RangeError(`${text} is no time`);
  return parsed.atMs;
}
