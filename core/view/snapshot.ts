/**
 * What one look-up reads in one atomic step: a person's view, the position it was computed from, and how far each
 * producer instance is known to have got. A watermark stands here only if the position covers it, so none of this
 * needs to be trusted against anything else.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { type InForce, NONE_IN_FORCE } from '#core/withdrawals/in-force.ts';
import { type FoldedLeak, NO_LEAKS } from './leaks.ts';
import type { PersonView } from './view.ts';

/** Up to where a partition of each shared topic has been consumed. */
export interface Position {
  /** The Kafka cluster's id: an offset means nothing in another one. */
  readonly clusterId: string;
  readonly topics: Readonly<Record<string, TopicPosition>>;
}

export interface TopicPosition {
  /** The topic's id: a topic deleted and made again has another. */
  readonly topicId: string;
  /** The offset of the next record to be consumed. */
  readonly nextOffset: number;
}

/** "Everything this instance accepted before `throughMs` (broker clock) is in the view"; 0 before its first one. */
export interface InstanceWatermark {
  readonly province: ProvinceCode;
  readonly instance: string;
  readonly throughMs: number;
}

/** What is known of the exchange at a position. */
export interface ExchangeFreshness {
  /** One for every registered producer instance. */
  readonly watermarks: readonly InstanceWatermark[];
  /**
   * Provinces of records of this partition that could not be read and whose person is unknown; null: province unknown
   * too.
   */
  readonly incompleteProvinces: readonly (ProvinceCode | null)[];
  /** Which results count as retracted, in every partition alike. */
  readonly withdrawals: InForce;
}

export interface Freshness extends ExchangeFreshness {
  /**
   * The latest acceptance among the partition's events up to the position, on the broker's clock; 0 before the first.
   */
  readonly acceptedUpToMs: number;
  /** Keys that had leaked, and whether the partition's views may hold what is withdrawn with them. */
  readonly leaks: readonly FoldedLeak[];
}

export const NO_FRESHNESS: Freshness = {
  watermarks: [],
  incompleteProvinces: [],
  withdrawals: NONE_IN_FORCE,
  acceptedUpToMs: 0,
  leaks: NO_LEAKS,
};

export interface Snapshot {
  /** Of the log: partitions of two editions hold other people. */
  readonly edition: number;
  readonly partition: number;
  /** As it counts with what is withdrawn; null when the person has none. */
  readonly view: PersonView | null;
  /** Null when nothing of this partition was ever materialised. */
  readonly position: Position | null;
  readonly freshness: Freshness;
}

/** A province's watermark: the minimum over its registered instances; null when none is registered. */
export function provinceWatermarkMs(freshness: Pick<Freshness, 'watermarks'>, province: ProvinceCode): number | null {
  const own = freshness.watermarks.filter((watermark) => watermark.province === province);
  return own.length === 0 ? null : Math.min(...own.map((watermark) => watermark.throughMs));
}
