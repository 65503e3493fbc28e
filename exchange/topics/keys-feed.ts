/**
 * The topic `keys` as it is followed: public keys and revocations, and up to which time of the broker's clock all of
 * them are known. It never says that a key is good at a time up to which it hasn't read.
 */

import type { Leak } from '#core/keys/leak.ts';
import { REVOCATION_REACH_MS, Revocations } from '#core/keys/revocations.ts';
import type { PublicKey } from '#exchange/keys/signatures.ts';
import type { HutongError } from '#platform/errors.ts';
import type { Kafka, KafkaMessage } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { leaksIn } from './leaks.ts';
import { PublicKeys, signed } from './public-keys.ts';
import { takeRevocation } from './revocations.ts';
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
  readonly keys: PublicKeys;
  readonly revocations: Revocations;
  readonly #feed: Pick<TopicFeed, 'toTheEnd' | 'stop'>;
  /** All that was appended up to this time has been read. */
  #throughMs = Number.NEGATIVE_INFINITY;
  /** One after the other: what the first has read, many that wait needn't. */
  #reading: Promise<void> = Promise.resolve();

  /** Exported for its test; see `follow`. */
  constructor(keys: PublicKeys, revocations: Revocations, feed: Pick<TopicFeed, 'toTheEnd' | 'stop'>) {
    this.keys = keys;
    this.revocations = revocations;
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
    const { keys, revocations, take } = taking(anchors);
    const feed = await TopicFeed.start(kafka, KEYS_TOPIC, take, onStopped);
    return new KeysFeed(keys, revocations, feed);
  }

  get leaks(): readonly Leak[] {
    return leaksIn(this.revocations);
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

export interface KnownKeys {
  readonly keys: PublicKeys;
  readonly revocations: Revocations;
}

/** All that the topic holds now. @throws HutongError KAFKA_UNAVAILABLE */
export async function readKeys(kafka: Kafka, anchors: readonly PublicKey[]): Promise<KnownKeys> {
  const { take, ...read } = taking(anchors);
  await TopicFeed.readAll(kafka, KEYS_TOPIC, take);
  return read;
}

function taking(anchors: readonly PublicKey[]): KnownKeys & { readonly take: (message: KafkaMessage) => void } {
  const keys = new PublicKeys(anchors);
  // By the anchors alone: nobody whose key is published may revoke one.
  const operator = new PublicKeys(anchors);
  const revocations = new Revocations();
  const take = (message: KafkaMessage): void => {
    keys.take(signed(message));
    takeRevocation(revocations, message, operator);
  };
  return { keys, revocations, take };
}
