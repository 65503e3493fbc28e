/**
 * Which watermark of each producer instance is in force at a position: the newest whose offsets the position has
 * passed. Pure; it never lets a watermark speak for records that are not in the view yet.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { InstanceWatermark, Position } from '#core/view/snapshot.ts';
import { isOfOtherEdition, type Log } from '#exchange/topics/log.ts';

export interface Watermark {
  readonly province: ProvinceCode;
  readonly instance: string;
  readonly throughMs: number;
  /** Of the process that wrote it; 0: of a version that knew none. */
  readonly epoch: number;
  readonly offsets: readonly { readonly topic: string; readonly nextOffsets: readonly number[] }[];
}

/**
 * How far a watermark may be ahead of the clocks here. What is ahead by more was written while a clock was wrong: it
 * would speak for its province long after that has stopped.
 */
const AHEAD_MS_MAX = 60_000;

/** Ten minutes of watermarks of one instance; while the view is further behind, some of them are skipped. */
const PENDING_MAX = 600;

interface Instance {
  readonly province: ProvinceCode;
  /** The highest that is known: what was written under a lower one from now on counts no more. */
  epoch: number;
  pending: Watermark[];
}

export class WatermarkTracker {
  readonly #instances = new Map<string, Instance>();
  readonly #retired = new Map<string, { readonly epoch: number; readonly atMs: number }>();
  readonly #log: Log;
  /** When the newest watermark came; clocks may have been set back since the one before. */
  #clockMs = Number.POSITIVE_INFINITY;

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param epoch 0: of a version that knew none */
  register(province: ProvinceCode, instance: string, epoch: number): void {
    const retired = this.#retired.get(instance);
    if (retired !== undefined && epoch > 0 && epoch <= retired.epoch) return;
    this.#retired.delete(instance);
    const known = this.#instances.get(instance);
    if (known === undefined) this.#instances.set(instance, { province, epoch, pending: [] });
    else known.epoch = Math.max(known.epoch, epoch);
  }

  /** That an instance writes, though what it wrote could not be read. @param atMs the broker's clock when it did */
  mention(province: ProvinceCode, instance: string, atMs: number): void {
    if (atMs > (this.#retired.get(instance)?.atMs ?? 0)) this.register(province, instance, 0);
  }

  /**
   * @param epoch this one and all before it: a process that has registered with a higher one stays
   * @param atMs the broker's clock: a watermark from before then, read later, doesn't bring the instance back
   */
  retire(instance: string, epoch: number, atMs: number): void {
    if ((this.#instances.get(instance)?.epoch ?? 0) > epoch) return;
    this.#instances.delete(instance);
    this.#retired.set(instance, { epoch, atMs });
  }

  /** @param clockMs the broker's clock when it was written or ours now: whichever says more, so that one may be slow */
  add(watermark: Watermark, clockMs: number): void {
    this.#clockMs = clockMs;
    if (this.#isOfRetired(watermark)) return;
    this.register(watermark.province, watermark.instance, watermark.epoch);
    // A former process knows nothing of what the newer one has taken since. What it said before that still holds.
    if (watermark.epoch < (this.#instances.get(watermark.instance)?.epoch ?? 0)) return;
    if (this.#isAhead(watermark.throughMs)) return;
    const known = this.#instances.get(watermark.instance);
    if (known !== undefined && this.#isAhead(known.pending.at(-1)?.throughMs ?? 0))
      known.pending = known.pending.filter(({ throughMs }) => !this.#isAhead(throughMs));
    // Read again from the topic's beginning, after Kafka was away: the search below needs them to rise.
    if (watermark.throughMs <= (known?.pending.at(-1)?.throughMs ?? 0)) return;
    // One about another edition of the log says nothing of this one: the instance is known, and behind.
    const offsets = watermark.offsets.filter(({ topic }) => !isOfOtherEdition(this.#log, topic));
    if (known === undefined || offsets.length === 0) return;
    known.pending.push(withOffsetsOf(known.pending.at(-1), { ...watermark, offsets }));
    // Thinned rather than cut: the oldest is the next to come into force, the newest the furthest (an odd number of
    // them keeps both).
    if (known.pending.length > PENDING_MAX) known.pending = known.pending.filter((_, index) => index % 2 === 0);
  }

  /** What holds for a partition at a position, given what held before; one for every registered instance. */
  inForce(partition: number, position: Position, before: readonly InstanceWatermark[]): InstanceWatermark[] {
    const held = new Map(before.map((watermark) => [watermark.instance, watermark.throughMs]));
    return [...this.#instances].map(([instance, { province, pending }]) => {
      const reached = newestReached(pending, partition, position);
      const before = held.get(instance) ?? 0;
      return { province, instance, throughMs: this.#isAhead(before) ? reached : Math.max(reached, before) };
    });
  }

  #isOfRetired({ instance, epoch, throughMs }: Watermark): boolean {
    const retired = this.#retired.get(instance);
    return retired !== undefined && (epoch > 0 ? epoch <= retired.epoch : throughMs <= retired.atMs);
  }

  #isAhead(throughMs: number): boolean {
    return throughMs > this.#clockMs + AHEAD_MS_MAX;
  }
}

/**
 * A watermark is silent about a topic that its writer didn't know. Where the instance has never written there, that is
 * right: it took nothing for it. Where an earlier process of the instance has, what that one wrote must still be
 * passed.
 */
function withOffsetsOf(before: Watermark | undefined, watermark: Watermark): Watermark {
  const silent = before?.offsets.filter(({ topic }) => !watermark.offsets.some((named) => named.topic === topic)) ?? [];
  return silent.length === 0 ? watermark : { ...watermark, offsets: [...watermark.offsets, ...silent] };
}

// An instance's offsets never go back, so whether they have been passed is monotone in its watermarks.
function newestReached(pending: readonly Watermark[], partition: number, position: Position): number {
  let low = 0;
  let high = pending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isPassed(pending[middle] as Watermark, partition, position)) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (pending[low - 1] as Watermark).throughMs;
}

/** Whether a position has passed the offsets that a watermark names. */
export function isPassed({ offsets }: Pick<Watermark, 'offsets'>, partition: number, position: Position): boolean {
  return offsets.every(
    ({ topic, nextOffsets }) => (position.topics[topic]?.nextOffset ?? 0) >= (nextOffsets[partition] ?? 0),
  );
}
