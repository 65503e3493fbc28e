/** Revocations as records: under the operator's signature alone, and up to which time all of them are known. */

import { describe, expect, it } from 'vitest';
import { REVOCATION_REACH_MS, Revocations } from '#core/keys/revocations.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { KeysFeed } from '#exchange/topics/keys-feed.ts';
import { KnownKeys } from '#exchange/topics/known-keys.ts';
import { leaksIn } from '#exchange/topics/leaks.ts';
import { publicKeyRecord, PublicKeys } from '#exchange/topics/public-keys.ts';
import { readRevocation, revocationRecord } from '#exchange/topics/revocations.ts';
import { HutongError } from '#platform/errors.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { publicKey, publishedKeys, signingKey } from '#test/support/keys.ts';

const ANCHORS = new PublicKeys([publicKey(OPERATOR)]);
const message = (record: OutgoingRecord, given: Partial<KafkaMessage> = {}): KafkaMessage =>
  ({ ...record, timestamp: '1000', ...given }) as unknown as KafkaMessage;
const REVOKED = { key: 'province-43-1', why: 'leaked', sinceMs: null };
const record = revocationRecord(REVOKED, signingKey(OPERATOR));

describe('a revocation', () => {
  it('is read as it was written, with the broker’s time', () => {
    expect(readRevocation(message(record), ANCHORS)).toEqual({ ...REVOKED, atMs: 1_000 });
  });
  it('of a key that had leaked says since when, and is read as it was written', () => {
    const said = revocationRecord({ ...REVOKED, sinceMs: 700 }, signingKey(OPERATOR));
    expect(readRevocation(message(said), ANCHORS)).toEqual({ ...REVOKED, sinceMs: 700, atMs: 1_000 });
  });
  it('by anybody else, a province whose key is published too, revokes nothing', () => {
    for (const signer of ['province-44', 'province-43', 'national'])
      expect(readRevocation(message(revocationRecord(REVOKED, signingKey(signer))), ANCHORS)).toBeNull();
    expect(readRevocation(message(revocationRecord(REVOKED, signingKey('province-44'))), publishedKeys())).toBeNull();
    expect(readRevocation(message(record, { value: Buffer.from('{}') }), ANCHORS)).toBeNull();
    expect(readRevocation(message(record, { headers: {} }), ANCHORS)).toBeNull();
  });
  it('isn’t what publishes a key, nor that of a later version, nor of what is no key', () => {
    const published = publicKeyRecord(publicKey('province-43', 2), signingKey(OPERATOR));
    expect(readRevocation(message(published), ANCHORS)).toBeNull();
    expect(ANCHORS.take(record)).toBe(false);
    const strange = revocationRecord({ key: 'everybody', why: '', sinceMs: null }, signingKey(OPERATOR));
    expect(readRevocation(message(strange), ANCHORS)).toBeNull();
  });
});

describe('the keys that had leaked', () => {
  it('are told by whose they were, each once, since when at the earliest', () => {
    const revocations = new Revocations();
    const said = (key: string, sinceMs: number | null) => revocations.take({ key, why: '', atMs: 1_000, sinceMs });
    for (const key of ['province-43-1', 'national-1', 'operator-2', 'nobody-1']) said(key, 700);
    said('province-43-1', 300);
    said('province-44-1', null);
    said('province-11-1', 1_000 + REVOCATION_REACH_MS);
    expect(leaksIn(revocations)).toEqual([
      { key: 'national-1', of: 'national', sinceMs: 700 },
      { key: 'operator-2', of: 'operator', sinceMs: 700 },
      { key: 'province-43-1', of: '43', sinceMs: 300 },
    ]);
    const feed = { toTheEnd: async () => undefined, stop: async () => undefined };
    const known = new KnownKeys([publicKey(OPERATOR)]);
    known.take(message(revocationRecord({ ...REVOKED, sinceMs: 300 }, signingKey(OPERATOR))));
    expect(new KeysFeed(known, feed).leaks).toEqual([{ key: 'province-43-1', of: '43', sinceMs: 300 }]);
  });
});

describe('whoever judges a record', () => {
  const feed = (toTheEnd: () => Promise<void>) =>
    new KeysFeed(new KnownKeys([]), { toTheEnd, stop: async () => undefined });

  it('has read the keys up to a minute before it, and asks where they end once a minute', async () => {
    let asked = 0;
    const keys = feed(async () => void (asked += 1));
    const atMs = 1_000_000;
    for (const appendedAtMs of [atMs, atMs, atMs + REVOCATION_REACH_MS]) await keys.readThrough(appendedAtMs);
    expect(asked).toBe(1);
    await keys.readThrough(atMs + REVOCATION_REACH_MS + 1);
    expect(asked).toBe(2);
    await keys.readThrough(Number.NEGATIVE_INFINITY); // of no record
    expect(asked).toBe(2);
  });
  it('asked for where they end once for each of a thousand records of a batch, all at once', async () => {
    let asked = 0;
    const keys = feed(async () => void (asked += 1));
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => keys.readThrough(1_000_000 + index)));
    expect(asked).toBe(1);
  });
  it('judges none while they can’t be read', async () => {
    const keys = feed(() => Promise.reject(new HutongError('KAFKA_UNAVAILABLE', 'away', { retriable: true })));
    await expect(keys.readThrough(1_000_000)).rejects.toThrow('away');
    await expect(keys.readThrough(1_000_000)).rejects.toThrow('away');
  });
});
