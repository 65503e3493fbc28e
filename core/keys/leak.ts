/** A key that had leaked before it was revoked: what is withdrawn with it, and whose word that was. Never the key. */

import type { ProvinceCode } from '#core/field/regions.ts';

/** Whose word is what a key tags. The operator's tags copies of what anybody has written. */
export type KeyHolder = ProvinceCode | 'national' | 'operator';

export interface Leak {
  /** The key's name, `province-43-1`. */
  readonly key: string;
  readonly of: KeyHolder;
  /** What was first appended under it then or later is withdrawn, on the broker's clock. */
  readonly sinceMs: number;
}
