/**
 * The public keys of the issuer of tokens, followed: read at the start, every minute, and when a token names a key that
 * isn't among them. While the issuer is away the last ones are used on, within a bound. It must never take keys of
 * another issuer than the one that it was told.
 */

import { createLocalJWKSet, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import * as oauth from 'oauth4webapi';
import { describeError } from '#platform/errors.ts';
import { type Fetch, fetchAsNobody } from '#platform/fetch-as.ts';
import { every } from '#platform/limits/every.ts';
import type { Logger } from '#platform/log.ts';

/** How old the keys are before they are read again. */
const KEYS_READ_AGAIN_MS = 60_000;
/** Between two readings, also of keys that are missing or of an issuer that is away. */
export const KEYS_LOOK_MS = 5_000;
const REQUEST_TIMEOUT_MS = 3_000;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface IssuerKeysOptions {
  readonly read: () => Promise<JSONWebKeySet>;
  /** Keys that were read longer ago are used no more. */
  readonly boundMs: number;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
}

export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys: LocalJWKSet | null = null;
  #text = '';
  #version = 0;
  #readAtMs = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** Null while there are none, or none that are new enough. */
  get keys(): LocalJWKSet | null {
    return this.ageMs > this.#options.boundMs ? null : this.#keys;
  }

  /** Another one once the keys have changed. */
  get version(): number {
    return this.#version;
  }

  get ageMs(): number {
    return this.#keys === null ? Number.POSITIVE_INFINITY : this.#options.monotonicMs() - this.#readAtMs;
  }

  /** Resolves after a first look, successful or not. @returns stops it */
  async follow(): Promise<() => void> {
    const stop = every(KEYS_LOOK_MS, async () => (this.ageMs < KEYS_READ_AGAIN_MS ? undefined : this.#look()));
    await this.#look();
    return stop;
  }

  /** Looks again, unless it did so a moment ago: a token may name a key that is new. */
  async lookAgain(): Promise<void> {
    if (this.#options.monotonicMs() - this.#lookedAtMs < KEYS_LOOK_MS) return this.#looking ?? undefined;
    return this.#look();
  }

  #look(): Promise<void> {
    this.#looking ??= this.#read().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    const { read, monotonicMs, logger } = this.#options;
    this.#lookedAtMs = monotonicMs();
    try {
      const keys = await read();
      const text = JSON.stringify(keys);
      this.#readAtMs = monotonicMs();
      if (text === this.#text) return;
      this.#keys = createLocalJWKSet(keys);
      this.#text = text;
      this.#version += 1;
    } catch (error) {
      const ageMs = Number.isFinite(this.ageMs) ? Math.round(this.ageMs) : null;
      logger.warn({ ageMs, error: describeError(error) }, 'the keys of the issuer of tokens can’t be read');
    }
  }
}

/**
 * What an issuer says of itself (RFC 8414, or OpenID Connect Discovery).
 * @param fetching with a certificate, where who asks shows one
 * @throws Error when it can't be had
 */
export async function metadataOf(issuer: string, fetching: Fetch = fetchAsNobody): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  let failure: unknown;
  for (const algorithm of ['oidc', 'oauth2'] as const)
    try {
      const response = await oauth.discoveryRequest(url, { algorithm, ...requestOptions(url, fetching) });
      return await oauth.processDiscoveryResponse(url, response);
    } catch (error) {
      failure ??= error;
    }
  throw failure;
}

/** As `IssuerKeysOptions` has it. */
export const keysOf = (issuer: string) => async (): Promise<JSONWebKeySet> => {
  const { jwks_uri: address } = await metadataOf(issuer);
  if (address === undefined) throw new Error('the issuer’s metadata names no keys');
  if (!isSafe(new URL(address))) throw new Error('the issuer’s keys are not at an https address');
  const response = await fetch(address, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`the issuer’s keys: status ${response.status}`);
  return (await response.json()) as JSONWebKeySet;
};

/** Over https; without it only on this machine, where nobody stands in between. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

/** As the library sends it: a form, or nothing. */
type Sent = oauth.CustomFetchOptions<string, URLSearchParams | null | undefined>;

/** For requests to the issuer. */
export function requestOptions(url: URL, fetching: Fetch) {
  return {
    [oauth.customFetch]: (address: string, { method, headers, body, signal }: Sent) =>
      fetching(address, {
        ...(method === undefined ? {} : { method }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined || body === null ? {} : { body: String(body) }),
        ...(signal === undefined ? {} : { signal }),
      }),
    [oauth.allowInsecureRequests]: url.protocol === 'http:' && isSafe(url),
    signal: () => AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  };
}
