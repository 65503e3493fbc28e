/** Whose signature counts: by keys that the operator has published, and that nobody else can. */

import { describe, expect, it } from 'vitest';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { publicKeyRecord, PublicKeys, type SignedRecord } from '#exchange/topics/public-keys.ts';
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
  it('that says something else is passed over', () => {
    const keys = new PublicKeys([publicKey('operator')]);
    for (const value of ['', '{}', '{"key":{"id":"x","spki":"x"}}', '{"revoked":{"id":"province-43-1"}}'].map((text) =>
      Buffer.from(text),
    ))
      expect(keys.take({ key: null, value, headers: signatureHeaders(OPERATOR, { key: null, value }) })).toBe(false);
  });
});
