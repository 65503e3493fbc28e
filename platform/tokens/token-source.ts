/**
 * Tokens for a client of the exchange: by client credentials, the client known by a signature of its own key
 * (`private_key_jwt`). Where it has a certificate, that is shown too, and the token is bound to it. A new one is got
 * before the old one ends, or when the certificate was renewed. It must never log a key or a token.
 */

import { type CryptoKey, decodeJwt, importJWK, type JWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { describeError, HutongError } from '#platform/errors.ts';
import { type Fetch, fetchAsNobody, fetchOf } from '#platform/fetch-as.ts';
import type { Identity } from '#platform/tls.ts';
import { metadataOf, requestOptions } from './issuer-keys.ts';

export interface ClientCredentials {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  /** With `alg`. */
  readonly privateKey: JWK;
  /** With which the issuer is asked, and then the door: the token counts with no other (RFC 8705). Null: as nobody. */
  readonly identity?: Identity | null;
}

/** So long before its end a token is replaced: what is under way then must still arrive with it. */
const RENEW_BEFORE_MS = 60_000;

export class TokenSource {
  readonly #client: ClientCredentials;
  readonly #now: () => number;
  readonly #certified: Fetch;
  #token: Got | null = null;
  /** One at a time, whoever waits for it. */
  #getting: Promise<string> | null = null;

  constructor(client: ClientCredentials, now: () => number = Date.now) {
    this.#client = client;
    this.#certified = fetchOf({ url: client.issuer, identity: client.identity ?? null });
    this.#now = now;
  }

  /** Whose certificate its present token counts with alone; null: it counts without one. */
  get identity(): Identity | null {
    return this.#token?.isBound === true ? (this.#client.identity ?? null) : null;
  }

  /** @throws HutongError ISSUER_UNAVAILABLE; TOKEN_REFUSED, where asking again is of no use */
  async token(): Promise<string> {
    if (this.#token !== null && this.#now() < this.#token.renewAtMs && this.#token.certificate === this.#certificate)
      return this.#token.text;
    this.#getting ??= this.#get().finally(() => {
      this.#getting = null;
    });
    return this.#getting;
  }

  /** A door is asked by it, with the token. An issuer that binds none gets its clients a door without a certificate. */
  readonly fetch: Fetch = (url, asked) => (this.identity === null ? fetchAsNobody : this.#certified)(url, asked);

  /** Another one once it was renewed: what is bound to the former one counts no more. */
  get #certificate(): string {
    return this.#client.identity?.options.cert ?? '';
  }

  async #get(): Promise<string> {
    const certificate = this.#certificate;
    const { issuer, audience, clientId, privateKey } = this.#client;
    try {
      const server = await metadataOf(issuer, this.#certified);
      const key = (await importJWK(privateKey)) as CryptoKey;
      const client: oauth.Client = { client_id: clientId };
      const response = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        oauth.PrivateKeyJwt({ key, ...(privateKey.kid === undefined ? {} : { kid: privateKey.kid }) }),
        new URLSearchParams({ resource: audience }),
        requestOptions(new URL(issuer), this.#certified),
      );
      const { access_token: text, expires_in: seconds = 60 } = await oauth.processClientCredentialsResponse(
        server,
        client,
        response,
      );
      const lastsMs = seconds * 1_000;
      const renewAtMs = this.#now() + Math.max(lastsMs / 2, lastsMs - RENEW_BEFORE_MS);
      this.#token = { text, renewAtMs, certificate, isBound: isBound(text) };
      return text;
    } catch (error) {
      throw errorOf(error, this.#client);
    }
  }
}

interface Got {
  readonly text: string;
  readonly renewAtMs: number;
  /** That was shown when it was got. */
  readonly certificate: string;
  readonly isBound: boolean;
}

/** A token that can't be looked into is taken for one that isn't. */
function isBound(token: string): boolean {
  try {
    return decodeJwt(token)['cnf'] !== undefined;
  } catch {
    return false;
  }
}

function errorOf(error: unknown, { issuer, clientId }: ClientCredentials): HutongError {
  if (error instanceof oauth.ResponseBodyError && error.status < 500)
    return new HutongError('TOKEN_REFUSED', `the issuer gives ${clientId} no token: ${reasonOf(error)}`, {
      retriable: false,
      hint: isUncertified(error)
        ? 'its certificate is to lie at hand: pki/ of the run directory, or HUTONG_TLS_CERT and HUTONG_TLS_KEY'
        : 'is this client registered there, with this key?',
      cause: error,
    });
  return new HutongError('ISSUER_UNAVAILABLE', `${issuer} gave no token: ${describeError(error)}`, {
    retriable: true,
    hint: 'is the issuer up and reachable?',
    cause: error,
  });
}

function reasonOf(error: oauth.ResponseBodyError): string {
  return isUncertified(error) ? `${error.error}, ${error.error_description}` : error.error;
}

/** As the development issuer says it, and most others. */
function isUncertified({ error_description: description = '' }: oauth.ResponseBodyError): boolean {
  return /certificate/i.test(description);
}
