/** Whose signature counts: by keys that the operator has published, and that nobody else can. */

import { describe, expect, it } from 'vitest';
import { REVOCATION_REACH_MS } from '#core/keys/revocations.ts';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { publicKeyRecord, PublicKeys, type SignedRecord } from '#exchange/topics/public-keys.ts';
import { readRevocation, revocationRecord } from '#exchange/topics/revocations.ts';
import { signingRevokedRecord } from '#exchange/topics/revoked-signing.ts';
import { publicKey, publishedKeys, signingKey } from '#test/support/keys.ts';

const OPERATOR = signingKey('operator');
const record = (signer: string | null, number = 1): SignedRecord => {
  const bare = { key: Buffer.from('43-a'), value: Buffer.from('a watermark') };
  return { ...bare, headers: signer === null ? {} : signatureHeaders(signingKey(signer, number), bare) };
};

describe('a signature', () => {
  const keys = publishedKeys();
  it('holds for its principal alone', () => {
    expect(keys.faultOf('province-43', record('province-43'))).toBeNull();
    expect(keys.faultOf('province-43', record('province-44'))).toContain('province-44');
    expect(keys.faultOf('province-43', record('operator'))).toContain('operator');
    expect(keys.faultOf('operator', record('operator'))).toBeNull();
  });
  it('holds for nothing else that is written, and is asked for', () => {
    const good = record('province-43');
    expect(keys.faultOf('province-43', { ...good, value: Buffer.from('another') })).toContain('does not hold');
    expect(keys.faultOf('province-43', { ...good, key: Buffer.from('43-b') })).toContain('does not hold');
    expect(keys.faultOf('province-43', record(null))).not.toBeNull();
    expect(keys.faultOf('province-43', record('province-43', 2))).toContain('no key that is known');
  });
});

describe('a public key', () => {
  it('counts once the operator has published it; until a province has one, nothing of it need be signed', () => {
    const keys = new PublicKeys([publicKey('operator')]);
    expect(keys.faultOf('province-43', record(null))).toBeNull();
    expect(keys.take(publicKeyRecord(publicKey('province-43', 2), OPERATOR))).toBe(true);
    expect(keys.faultOf('province-43', record('province-43', 2))).toBeNull();
    expect(keys.faultOf('province-43', record(null))).not.toBeNull();
    expect(keys.faultOf('province-44', record(null))).toBeNull();
  });
  it('is published by nobody else, and replaced by nobody', () => {
    const keys = new PublicKeys([publicKey('operator')]);
    expect(keys.take(publicKeyRecord(publicKey('province-44'), signingKey('province-43')))).toBe(false);
    expect(keys.take(publicKeyRecord(publicKey('province-44'), signingKey('operator', 2)))).toBe(false);
    expect(keys.take(publicKeyRecord(publicKey('province-44'), OPERATOR))).toBe(true);
    const other = { ...publicKey('province-44', 2), id: 'province-44-1' };
    expect(keys.take(publicKeyRecord(other, OPERATOR))).toBe(false);
    expect(keys.faultOf('province-44', record('province-44'))).toBeNull();
  });
  it('of the operator, published under an anchor, needed a restart of all who check', () => {
    const keys = new PublicKeys([publicKey('operator')]);
    const next = signingKey('operator', 2);
    const byNext = publicKeyRecord(publicKey('province-44'), next);
    expect(keys.take(byNext)).toBe(false); // before it is published
    expect(keys.take(publicKeyRecord(publicKey('operator', 3), next))).toBe(false);
    expect(keys.take(publicKeyRecord(publicKey('operator', 2), OPERATOR))).toBe(true);
    expect(keys.take(byNext)).toBe(true);
    expect(keys.provenSigner(record('operator', 2))).toBe('operator');
    // Whom the former anchor is taken away from believes neither it nor what it has published.
    const without = new PublicKeys([publicKey('operator', 5)]);
    expect(without.take(publicKeyRecord(publicKey('operator', 2), OPERATOR))).toBe(false);
  });
  it('of the operator publishes nothing before its time has come', () => {
    const keys = new PublicKeys([publicKey('operator')]);
    keys.take(publicKeyRecord({ ...publicKey('operator', 2), fromMs: 5_000 }, OPERATOR));
    const byNext = publicKeyRecord(publicKey('province-44'), signingKey('operator', 2));
    expect([4_999, 5_000].map((appendedAtMs) => keys.take({ ...byNext, appendedAtMs }))).toEqual([false, true]);
  });
  it('that says something else is passed over', () => {
    const keys = new PublicKeys([publicKey('operator')]);
    for (const value of ['', '{}', '{"key":{"id":"x","spki":"x"}}', '{"revoked":{"id":"province-43-1"}}'].map((text) =>
      Buffer.from(text),
    ))
      expect(keys.take({ key: null, value, headers: signatureHeaders(OPERATOR, { key: null, value }) })).toBe(false);
  });
});

describe('a key to sign with that was revoked', () => {
  const revokedAt = (
    atMs: number | undefined,
    key: string,
    signer = OPERATOR,
    sinceMs: number | null = null,
  ): PublicKeys => {
    const keys = publishedKeys();
    keys.take({ ...signingRevokedRecord({ key, why: 'stolen', sinceMs }, signer), appendedAtMs: atMs });
    return keys;
  };
  const at = (appendedAtMs: number | undefined) => ({ ...record('province-43'), appendedAtMs });
  const [last, first] = [1_000 + REVOCATION_REACH_MS - 1, 1_000 + REVOCATION_REACH_MS];

  it('counts for what was appended up to a minute later, and for nothing after it', () => {
    const keys = revokedAt(1_000, 'province-43-1');
    expect([last, first, undefined].map((ms) => keys.faultOf('province-43', at(ms)) === null)).toEqual([
      true,
      false,
      false,
    ]);
    expect([last, first].map((ms) => keys.provenSigner(at(ms)))).toEqual(['province-43', null]);
    expect(keys.knowsKeyOf(at(first))).toBe(true); // what it signs waits for nothing
    expect(keys.revoked).toEqual([{ key: 'province-43-1', why: 'stolen', atMs: 1_000, sinceMs: null }]);
  });
  it('that had leaked counts for what was appended before that, and for nothing since then', () => {
    const keys = revokedAt(1_000, 'province-43-1', OPERATOR, 700);
    expect([699, 700].map((ms) => keys.faultOf('province-43', at(ms)) === null)).toEqual([true, false]);
    expect([699, 700].map((ms) => keys.provenSigner(at(ms)))).toEqual(['province-43', null]);
    expect(keys.leaked).toMatchObject([{ key: 'province-43-1', sinceMs: 700 }]);
  });
  it('is told anew as leaked when it reaches further back, and not when nothing new is said', () => {
    const keys = revokedAt(1_000, 'province-43-1', OPERATOR, 700);
    const leakedAfter = (sinceMs: number | null) => {
      const said = signingRevokedRecord({ key: 'province-43-1', why: 'stolen', sinceMs }, OPERATOR);
      keys.take({ ...said, appendedAtMs: 1_000 });
      return keys.leaked;
    };
    const first = keys.leaked;
    expect([leakedAfter(700), leakedAfter(null), leakedAfter(800)].map((list) => list === first)).toEqual([
      true,
      true,
      true,
    ]);
    expect(leakedAfter(600)).not.toBe(first);
    expect(revokedAt(1_000, 'province-43-1').leaked).toEqual([]);
  });
  it('is that one: the next of its principal counts, and so does another’s', () => {
    const keys = revokedAt(1_000, 'province-43-1');
    keys.take(publicKeyRecord(publicKey('province-43', 2), OPERATOR));
    expect(keys.faultOf('province-43', { ...record('province-43', 2), appendedAtMs: first })).toBeNull();
    expect(keys.faultOf('province-44', { ...record('province-44'), appendedAtMs: first })).toBeNull();
  });
  it('is revoked by the operator’s anchor alone, and no anchor is', () => {
    for (const keys of [revokedAt(1_000, 'province-43-1', signingKey('province-44')), revokedAt(1_000, 'operator-1')])
      expect(keys.revoked).toEqual([]);
    expect(revokedAt(1_000, 'operator-1').provenSigner({ ...record('operator'), appendedAtMs: first })).toBe(
      'operator',
    );
  });
  it('isn’t one that records are tagged with, nor the other way round', () => {
    const signing = {
      ...signingRevokedRecord({ key: 'province-43-1', why: '', sinceMs: null }, OPERATOR),
      timestamp: '1000',
    };
    expect(readRevocation(signing as never, publishedKeys())).toBeNull();
    const keys = publishedKeys();
    keys.take({ ...revocationRecord({ key: 'province-43-1', why: '', sinceMs: null }, OPERATOR), appendedAtMs: 1_000 });
    expect(keys.revoked).toEqual([]);
  });
});
