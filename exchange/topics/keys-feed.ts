/**
 * The topic `keys` as it is followed: what it says, and up to which time of the broker's clock all of that is known. It
 * never says that a key is good at a time up to which it hasn't read.
 */

import type { Leak } from '#core/keys/leak.ts';
import { REVOCATION_REACH_MS } from '#core/keys/revocations.ts';
import type { PublicKey } from '#exchange/keys/signatures.ts';
import type { HutongError } from '#platform/errors.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { KnownKeys } from './known-keys.ts';
import { KEYS_TOPIC } from './topics.ts';

/** What must have been read before a record is judged. */
export interface ReadsKeys {
  /** The keys that had leaked, as far as they are known. */
  readonly leaks: readonly Leak[];
  /**
   * Resolves once every revocation is known that reaches what was appended at that time.
   * @throws HutongError KAFKA_UNAVAILABLE
   */
  readThrough(appendedAtMs: number): Promise<void>;
}

export class KeysFeed implements ReadsKeys {
  readonly known: KnownKeys;
  readonly #feed: Pick<TopicFeed, 'toTheEnd' | 'stop'>;
  /** All that was appended up to this time has been read. */
  #throughMs = Number.NEGATIVE_INFINITY;
  /** One after the other: what the first has read, many that wait needn't. */
  #reading: Promise<void> = Promise.resolve();

  /** Exported for its test; see `follow`. */
  constructor(known: KnownKeys, feed: Pick<TopicFeed, 'toTheEnd' | 'stop'>) {
    this.known = known;
    this.#feed = feed;
  }

  /**
   * Has read the topic to its present end.
   * @param onStopped it isn't read any more: whoever goes on wouldn't hear that a key had leaked
   * @throws HutongError KAFKA_UNAVAILABLE
   */
  static async follow(
    kafka: Kafka,
    anchors: readonly PublicKey[],
    onStopped?: (error: HutongError) => void,
  ): Promise<KeysFeed> {
    const known = new KnownKeys(anchors);
    const feed = await TopicFeed.start(kafka, KEYS_TOPIC, (message) => known.take(message), onStopped);
    return new KeysFeed(known, feed);
  }

  get leaks(): readonly Leak[] {
    return this.known.leaks;
  }

  /**
   * The record that was appended at that time is at hand, so the end of the topic that is asked for now lies behind all
   * that was appended to it before.
   */
  async readThrough(appendedAtMs: number): Promise<void> {
    if (this.#isReadThrough(appendedAtMs)) return;
    const reading = this.#reading.then(async () => {
      if (this.#isReadThrough(appendedAtMs)) return;
      await this.#feed.toTheEnd();
      this.#throughMs = Math.max(this.#throughMs, appendedAtMs);
    });
    this.#reading = reading.catch(() => undefined);
    await reading;
  }

  #isReadThrough(appendedAtMs: number): boolean {
    return appendedAtMs - REVOCATION_REACH_MS <= this.#throughMs;
  }

  stop(): Promise<void> {
    return this.#feed.stop();
  }
}
