/**
 * One access token to its claims, or to why it isn't taken. Issuer, audience, algorithm, type and times are checked
 * here, and nowhere else. It must never say anything of a token that the issuer hasn't signed.
 */

import { errors, type JWTPayload, jwtVerify, type LocalJWKSet } from 'jose';
import type { IssuerKeys } from './issuer-keys.ts';

/** Signatures that only the holder of a private key can make. */
const ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'PS256', 'PS384', 'RS256', 'RS384', 'EdDSA', 'Ed25519'];
/** A token counts no longer after it was issued, whatever it says: so long a client that was removed can go on. */
export const TOKEN_AGE_MS_MAX = 3_600_000;
/** Between the clocks of the issuer and of this machine. */
const CLOCK_TOLERANCE_SECONDS = 5;

export interface VerifiedToken {
  readonly ok: true;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly expiresAtMs: number;
  /** Of the certificate that it is bound to (RFC 8705), as `x5t#S256`; null: of none. */
  readonly thumbprint: string | null;
}

export type TokenRefusal =
  /** Without a detail: nobody who may has signed it. */
  | { readonly ok: false; readonly why: 'not-identified'; readonly detail?: string }
  /** It can't be verified now. */
  | { readonly ok: false; readonly why: 'issuer-unavailable' };

export interface VerifierOptions {
  readonly issuer: string;
  readonly audience: string;
}

export class TokenVerifier {
  readonly #keys: IssuerKeys;
  readonly #options: VerifierOptions;

  constructor(keys: IssuerKeys, options: VerifierOptions) {
    this.#keys = keys;
    this.#options = options;
  }

  get keysVersion(): number {
    return this.#keys.version;
  }

  async verify(token: string, nowMs: number): Promise<VerifiedToken | TokenRefusal> {
    let { keys } = this.#keys;
    if (keys === null) {
      await this.#keys.lookAgain();
      ({ keys } = this.#keys);
    }
    if (keys === null) return { ok: false, why: 'issuer-unavailable' };
    const read = await this.#verifyWith(keys, token, nowMs);
    if (read !== 'unknown-key') return read;
    await this.#keys.lookAgain();
    const again = await this.#verifyWith(this.#keys.keys ?? keys, token, nowMs);
    return again === 'unknown-key' ? NOT_SIGNED : again;
  }

  async #verifyWith(
    keys: LocalJWKSet,
    token: string,
    nowMs: number,
  ): Promise<VerifiedToken | TokenRefusal | 'unknown-key'> {
    const { issuer, audience } = this.#options;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: [...ALGORITHMS],
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'client_id'],
        maxTokenAge: TOKEN_AGE_MS_MAX / 1_000,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(nowMs),
      });
      return verified(payload);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return 'unknown-key';
      if (error instanceof errors.JOSEError) return { ...NOT_SIGNED, ...detailOf(error) };
      if (error instanceof TypeError) return NOT_SIGNED; // what the header asks for is nothing that there is
      throw error;
    }
  }
}

const NOT_SIGNED = { ok: false, why: 'not-identified' } as const satisfies TokenRefusal;

function verified(claims: JWTPayload): VerifiedToken | TokenRefusal {
  const { exp = 0, iat = 0, cnf } = claims;
  const thumbprint = (cnf as { 'x5t#S256'?: unknown } | undefined)?.['x5t#S256'];
  // Bound to something that can't be held against the connection: to a key of the caller's (RFC 9449), say.
  if (cnf !== undefined && typeof thumbprint !== 'string')
    return { ...NOT_SIGNED, detail: 'the token is bound by another means than a certificate' };
  return {
    ok: true,
    claims,
    expiresAtMs: Math.min(exp * 1_000, iat * 1_000 + TOKEN_AGE_MS_MAX),
    thumbprint: typeof thumbprint === 'string' ? thumbprint : null,
  };
}

/** The library looks at claims only once the signature is right: these are the issuer's own words. */
function detailOf(error: Error): { readonly detail?: string } {
  if (error instanceof errors.JWTExpired) return { detail: 'the token has ended' };
  if (!(error instanceof errors.JWTClaimValidationFailed)) return {};
  return { detail: CLAIM_DETAILS[error.claim] ?? 'the token is no access token (RFC 9068)' };
}

const CLAIM_DETAILS: Readonly<Record<string, string>> = {
  iss: 'the token is of another issuer',
  aud: 'the token is for another audience',
  nbf: 'the token does not count yet',
};
