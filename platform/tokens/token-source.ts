/**
 * Tokens for a client of the exchange: by client credentials, the client known by a signature of its own key
 * (`private_key_jwt`). A new one is got before the old one ends. It must never log a key or a token.
 */

import { type CryptoKey, importJWK, type JWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { describeError, HutongError } from '#platform/errors.ts';
import { metadataOf, requestOptions } from './issuer-keys.ts';

export interface ClientCredentials {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  /** With `alg`. */
  readonly privateKey: JWK;
}

/** So long before its end a token is replaced: what is under way then must still arrive with it. */
const RENEW_BEFORE_MS = 60_000;

export class TokenSource {
  readonly #client: ClientCredentials;
  readonly #now: () => number;
  #token: { readonly text: string; readonly renewAtMs: number } | null = null;
  /** One at a time, whoever waits for it. */
  #getting: Promise<string> | null = null;

  constructor(client: ClientCredentials, now: () => number = Date.now) {
    this.#client = client;
    this.#now = now;
  }

  /** @throws HutongError ISSUER_UNAVAILABLE; TOKEN_REFUSED, where asking again is of no use */
  async token(): Promise<string> {
    if (this.#token !== null && this.#now() < this.#token.renewAtMs) return this.#token.text;
    this.#getting ??= this.#get().finally(() => {
      this.#getting = null;
    });
    return this.#getting;
  }

  async #get(): Promise<string> {
    const { issuer, audience, clientId, privateKey } = this.#client;
    try {
      const server = await metadataOf(issuer);
      const key = (await importJWK(privateKey)) as CryptoKey;
      const client: oauth.Client = { client_id: clientId };
      const response = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        oauth.PrivateKeyJwt({ key, ...(privateKey.kid === undefined ? {} : { kid: privateKey.kid }) }),
        new URLSearchParams({ resource: audience }),
        requestOptions(new URL(issuer)),
      );
      const { access_token: text, expires_in: seconds = 60 } = await oauth.processClientCredentialsResponse(
        server,
        client,
        response,
      );
      const lastsMs = seconds * 1_000;
      this.#token = { text, renewAtMs: this.#now() + Math.max(lastsMs / 2, lastsMs - RENEW_BEFORE_MS) };
      return text;
    } catch (error) {
      throw errorOf(error, this.#client);
    }
  }
}

function errorOf(error: unknown, { issuer, clientId }: ClientCredentials): HutongError {
  if (error instanceof oauth.ResponseBodyError && error.status < 500)
    return new HutongError('TOKEN_REFUSED', `the issuer gives ${clientId} no token: ${error.error}`, {
      retriable: false,
      hint: 'is this client registered there, with this key?',
      cause: error,
    });
  return new HutongError('ISSUER_UNAVAILABLE', `${issuer} gave no token: ${describeError(error)}`, {
    retriable: true,
    hint: 'is the issuer up and reachable?',
    cause: error,
  });
}
