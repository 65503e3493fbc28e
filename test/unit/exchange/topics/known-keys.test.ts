/** What the topic `keys` says of when a key counts: by the operator's word alone. */

import { describe, expect, it } from 'vitest';
import { REVOCATION_REACH_MS } from '#core/keys/revocations.ts';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { keyStartRecord } from '#exchange/topics/key-starts.ts';
import { KnownKeys } from '#exchange/topics/known-keys.ts';
import { publicKeyRecord } from '#exchange/topics/public-keys.ts';
import { revocationRecord } from '#exchange/topics/revocations.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { publicKey, signingKey } from '#test/support/keys.ts';

const KEY = 'province-43-2';
const OPERATOR = signingKey('operator');
const known = (...records: readonly OutgoingRecord[]): KnownKeys => {
  const keys = new KnownKeys([publicKey('operator')]);
  for (const record of records) keys.take({ ...record, timestamp: '1000' } as unknown as KafkaMessage);
  return keys;
};
const start = (fromMs: number, key = KEY) => keyStartRecord({ key, fromMs }, OPERATOR);

describe('a key of records', () => {
  it('that was tagged with before its time counted', () => {
    const keys = known(start(500_000));
    expect([499_999, 500_000].map((atMs) => keys.refuses(KEY, atMs))).toEqual([true, false]);
    expect([499_999, 500_000].map((atMs) => keys.mayTag(KEY, atMs))).toEqual([false, true]);
    expect([keys.refuses('province-43-1', 1), keys.mayTag('province-43-1', 1)]).toEqual([false, true]);
    expect(keys.starts.all).toEqual([{ key: KEY, fromMs: 500_000, atMs: 1_000 }]);
  });
  it('counts from its start to its end', () => {
    const end = 1_000 + REVOCATION_REACH_MS;
    const keys = known(start(end + 5), revocationRecord({ key: KEY, why: 'lost', sinceMs: null }, OPERATOR));
    expect([end - 2, end - 1, end].map((atMs) => keys.refuses(KEY, atMs))).toEqual([false, false, true]);
    expect(keys.refuses(KEY, end + 5)).toBe(true); // its end came before its start
  });
  it('is made to start later by nobody else, nor by what has another form', () => {
    const others = [
      keyStartRecord({ key: KEY, fromMs: 500_000 }, signingKey('province-44')),
      keyStartRecord({ key: 'everybody', fromMs: 500_000 }, OPERATOR),
      { ...start(500_000), headers: {} },
    ];
    expect(known(publicKeyRecord(publicKey('province-44'), OPERATOR), ...others).starts.all).toEqual([]);
  });
});

it('what the operator says under its next key was passed over by who had no file of it', () => {
  const next = signingKey('operator', 2);
  const said = [
    revocationRecord({ key: 'province-43-1', why: 'lost', sinceMs: 5 }, next),
    keyStartRecord({ key: KEY, fromMs: 500_000 }, next),
  ];
  const keys = known(publicKeyRecord(publicKey('operator', 2), OPERATOR), ...said);
  expect([keys.leaks.length, keys.starts.all.length]).toEqual([1, 1]);
  const unpublished = known(...said);
  expect([unpublished.leaks.length, unpublished.starts.all.length]).toEqual([0, 0]);
});

describe('a key to sign with', () => {
  const record = (number: number, appendedAtMs: number | undefined) => {
    const bare = { key: Buffer.from('43-a'), value: Buffer.from('a watermark') };
    return { ...bare, headers: signatureHeaders(signingKey('province-43', number), bare), appendedAtMs };
  };
  it('that was signed with before its time counted', () => {
    const published = publicKeyRecord({ ...publicKey('province-43', 2), fromMs: 5_000 }, OPERATOR);
    const { keys } = known(publicKeyRecord(publicKey('province-43'), OPERATOR), published);
    const isFault = (number: number, atMs: number | undefined) =>
      keys.faultOf('province-43', record(number, atMs)) !== null;
    expect([4_999, 5_000, undefined].map((atMs) => isFault(2, atMs))).toEqual([true, false, false]);
    expect([4_999, 5_000].map((atMs) => keys.provenSigner(record(2, atMs)))).toEqual([null, 'province-43']);
    expect(isFault(1, 4_999)).toBe(false);
  });
  it('may be used once it is published, and from its start on', () => {
    const keys = known(publicKeyRecord({ ...publicKey('province-43', 2), fromMs: 5_000 }, OPERATOR));
    expect([4_999, 5_000].map((atMs) => keys.maySign(KEY, atMs))).toEqual([false, true]);
    expect([keys.maySign('province-43-1', 9_999), keys.knows('province-43'), keys.knows('province-44')]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
