/**
 * A look-up's reading of freshness: a partition's bytes are parsed once, though they are read with every view, and the
 * withdrawals of a digest are fetched once, whoever asks for them. It never gives a freshness without the withdrawals
 * that belong to it.
 */

import { type Freshness, NO_FRESHNESS } from '#core/view/snapshot.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import { type Digest, parseFreshness, parseWithdrawals } from './stored-freshness.ts';

/** Partitions commit one after the other, so for a moment some of them have other withdrawals in force. */
const SETS_MAX = 4;

export class FreshnessReader {
  readonly #last = new Map<number, { readonly bytes: Buffer; readonly freshness: Freshness }>();
  readonly #sets = new Map<Digest, InForce>();
  readonly #fetching = new Map<Digest, Promise<InForce | null>>();

  /** Of these very bytes, where they are known. */
  known(partition: number, bytes: Buffer | null): Freshness | null {
    if (bytes === null) return NO_FRESHNESS;
    const last = this.#last.get(partition);
    return last?.bytes.equals(bytes) === true ? last.freshness : null;
  }

  /**
   * @param fetch the withdrawals that are stored beside it now
   * @returns null where these are of another commit by now
   */
  async read(partition: number, bytes: Buffer, fetch: () => Promise<string | null>): Promise<Freshness | null> {
    const { withdrawals: digest, ...stored } = parseFreshness(bytes.toString('utf8'));
    const withdrawals = await this.#setOf(digest, fetch);
    if (withdrawals === null) return null;
    // Whoever asks next may have read it meanwhile: what is said of one freshness is kept with the object.
    const known = this.known(partition, bytes);
    if (known !== null) return known;
    const freshness = { ...stored, withdrawals };
    this.#last.set(partition, { bytes, freshness });
    return freshness;
  }

  #setOf(digest: Digest, fetch: () => Promise<string | null>): Promise<InForce | null> | InForce | null {
    const known = this.#sets.get(digest) ?? (digest === '' ? parseWithdrawals(digest, null) : undefined);
    if (known !== undefined) return known;
    const fetching = this.#fetching.get(digest) ?? this.#fetch(digest, fetch);
    this.#fetching.set(digest, fetching);
    return fetching;
  }

  async #fetch(digest: Digest, fetch: () => Promise<string | null>): Promise<InForce | null> {
    try {
      const set = parseWithdrawals(digest, await fetch());
      if (set === null) return null;
      this.#sets.set(digest, set);
      if (this.#sets.size > SETS_MAX) this.#sets.delete(this.#sets.keys().next().value as Digest);
      return set;
    } finally {
      this.#fetching.delete(digest);
    }
  }
}
