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
  /** The key had leaked: what was appended under it then or later is withdrawn. Null: what lies there counts. */
  readonly sinceMs: number | null;
}

export class Revocations {
  /** By key, the one that reaches furthest back. */
  readonly #deciding = new Map<string, Revocation>();

  /** @returns why it has no effect; null: it has one, or another came before it */
  take(revocation: Revocation): string | null {
    if (revocation.why.length > REVOCATION_WHY_CHARS_MAX) return 'its reason is too long';
    const known = this.#deciding.get(revocation.key);
    if (known === undefined || isBefore(revocation, known)) this.#deciding.set(revocation.key, revocation);
    return null;
  }

  /** Of each revoked key the revocation that reaches furthest back, by the keys' names. */
  get all(): readonly Revocation[] {
    return [...this.#deciding.values()].toSorted((a, b) => compareText(a.key, b.key));
  }

  /** The one that reaches furthest back; null: the key isn't revoked. */
  of(key: string): Revocation | null {
    return this.#deciding.get(key) ?? null;
  }

  /** From when on what bears its tag counts no more; null: it isn't revoked. */
  endsAtMs(key: string): number | null {
    const deciding = this.#deciding.get(key);
    return deciding === undefined ? null : endMsOf(deciding);
  }

  /** @param appendedAtMs when a record was first appended under the key, on the broker's clock */
  refuses(key: string, appendedAtMs: number): boolean {
    const endsAtMs = this.endsAtMs(key);
    return endsAtMs !== null && appendedAtMs >= endsAtMs;
  }
}

/** From when on what bears the key's tag counts no more by this revocation. */
export function endMsOf({ atMs, sinceMs }: Revocation): number {
  return Math.min(sinceMs ?? Number.POSITIVE_INFINITY, atMs + REVOCATION_REACH_MS);
}

/** Whether it withdraws some of what was appended before whoever folds had to know of it. */
export function withdrawsSince({ atMs, sinceMs }: Revocation): boolean {
  return sinceMs !== null && sinceMs < atMs + REVOCATION_REACH_MS;
}

/** By their times and their reasons where they come to the same. */
function isBefore(a: Revocation, b: Revocation): boolean {
  const order = endMsOf(a) - endMsOf(b) || a.atMs - b.atMs || (a.sinceMs ?? 0) - (b.sinceMs ?? 0);
  return order < 0 || (order === 0 && compareText(a.why, b.why) < 0);
}
