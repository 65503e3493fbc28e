/**
 * What the issuer keeps, in memory: the assertions that clients have used, so that none counts twice. Tokens aren't
 * kept, for they prove themselves. It is the library's own, without its warning that it isn't for production.
 */

import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Entries, of all kinds together; the oldest goes first. */
const ENTRIES_MAX = 100_000;

export class MemoryAdapter implements Adapter {
  readonly #entries = new Map<string, { readonly payload: AdapterPayload; readonly endsAtMs: number }>();

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    this.#entries.delete(id);
    const endsAtMs = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1_000;
    this.#entries.set(id, { payload, endsAtMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > ENTRIES_MAX && oldest !== undefined) this.#entries.delete(oldest);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = this.#entries.get(id);
    if (found === undefined || found.endsAtMs > Date.now()) return found?.payload;
    this.#entries.delete(id);
    return undefined;
  }

  async findByUid(): Promise<undefined> {}

  async findByUserCode(): Promise<undefined> {}

  async consume(id: string): Promise<void> {
    const found = this.#entries.get(id);
    if (found !== undefined) found.payload.consumed = Math.floor(Date.now() / 1_000);
  }

  async destroy(id: string): Promise<void> {
    this.#entries.delete(id);
  }

  async revokeByGrantId(): Promise<void> {}
}
