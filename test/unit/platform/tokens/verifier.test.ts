/** A token counts if the issuer signed it for this exchange and it hasn't ended; refusals stand beside what counts. */

import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { IssuerKeys, KEYS_LOOK_MS } from '#platform/tokens/issuer-keys.ts';
import { TOKEN_AGE_MS_MAX, TokenVerifier } from '#platform/tokens/verifier.ts';
import { AUDIENCE, ISSUER, newSigningKey, published, type SigningKey, signToken } from '#test/support/tokens.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

const NOW_MS = Date.parse('2026-03-02T12:00:00+08:00');
const BOUND_MS = 3_600_000;
const KEY = newSigningKey('a');
const seconds = Math.floor(NOW_MS / 1_000);

/** An issuer that can be away, and a clock that only moves when a test says so. */
class Rig {
  keys: readonly SigningKey[] = [KEY];
  isAway = false;
  looks = 0;
  monotonicMs = 1_000_000;
  readonly issuerKeys = new IssuerKeys({
    read: async () => {
      this.looks += 1;
      if (this.isAway) throw new Error('connection refused');
      return published(...this.keys);
    },
    boundMs: BOUND_MS,
    monotonicMs: () => this.monotonicMs,
    logger: SILENT,
  });
  readonly verifier = new TokenVerifier(this.issuerKeys, { issuer: ISSUER, audience: AUDIENCE });

  verify(token: string, nowMs = NOW_MS) {
    return this.verifier.verify(token, nowMs);
  }
}

const NOBODY = { ok: false, why: 'not-identified' };

describe('a token', () => {
  it('that the issuer signed for this exchange gives its claims, and when it ends', async () => {
    expect(await new Rig().verify(await signToken(KEY, { nowMs: NOW_MS }))).toMatchObject({
      ok: true,
      claims: { client_id: 'gate-44', hutong: { destinations: ['44'] } },
      expiresAtMs: (seconds + 600) * 1_000,
      thumbprint: null,
    });
  });
  it('counts no longer than an hour, whatever it says', async () => {
    const token = await signToken(KEY, { nowMs: NOW_MS, claims: { exp: seconds + 86_400 } });
    const rig = new Rig();
    expect(await rig.verify(token)).toMatchObject({ expiresAtMs: seconds * 1_000 + TOKEN_AGE_MS_MAX });
    expect(await rig.verify(token, NOW_MS + TOKEN_AGE_MS_MAX + 10_000)).toMatchObject(NOBODY);
  });
  it('may name the certificate that it is bound to', async () => {
    const token = await signToken(KEY, { nowMs: NOW_MS, claims: { cnf: { 'x5t#S256': 'abc' } } });
    expect(await new Rig().verify(token)).toMatchObject({ ok: true, thumbprint: 'abc' });
  });
  it.each([
    ['that has ended', { claims: { exp: seconds - 60 } }, 'the token has ended'],
    ['that doesn’t count yet', { claims: { nbf: seconds + 60 } }, 'the token does not count yet'],
    ['for another audience', { claims: { aud: 'urn:other' } }, 'the token is for another audience'],
    [
      'that names another issuer, signed with a right key',
      { claims: { iss: 'https://other.example' } },
      'the token is of another issuer',
    ],
    ['without an end', { without: ['exp'] }, 'the token is no access token (RFC 9068)'],
    ['without a beginning', { without: ['iat'] }, 'the token is no access token (RFC 9068)'],
    ['without a client', { without: ['client_id'] }, 'the token is no access token (RFC 9068)'],
    ['that is an identity token', { header: { typ: 'JWT' } }, 'the token is no access token (RFC 9068)'],
    [
      'that is bound to a key of the caller’s',
      { claims: { cnf: { jkt: 'abc' } } },
      'the token is bound by another means than a certificate',
    ],
  ])('%s is nothing, and the issuer’s own words say why', async (_what, given, detail) => {
    const token = await signToken(KEY, { nowMs: NOW_MS, ...given });
    expect(await new Rig().verify(token)).toEqual({ ...NOBODY, detail });
  });
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token that the issuer hasn’t signed is nothing, and nothing is said of what it holds:', () => {
  it('with the right claims from the wrong issuer', async () => {
    const token = await signToken(newSigningKey('other'), { nowMs: NOW_MS });
    expect(await new Rig().verify(token)).toEqual(NOBODY);
  });
  it('from the wrong issuer under the name of a right key', async () => {
    const token = await signToken(newSigningKey(KEY.kid), { nowMs: NOW_MS });
    expect(await new Rig().verify(token)).toEqual(NOBODY);
  });
  it('that ended, from the wrong issuer', async () => {
    const token = await signToken(newSigningKey(KEY.kid), { nowMs: NOW_MS, claims: { exp: seconds - 60 } });
    expect(await new Rig().verify(token)).toEqual(NOBODY);
  });
  it('whose claims were changed', async () => {
    const [header, , signature] = (await signToken(KEY, { nowMs: NOW_MS })).split('.');
    const claims = { iss: ISSUER, aud: AUDIENCE, iat: seconds, exp: seconds + 600, client_id: 'operator', hutong: {} };
    expect(await new Rig().verify(`${header}.${part(claims)}.${signature}`)).toEqual(NOBODY);
  });
  it('without a signature', async () => {
    const [, claims] = (await signToken(KEY, { nowMs: NOW_MS })).split('.');
    expect(await new Rig().verify(`${part({ alg: 'none', typ: 'at+jwt' })}.${claims}.`)).toEqual(NOBODY);
  });
  it('with the issuer’s public key taken as a secret', async () => {
    const [, claims] = (await signToken(KEY, { nowMs: NOW_MS })).split('.');
    const head = `${part({ alg: 'HS256', typ: 'at+jwt', kid: KEY.kid })}.${claims}`;
    const secret = JSON.stringify(KEY.published);
    const token = `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
    expect(await new Rig().verify(token)).toEqual(NOBODY);
  });
  it('with a key that it brings along', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = { kid: KEY.kid, privateKey, published: KEY.published };
    const header = { jwk: publicKey.export({ format: 'jwk' }), jku: 'https://evil.example/keys' };
    expect(await new Rig().verify(await signToken(own, { nowMs: NOW_MS, header }))).toEqual(NOBODY);
  });
  it.each(['', 'x', 'a.b.c', '....', 'e30.e30.e30', 'x'.repeat(9_000)])('that is none at all: %s', async (text) => {
    expect(await new Rig().verify(text)).toEqual(NOBODY);
  });
});

describe('an issuer that is away', () => {
  it('is done without, for as long as its keys are new enough', async () => {
    const rig = new Rig();
    const token = await signToken(KEY, { nowMs: NOW_MS });
    expect(await rig.verify(token)).toMatchObject({ ok: true });
    rig.isAway = true;
    rig.monotonicMs += BOUND_MS;
    expect(await rig.verify(token)).toMatchObject({ ok: true });
    rig.monotonicMs += 1;
    expect(await rig.verify(token)).toEqual({ ok: false, why: 'issuer-unavailable' });
    rig.isAway = false;
    rig.monotonicMs += KEYS_LOOK_MS;
    expect(await rig.verify(token)).toMatchObject({ ok: true });
  });
  it('from the start opens nothing', async () => {
    const rig = new Rig();
    rig.isAway = true;
    expect(await rig.verify(await signToken(KEY, { nowMs: NOW_MS }))).toEqual({ ok: false, why: 'issuer-unavailable' });
  });
  it('is not asked once for each token that names a key of nobody’s', async () => {
    const rig = new Rig();
    const tokens = await Promise.all(['x', 'y', 'z'].map((kid) => signToken(newSigningKey(kid), { nowMs: NOW_MS })));
    for (const token of tokens) expect(await rig.verify(token)).toEqual(NOBODY);
    expect(rig.looks).toBe(1);
    rig.monotonicMs += KEYS_LOOK_MS;
    for (const token of tokens) expect(await rig.verify(token)).toEqual(NOBODY);
    expect(rig.looks).toBe(2);
  });
});

describe('the issuer’s keys', () => {
  it('are looked at again for a token under a new one', async () => {
    const rig = new Rig();
    const next = newSigningKey('b');
    expect(await rig.verify(await signToken(KEY, { nowMs: NOW_MS }))).toMatchObject({ ok: true });
    rig.keys = [KEY, next];
    rig.monotonicMs += KEYS_LOOK_MS;
    expect(await rig.verify(await signToken(next, { nowMs: NOW_MS }))).toMatchObject({ ok: true });
  });
  it('that were withdrawn sign no more', async () => {
    const rig = new Rig();
    const token = await signToken(KEY, { nowMs: NOW_MS });
    expect(await rig.verify(token)).toMatchObject({ ok: true });
    const { keysVersion } = rig.verifier;
    rig.keys = [newSigningKey('b')];
    rig.monotonicMs += KEYS_LOOK_MS;
    await rig.issuerKeys.lookAgain();
    expect(rig.verifier.keysVersion).not.toBe(keysVersion);
    expect(await rig.verify(token)).toEqual(NOBODY);
  });
});
