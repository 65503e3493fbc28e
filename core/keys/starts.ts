/**
 * From when on keys of records count. It comes to the same whatever the order of what was said, and however often.
 * Pure; it never sees a key, only its name.
 */

import { REVOCATION_REACH_MS } from './revocations.ts';

export interface KeyStart {
  /** The key's name, `province-43-2`. */
  readonly key: string;
  /** What is appended under it before then doesn't count, on the broker's clock. */
  readonly fromMs: number;
  /** When it was said, on the broker's clock. As a revocation it reaches what is appended 60 s later and after that. */
  readonly atMs: number;
}

export class Starts {
  readonly #starts = new Map<string, readonly KeyStart[]>();

  take(start: KeyStart): void {
    const known = this.#starts.get(start.key) ?? [];
    const isKnown = known.some(({ fromMs, atMs }) => fromMs === start.fromMs && atMs === start.atMs);
    if (!isKnown) this.#starts.set(start.key, [...known, start]);
  }

  /** From when on a key counts, by all that was said of it; null: nothing was. */
  startsAtMs(key: string): number | null {
    const known = this.#starts.get(key);
    return known === undefined ? null : Math.max(...known.map(({ fromMs }) => fromMs));
  }

  /** @param appendedAtMs when a record was first appended under the key, on the broker's clock */
  refuses(key: string, appendedAtMs: number): boolean {
    const known = this.#starts.get(key) ?? [];
    return known.some(({ fromMs, atMs }) => appendedAtMs >= atMs + REVOCATION_REACH_MS && appendedAtMs < fromMs);
  }

  get all(): readonly KeyStart[] {
    return [...this.#starts.values()].flat();
  }
}
