/**
 * How each province stands with the exchange, made of what was read of all partitions. Pure: it reads no clock, knows
 * no person, and calls a province silent only if something of it may be missing.
 */

import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { compareText } from '#core/field/text-order.ts';
import { HOUR_MS } from '#core/field/time.ts';
import type { Leak } from '#core/keys/leak.ts';
import { assessData } from '#core/view/freshness.ts';
import type { FoldedLeak } from '#core/view/leaks.ts';
import { provinceWatermarkMs } from '#core/view/snapshot.ts';
import { SHARED_KINDS, type SharedKind } from '#exchange/topics/log.ts';
import type { Counts } from '#exchange/view/counts.ts';
import type { PartitionState, SourcesRead } from '#exchange/view/sources.ts';
import type { TimingTold } from '#exchange/view/timings.ts';

/**
 * `reporting`: all that it has said is seen, and it said something within the last hour. `nothing_to_say`: the same,
 * and it said nothing. `silent`: what it says may be missing. `never_seen`: it has no instance.
 */
export const SOURCE_STATES = ['reporting', 'nothing_to_say', 'silent', 'never_seen'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** So long after its last event a province has nothing to say. */
const RECENT_MS = HOUR_MS;

export interface SourceFreshness {
  readonly province: ProvinceCode;
  /** Up to when all that it accepted is in every partition; null: in some it isn't known. */
  readonly throughMs: number | null;
  readonly behindByMs: number | null;
}

export interface Source extends SourceFreshness {
  readonly state: SourceState;
  /** A record of it that names nobody could not be read. */
  readonly isIncomplete: boolean;
  readonly topics: readonly SourceTopic[];
}

export interface SourceTopic extends Counts {
  readonly kind: SharedKind;
  /** Null: nothing of it became visible in the last minutes. */
  readonly lately: TimingTold | null;
}

/** Of the 32, in the order of their codes. */
export function freshnessOf(partitions: readonly PartitionState[], nowMs: number): readonly SourceFreshness[] {
  return PROVINCE_CODES.map((province) => {
    const reached = partitions.map(({ freshness }) => provinceWatermarkMs(freshness, province) ?? 0);
    const oldestMs = Math.min(...reached);
    const throughMs = reached.length > 0 && oldestMs > 0 ? oldestMs : null;
    return { province, throughMs, behindByMs: throughMs === null ? null : nowMs - throughMs };
  });
}

/** @param boundMs a province that is further behind in any partition is silent */
export function sourcesOf({ partitions, counts, timings }: SourcesRead, nowMs: number, boundMs: number): Source[] {
  const behind = new Set(partitions.flatMap((partition) => behindIn(partition, nowMs, boundMs)));
  const seen = new Set(partitions.flatMap(({ freshness }) => freshness.watermarks.map(({ province }) => province)));
  const incomplete = new Set(partitions.flatMap(({ freshness }) => freshness.incompleteProvinces));
  return freshnessOf(partitions, nowMs).map((freshness) => {
    const { province } = freshness;
    const topics = SHARED_KINDS.map((kind) => ({
      kind,
      ...counts.at(province, kind),
      lately: timings.at(province, kind),
    }));
    const latestMs = Math.max(...topics.map(({ latestAcceptedAtMs }) => latestAcceptedAtMs));
    const whenFresh = nowMs - latestMs <= RECENT_MS ? 'reporting' : 'nothing_to_say';
    const state = seen.has(province) ? (behind.has(province) ? 'silent' : whenFresh) : 'never_seen';
    return { ...freshness, state, isIncomplete: incomplete.has(province) || incomplete.has(null), topics };
  });
}

/** A key that had leaked, as it stands with the views. */
export interface LeakedKey extends Leak {
  /** Of the partitions, those whose views were folded knowing it from their first record on. */
  readonly partitionsFoldedAgain: number;
}

/** Those that any partition knows of, by their names. One that reaches further back than some know counts as that. */
export function leakedKeysOf(partitions: readonly PartitionState[]): readonly LeakedKey[] {
  const all = partitions.flatMap(({ freshness }) => freshness.leaks);
  return [...Map.groupBy(all, ({ key }) => key)]
    .map(([key, [first, ...more]]) => {
      const { of } = first as FoldedLeak;
      const known = [first as FoldedLeak, ...more];
      const sinceMs = Math.min(...known.map((leak) => leak.sinceMs));
      return { key, of, sinceMs, partitionsFoldedAgain: known.filter((leak) => isWithout(leak, sinceMs)).length };
    })
    .toSorted((a, b) => compareText(a.key, b.key));
}

function isWithout(leak: FoldedLeak, sinceMs: number): boolean {
  return leak.isOut && leak.sinceMs <= sinceMs;
}

/** Of partitions that nobody keeps up: then it isn't the provinces who are silent. */
export function partitionsBehind(partitions: readonly PartitionState[], nowMs: number, boundMs: number): number {
  return partitions.filter((partition) => assess(partition, nowMs, boundMs).exchangeBehind).length;
}

function behindIn(partition: PartitionState, nowMs: number, boundMs: number): readonly ProvinceCode[] {
  return assess(partition, nowMs, boundMs).behind.map(({ province }) => province);
}

function assess({ position, freshness }: PartitionState, nowMs: number, boundMs: number) {
  return assessData(position, { ...freshness, withdrawals: [] }, nowMs, boundMs);
}
