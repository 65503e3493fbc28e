/**
 * The public keys of those who sign, in the topic `keys`, which keeps every record. Each record is signed by the
 * operator; who reads them believes the operator's keys that it has as files, and those that these have published.
 */

import { createPublicKey } from 'node:crypto';
import type { Leak } from '#core/keys/leak.ts';
import { type Revocation, Revocations, withdrawsSince } from '#core/keys/revocations.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { principalOfKey } from '#exchange/keys/files.ts';
import { type PublicKey, type Signed, signatureHolds, signerOf, type SigningKey } from '#exchange/keys/signatures.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import type { Headers, OutgoingRecord } from '#platform/kafka/record.ts';
import { leaksIn } from './leaks.ts';
import { signingRevokedIn } from './revoked-signing.ts';
import { saidRecord } from './said.ts';
import { KEYS_TOPIC } from './topics.ts';

export type SignedRecord = Signed & {
  readonly headers: Headers;
  /** When it was appended, on the broker's clock. Where that isn't known, it is after all that was ever revoked. */
  readonly appendedAtMs?: number | undefined;
};

export interface SignatureCheck {
  /** Null: the record is of that principal; also where no key of it was ever published, for then nothing is signed. */
  faultOf(principal: string, record: SignedRecord): string | null;
  /** Whose key has signed it: for what nobody may say unsigned. Null: nobody's that is published. */
  provenSigner(record: SignedRecord): string | null;
  /** Whether the key is published that the record says it is signed with; it may be in a moment. */
  knowsKeyOf(record: SignedRecord): boolean;
}

export class PublicKeys implements SignatureCheck {
  readonly #anchors: Map<string, PublicKey>;
  readonly #keys = new Map<string, PublicKey>();
  readonly #principals = new Set<string>();
  readonly #revoked = new Revocations();
  #leaked: readonly Leak[] = [];

  constructor(anchors: readonly PublicKey[]) {
    this.#anchors = new Map(anchors.map((anchor) => [anchor.id, anchor]));
    for (const anchor of anchors) this.#add(anchor);
  }

  /** Whether a key of this name is published. */
  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** Those that count from some instant on, in the order in which they were published. */
  get starting(): readonly { readonly id: string; readonly fromMs: number }[] {
    return [...this.#keys.values()].flatMap(({ id, fromMs }) => (fromMs === undefined ? [] : [{ id, fromMs }]));
  }

  /** From when on the key of that name counts, on the broker's clock; null: none is published. */
  startsAtMs(id: string): number | null {
    const key = this.#keys.get(id);
    return key === undefined ? null : (key.fromMs ?? Number.NEGATIVE_INFINITY);
  }

  /** Whether any key of that principal is published. */
  knows(principal: string): boolean {
    return this.#principals.has(principal);
  }

  /** Of the keys that are revoked, each once. */
  get revoked(): readonly Revocation[] {
    return this.#revoked.all;
  }

  /** Of the revoked ones those that had leaked before that was known: the same list until more is said of one. */
  get leaked(): readonly Leak[] {
    return this.#leaked;
  }

  /** Null: the key isn't revoked. */
  revocationOf(id: string): Revocation | null {
    return this.#revoked.of(id);
  }

  /**
   * A record of the topic, in its order: the first that publishes a key of a name counts, and each that revokes one.
   * @returns whether it does
   */
  take(record: SignedRecord): boolean {
    const anchor = this.#anchors.get(signerOf(record.headers));
    if (anchor === undefined || this.#refuses(anchor, record) || !signatureHolds(anchor, record)) return false;
    const revoked = signingRevokedIn(record.value);
    if (revoked !== null) {
      const before = this.#revoked.of(revoked.key);
      this.#revoked.take({ ...revoked, atMs: record.appendedAtMs ?? Number.NEGATIVE_INFINITY });
      const after = this.#revoked.of(revoked.key);
      if (after !== null && after !== before && withdrawsSince(after)) this.#leaked = leaksIn(this.#revoked);
      return true;
    }
    const key = keyOf(record.value);
    if (key === null || this.#keys.has(key.id)) return false;
    this.#add(key);
    // Whom an anchor believes to be the operator: its next key needs no restart of who checks.
    if (key.principal === OPERATOR) this.#anchors.set(key.id, key);
    return true;
  }

  faultOf(principal: string, record: SignedRecord): string | null {
    if (!this.#principals.has(principal)) return null;
    const key = this.#keys.get(signerOf(record.headers));
    if (key === undefined) return 'it is signed with no key that is known';
    if (key.principal !== principal) return `it is signed by ${key.principal}, not by ${principal}`;
    if (this.#refuses(key, record)) return 'its key did not count when it was appended';
    return signatureHolds(key, record) ? null : 'its signature does not hold';
  }

  provenSigner(record: SignedRecord): string | null {
    const key = this.#keys.get(signerOf(record.headers));
    return key !== undefined && !this.#refuses(key, record) && signatureHolds(key, record) ? key.principal : null;
  }

  knowsKeyOf({ headers }: SignedRecord): boolean {
    return this.#keys.has(signerOf(headers));
  }

  #refuses({ id, fromMs }: PublicKey, { appendedAtMs = Number.POSITIVE_INFINITY }: SignedRecord): boolean {
    return this.#revoked.refuses(id, appendedAtMs) || appendedAtMs < (fromMs ?? Number.NEGATIVE_INFINITY);
  }

  #add(key: PublicKey): void {
    this.#keys.set(key.id, key);
    this.#principals.add(key.principal);
  }
}

export function publicKeyRecord({ id, publicKey, fromMs }: PublicKey, operator: SigningKey): OutgoingRecord {
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const start = fromMs === undefined ? {} : { fromMs };
  return saidRecord(KEYS_TOPIC, id, { key: { id, spki, ...start } }, operator);
}

/** Null: it publishes no key that this version knows how to use. */
function keyOf(value: Buffer | null): PublicKey | null {
  try {
    const { key } = JSON.parse(value?.toString('utf8') ?? '') as {
      key: { id: string; spki: string; fromMs?: unknown };
    };
    const start = Number.isSafeInteger(key.fromMs) ? { fromMs: key.fromMs as number } : {};
    const publicKey = createPublicKey({ key: Buffer.from(key.spki, 'base64'), format: 'der', type: 'spki' });
    const principal = principalOfKey(key.id);
    const isOne = principal !== '' && publicKey.asymmetricKeyType === 'ed25519';
    return isOne ? { id: key.id, principal, publicKey, ...start } : null;
  } catch {
    return null;
  }
}

/** All that are published now. @throws HutongError KAFKA_UNAVAILABLE */
export async function readPublicKeys(kafka: Kafka, anchors: readonly PublicKey[]): Promise<PublicKeys> {
  const keys = new PublicKeys(anchors);
  await TopicFeed.readAll(kafka, KEYS_TOPIC, (message) => void keys.take(signed(message)));
  return keys;
}

/** As it was fetched. */
export function signed({
  key,
  value,
  headers = {},
  timestamp,
}: {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Headers | undefined;
  readonly timestamp?: string | undefined;
}): SignedRecord {
  return { key, value, headers, appendedAtMs: timestamp === undefined ? undefined : Number(timestamp) };
}
