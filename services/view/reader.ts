/**
 * The look-up's side of the view: a person's view with its partition's position and freshness, read in one atomic
 * command and from nowhere else.
 */
import type { PersonKey } from '#core/identity.ts';
import { type Freshness, NO_FRESHNESS, type Position, type Snapshot } from '#core/snapshot.ts';
import { partitionOf } from '#topics/partitioner.ts';
import { decodeView } from './codec.ts';
import { freshnessKey, positionKey, viewKey } from './keys.ts';
import { type Redis, redisUnavailable } from './redis.ts';

export class ViewReader {
  readonly #redis: Redis;
  readonly #partitions: number;
  readonly #positions = new LastParsed<Position | null>();
  readonly #freshness = new LastParsed<Freshness>();

  constructor(redis: Redis, partitions: number) {
    this.#redis = redis;
    this.#partitions = partitions;
  }

  /** @throws HutongError REDIS_UNAVAILABLE, VIEW_UNREADABLE */
  async read(key: PersonKey): Promise<Snapshot> {
    const partition = partitionOf(key, this.#partitions);
    const [position = null, freshness = null, view = null] = await this.#mget(partition, key);
    return {
      partition,
      view: view === null ? null : decodeView(view),
      position: this.#positions.parse(partition, position, null),
      freshness: this.#freshness.parse(partition, freshness, NO_FRESHNESS),
    };
  }

  readMany(keys: readonly PersonKey[]): Promise<Snapshot[]> {
    return Promise.all(keys.map((key) => this.read(key)));
  }

  async #mget(partition: number, key: PersonKey): Promise<(Buffer | null)[]> {
    const ask = (): Promise<(Buffer | null)[]> => this.#redis.mgetBuffer(positionKey(partition), freshnessKey(partition), viewKey(partition, key));
    try {
      // In a cluster, once more: the node that was asked may have just died or lost the slot, which fails what was sent to
      // it; the second time another is asked. A server that stands alone is the same one.
      return await (this.#redis.isCluster ? ask().catch(ask) : ask());
    } catch (cause) {
      throw redisUnavailable(cause);
    }
  }
}

/** Parses a partition's JSON only when its bytes differ from the last ones: they change about once a second. */
class LastParsed<T> {
  readonly #last = new Map<number, { readonly bytes: Buffer; readonly value: T }>();

  parse(partition: number, bytes: Buffer | null, absent: T): T {
    if (bytes === null) return absent;
    const last = this.#last.get(partition);
    if (last?.bytes.equals(bytes) === true) return last.value;
    const value = JSON.parse(bytes.toString('utf8')) as T;
    this.#last.set(partition, { bytes, value });
    return value;
  }
}
