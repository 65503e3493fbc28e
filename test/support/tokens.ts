/**
 * An issuer of tokens in memory, for tests of what takes them: keys as an issuer publishes them, and tokens that are
 * right but for what a test is about.
 */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JSONWebKeySet, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'urn:hutong:exchange';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly published: JWK;
}

export function newSigningKey(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, published: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}

export const published = (...keys: readonly SigningKey[]): JSONWebKeySet => ({
  keys: keys.map((key) => key.published),
});

export interface TokenOptions {
  readonly nowMs: number;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Claims that it doesn't have. */
  readonly without?: readonly string[];
}

/** Of `gate-44`, for ten minutes. */
export function signToken(
  { kid, privateKey }: SigningKey,
  { nowMs, claims = {}, header = {}, without = [] }: TokenOptions,
): Promise<string> {
  const seconds = Math.floor(nowMs / 1_000);
  const all: Record<string, unknown> = {
    iss: ISSUER,
    aud: AUDIENCE,
    iat: seconds,
    exp: seconds + 600,
    sub: 'gate-44',
    client_id: 'gate-44',
    hutong: { destinations: ['44'], purposes: 'all', modes: ['single'] },
    ...claims,
  };
  for (const name of without) delete all[name];
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header }).sign(privateKey);
}
