/**
 * Which keys of records are revoked, and from when on what bears their tags counts no more. It comes to the same
 * whatever the order of what was said, and however often. Pure; it never sees a key, only its name.
 */

import { compareText } from '#core/field/text-order.ts';

/**
 * A revocation reaches what is appended so long after it, and later: by then whoever folds has read of it. So it never
 * matters who has read it when.
 */
export const REVOCATION_REACH_MS = 60_000;
export const REVOCATION_WHY_CHARS_MAX = 200;

export interface Revocation {
  /** The key's name, `province-43-1`. */
  readonly key: string;
  /** Why; it names no person. */
  readonly why: string;
  /** When it was appended, on the broker's clock. */
  readonly atMs: number;
}

export class Revocations {
  readonly #first = new Map<string, Revocation>();

  /** @returns why it has no effect; null: it has one, or another came before it */
  take(revocation: Revocation): string | null {
    if (revocation.why.length > REVOCATION_WHY_CHARS_MAX) return 'its reason is too long';
    const known = this.#first.get(revocation.key);
    if (known === undefined || isBefore(revocation, known)) this.#first.set(revocation.key, revocation);
    return null;
  }

  /** Of each revoked key the first revocation, by the keys' names. */
  get all(): readonly Revocation[] {
    return [...this.#first.values()].toSorted((a, b) => compareText(a.key, b.key));
  }

  /** From when on what bears its tag counts no more; null: it isn't revoked. */
  endsAtMs(key: string): number | null {
    const first = this.#first.get(key);
    return first === undefined ? null : first.atMs + REVOCATION_REACH_MS;
  }

  /** @param appendedAtMs when a record was first appended under the key, on the broker's clock */
  refuses(key: string, appendedAtMs: number): boolean {
    const endsAtMs = this.endsAtMs(key);
    return endsAtMs !== null && appendedAtMs >= endsAtMs;
  }
}

/** By their reasons where they were appended in one millisecond. */
function isBefore(a: Revocation, b: Revocation): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && compareText(a.why, b.why) < 0);
}
