/**
 * What is known of the sources of a view, partition by partition: position, freshness, what was counted, and how events
 * fared lately. It must never read a person, and nobody reads it for an answer.
 */

import type { Freshness, Position } from '#core/view/snapshot.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type Redis, redisFailure, redisUnavailable } from '#platform/redis.ts';
import { CountsBySource } from './counts.ts';
import { parseGeneration, ViewKeys } from './keys.ts';
import { parsePosition } from './store.ts';
import { parseFreshness } from './stored-freshness.ts';
import { TimingsBySource } from './timings.ts';

/** What nobody writes any more says nothing of now. */
const TIMINGS_KEPT_MS = 60_000;

export interface PartitionState {
  readonly position: Position | null;
  readonly freshness: Omit<Freshness, 'withdrawals'>;
}

/** Each partition as it was read; one may be a moment later than another. */
export interface SourcesRead {
  readonly partitions: readonly PartitionState[];
  readonly counts: CountsBySource;
  readonly timings: TimingsBySource;
}

export class SourcesReader {
  readonly #redis: Redis;
  readonly #keys: ViewKeys;
  readonly #partitions: number;

  constructor(redis: Redis, log: Log, partitions: number) {
    this.#redis = redis;
    this.#keys = new ViewKeys(log);
    this.#partitions = partitions;
  }

  /** @throws HutongError REDIS_UNAVAILABLE */
  async read(): Promise<SourcesRead> {
    const counts = new CountsBySource();
    const timings = new TimingsBySource();
    try {
      const partitions = await Promise.all(
        Array.from({ length: this.#partitions }, (_, partition) => this.#readPartition(partition, counts, timings)),
      );
      return { partitions, counts, timings };
    } catch (cause) {
      throw redisUnavailable(cause);
    }
  }

  /** Between the two reads another generation may become live: then these are the last figures of the one before. */
  async #readPartition(partition: number, counts: CountsBySource, timings: TimingsBySource): Promise<PartitionState> {
    const generation = parseGeneration(await this.#redis.get(this.#keys.live(partition)));
    const [[position, freshness, lately], counted] = await Promise.all([
      this.#redis.mget(
        this.#keys.position(generation, partition),
        this.#keys.freshness(generation, partition),
        this.#keys.timings(partition),
      ),
      this.#redis.hgetall(this.#keys.counts(generation, partition)),
    ]);
    counts.addStored(counted);
    timings.addStored(lately ?? null);
    return { position: position ? parsePosition(position) : null, freshness: parseFreshness(freshness) };
  }
}

/** Of the partitions that a process keeps up. @throws HutongError REDIS_UNAVAILABLE, REDIS_FULL */
export async function writeTimings(redis: Redis, log: Log, byPartition: ReadonlyMap<number, string>): Promise<void> {
  const keys = new ViewKeys(log);
  try {
    for (const [partition, text] of byPartition) await redis.set(keys.timings(partition), text, 'PX', TIMINGS_KEPT_MS);
  } catch (cause) {
    throw redisFailure(cause);
  }
}
