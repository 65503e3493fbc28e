/** Tokens in a caller's name: a right one, and one for each thing that may be wrong with it. It sends none. */

import { generateKeyPairSync } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Held } from '#exchange/identity/caller.ts';

export interface TokenIssuer {
  readonly url: string;
  readonly audience: string;
  /** With its private half: by it a token is made that is right but for one thing. */
  readonly signingKey: JWK;
}

export interface ShownToken {
  readonly kind: string;
  readonly token: string;
  /** Whether it counts. */
  readonly may: boolean;
}

const LASTS_SECONDS = 600;

interface Wrong {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: Parameters<SignJWT['sign']>[0];
}

export async function tokensOf(
  { url, audience, signingKey }: TokenIssuer,
  client: string,
  held: Held,
): Promise<readonly ShownToken[]> {
  const key = await importJWK(signingKey, 'ES256');
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const sign = ({ claims = {}, header = {}, key: other = key }: Wrong = {}): Promise<string> =>
    new SignJWT({
      iss: url,
      aud: audience,
      iat: nowSeconds,
      exp: nowSeconds + LASTS_SECONDS,
      sub: client,
      client_id: client,
      hutong: held,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: String(signingKey.kid), ...header })
      .sign(other);
  const right = await sign();
  const { privateKey: stranger } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const wrong: Readonly<Record<string, string>> = {
    'for another audience': await sign({ claims: { aud: 'urn:another' } }),
    'of another issuer': await sign({ claims: { iss: 'https://another.example' } }),
    'that has ended': await sign({ claims: { iat: nowSeconds - 1_200, exp: nowSeconds - 600 } }),
    'that is no access token': await sign({ header: { typ: 'JWT' } }),
    'signed by a stranger': await sign({ key: stranger }),
    'signed by a stranger, under a name of its own': await sign({ key: stranger, header: { kid: 'stranger' } }),
    'bound to a certificate that isn’t shown': await sign({ claims: { cnf: { 'x5t#S256': 'A'.repeat(43) } } }),
    'whose claims were changed': changed(right, { hutong: { ...held, provinces: 'all', destinations: 'all' } }),
    unsigned: unsigned(right),
    'cut short': right.slice(0, -8),
  };
  return [
    { kind: 'that is right', token: right, may: true },
    ...Object.entries(wrong).map(([kind, token]) => ({ kind, token, may: false })),
  ];
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function changed(token: string, claims: object): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object;
  return `${header}.${part({ ...said, ...claims })}.${signature}`;
}

function unsigned(token: string): string {
  return `${part({ alg: 'none', typ: 'at+jwt' })}.${token.split('.')[1]}.`;
}
