/**
 * What the topic `keys` says, as it is read: public keys, what is revoked, and from when on keys count. It believes the
 * operator alone.
 */

import type { Leak } from '#core/keys/leak.ts';
import { Revocations } from '#core/keys/revocations.ts';
import { Starts } from '#core/keys/starts.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import type { PublicKey } from '#exchange/keys/signatures.ts';
import type { Kafka, KafkaMessage } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { keyStartIn } from './key-starts.ts';
import { leaksIn } from './leaks.ts';
import { PublicKeys, type SignatureCheck, signed } from './public-keys.ts';
import { readRevocation } from './revocations.ts';
import { KEYS_TOPIC } from './topics.ts';

export class KnownKeys {
  readonly keys: PublicKeys;
  /** Of keys of records; of those to sign with, `keys` knows. */
  readonly revocations = new Revocations();
  readonly starts = new Starts();
  /** Who revokes, and says when a key starts: the operator, by its anchors and what they have published. */
  readonly #operator: Pick<SignatureCheck, 'provenSigner'>;

  constructor(anchors: readonly PublicKey[], operator?: Pick<SignatureCheck, 'provenSigner'>) {
    this.keys = new PublicKeys(anchors);
    this.#operator = operator ?? this.keys;
  }

  /** A record of the topic; being told of one again changes nothing. */
  take(message: KafkaMessage): void {
    this.keys.take(signed(message));
    const revocation = readRevocation(message, this.#operator);
    if (revocation !== null) this.revocations.take(revocation);
    const start = keyStartIn(message.value);
    if (start !== null && this.#operator.provenSigner(signed(message)) === OPERATOR)
      this.starts.take({ ...start, atMs: Number(message.timestamp) });
  }

  get leaks(): readonly Leak[] {
    return leaksIn(this.revocations);
  }

  /** Whether what was first appended at that time under a key of records counts nowhere for that. */
  refuses(key: string, appendedAtMs: number): boolean {
    return this.revocations.refuses(key, appendedAtMs) || this.starts.refuses(key, appendedAtMs);
  }

  /** Whether a key of records of that name counts by now. */
  mayTag(key: string, nowMs: number): boolean {
    return (this.starts.startsAtMs(key) ?? nowMs) <= nowMs;
  }

  /** Whether a key to sign with is published, and counts by now. */
  maySign(key: string, nowMs: number): boolean {
    return (this.keys.startsAtMs(key) ?? Number.POSITIVE_INFINITY) <= nowMs;
  }

  /** Whether any key to sign with of that principal is published. */
  knows(principal: string): boolean {
    return this.keys.knows(principal);
  }
}

/** All that the topic holds now. @throws HutongError KAFKA_UNAVAILABLE */
export async function readKeys(kafka: Kafka, anchors: readonly PublicKey[]): Promise<KnownKeys> {
  const known = new KnownKeys(anchors);
  await TopicFeed.readAll(kafka, KEYS_TOPIC, (message) => known.take(message));
  return known;
}
