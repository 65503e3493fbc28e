/**
 * The look-up's side of the view: a person's view with its partition's position and freshness, read in one atomic
 * command and from nowhere else. What is withdrawn by that freshness is applied here, so that nobody sees a view
 * without it. The command also brings the pointer to the live generation, so that an answer is never given from
 * another: not from one that is half built, nor from one that is no longer kept.
 */

import type { PersonKey } from '#core/field/identity.ts';
import { agedAt } from '#core/view/retention.ts';
import type { Position, Snapshot } from '#core/view/snapshot.ts';
import { withoutWithdrawn } from '#core/view/withdrawn.ts';
import type { Log } from '#exchange/topics/log.ts';
import { HutongError } from '#platform/errors.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { type Redis, redisUnavailable } from '#platform/redis.ts';
import { decodeView } from './codec.ts';
import { FreshnessReader } from './freshness-reader.ts';
import { FIRST_GENERATION, type Generation, parseGeneration, ViewKeys } from './keys.ts';
import { parsePosition } from './store.ts';

/** The live generation changes once in a rebuild; a pointer that moves at each look is a fault. */
const LOOKS_MAX = 4;

interface Found {
  readonly generation: Generation;
  readonly position: Buffer | null;
  readonly freshness: Buffer | null;
  readonly view: Buffer | null;
}

export class ViewReader {
  readonly #redis: Redis;
  readonly #keys: ViewKeys;
  readonly #edition: number;
  readonly #partitions: number;
  /** As last seen, by partition. */
  readonly #live = new Map<number, Generation>();
  readonly #positions = new LastParsed<Position | null>(parsePosition);
  readonly #freshness = new FreshnessReader();

  constructor(redis: Redis, log: Log, partitions: number) {
    this.#redis = redis;
    this.#keys = new ViewKeys(log);
    this.#edition = log.edition;
    this.#partitions = partitions;
  }

  /** @throws HutongError REDIS_UNAVAILABLE, VIEW_UNREADABLE */
  async read(key: PersonKey): Promise<Snapshot> {
    const partition = partitionOf(key, this.#partitions);
    for (let look = 1; look <= LOOKS_MAX; look += 1) {
      const { generation, position, freshness: bytes, view } = await this.#mget(partition, key);
      const freshness =
        this.#freshness.known(partition, bytes) ??
        (await this.#freshness.read(partition, bytes as Buffer, () => this.#withdrawalsOf(partition, generation)));
      // Others are in force by now, or another generation is live.
      if (freshness === null) continue;
      return {
        edition: this.#edition,
        partition,
        // Whoever has had no event for long is stored as of then: what has become too old since counts no more.
        view:
          view === null
            ? null
            : withoutWithdrawn(agedAt(decodeView(view), freshness.acceptedUpToMs), freshness.withdrawals),
        position: this.#positions.parse(partition, position, null),
        freshness,
      };
    }
    throw new HutongError(
      'REDIS_UNAVAILABLE',
      `the withdrawals of partition ${partition} are not those of its freshness`,
      {
        retriable: true,
        hint: 'the next commit of its materialiser puts it right, a second later',
      },
    );
  }

  readMany(keys: readonly PersonKey[]): Promise<Snapshot[]> {
    return Promise.all(keys.map((key) => this.read(key)));
  }

  async #withdrawalsOf(partition: number, generation: Generation): Promise<string | null> {
    const [stored = null] = await this.#read(this.#keys.withdrawals(generation, partition));
    return stored?.toString('utf8') ?? null;
  }

  async #mget(partition: number, key: PersonKey): Promise<Found> {
    let generation = this.#live.get(partition) ?? FIRST_GENERATION;
    for (let look = 1; look <= LOOKS_MAX; look += 1) {
      const [pointer, position = null, freshness = null, view = null] = await this.#read(
        this.#keys.live(partition),
        this.#keys.position(generation, partition),
        this.#keys.freshness(generation, partition),
        this.#keys.view(generation, partition, key),
      );
      const live = parseGeneration(pointer);
      if (live === generation) return { generation, position, freshness, view };
      this.#live.set(partition, live);
      generation = live;
    }
    throw new HutongError(
      'REDIS_UNAVAILABLE',
      `the live generation of partition ${partition} changed at each of ${LOOKS_MAX} looks`,
      { retriable: true, hint: 'who writes the pointers?' },
    );
  }

  async #read(...keys: readonly (string | Buffer)[]): Promise<(Buffer | null)[]> {
    const ask = (): Promise<(Buffer | null)[]> => this.#redis.mgetBuffer(...keys);
    try {
      // In a cluster, once more: the node that was asked may have just died or lost the slot, which fails what was sent
      // to it; the second time another is asked. A server that stands alone is the same one.
      return await (this.#redis.isCluster ? ask().catch(ask) : ask());
    } catch (cause) {
      throw redisUnavailable(cause);
    }
  }
}

/** Parses a partition's JSON only when its bytes differ from the last ones: they change about once a second. */
class LastParsed<T> {
  readonly #last = new Map<number, { readonly bytes: Buffer; readonly value: T }>();
  readonly #parse: (text: string) => T;

  constructor(parse: (text: string) => T) {
    this.#parse = parse;
  }

  parse(partition: number, bytes: Buffer | null, absent: T): T {
    if (bytes === null) return absent;
    const last = this.#last.get(partition);
    if (last?.bytes.equals(bytes) === true) return last.value;
    const value = this.#parse(bytes.toString('utf8'));
    this.#last.set(partition, { bytes, value });
    return value;
  }
}
