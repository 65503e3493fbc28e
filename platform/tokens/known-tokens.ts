/**
 * Tokens that were verified, remembered by their hash with what was read from them, until they end or the issuer's keys
 * change. It must never remember a token that was refused: refusals cost no one but who asks for them.
 */

import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { TokenRefusal, VerifiedToken } from './verifier.ts';

/** About 10 MB when full; one that was pushed out is verified again. */
const REMEMBERED_MAX = 20_000;
/** Longer ones are refused unread. */
const TOKEN_CHARS_MAX = 8_192;

export interface KnownToken<C> {
  readonly ok: true;
  readonly caller: C;
  readonly expiresAtMs: number;
  readonly thumbprint: string | null;
}

export interface Verifying {
  /** Another one once tokens must be verified again. */
  readonly keysVersion: number;
  verify(token: string, nowMs: number): Promise<VerifiedToken | TokenRefusal>;
}

export class KnownTokens<C> {
  readonly #verifier: Verifying;
  readonly #callerOf: (claims: Readonly<Record<string, unknown>>) => C | null;
  readonly #known = new LRUCache<string, KnownToken<C> & { readonly keysVersion: number }>({ max: REMEMBERED_MAX });

  /** @param callerOf null where the claims are none of a caller */
  constructor(verifier: Verifying, callerOf: (claims: Readonly<Record<string, unknown>>) => C | null) {
    this.#verifier = verifier;
    this.#callerOf = callerOf;
  }

  /** Null: it has to be verified. */
  remembered(token: string, nowMs: number): KnownToken<C> | null {
    if (token.length > TOKEN_CHARS_MAX) return null;
    const known = this.#known.get(hashOf(token));
    if (known === undefined || nowMs >= known.expiresAtMs || known.keysVersion !== this.#verifier.keysVersion)
      return null;
    return known;
  }

  async verify(token: string, nowMs: number): Promise<KnownToken<C> | TokenRefusal> {
    if (token.length > TOKEN_CHARS_MAX) return { ok: false, why: 'not-identified' };
    const verified = await this.#verifier.verify(token, nowMs);
    if (!verified.ok) return verified;
    const caller = this.#callerOf(verified.claims);
    if (caller === null)
      return { ok: false, why: 'not-identified', detail: 'the token’s claims do not have the documented form' };
    const { expiresAtMs, thumbprint } = verified;
    const known = { ok: true, caller, expiresAtMs, thumbprint, keysVersion: this.#verifier.keysVersion } as const;
    this.#known.set(hashOf(token), known);
    return known;
  }
}

const hashOf = (token: string): string => hash('sha256', token, 'base64');
