/**
 * Which claims of which process build on which full statement, as its watermarks are read. It believes no signature:
 * only what holds comes here.
 */

import { ClaimsRead, type HeadsByPlace, type Statement } from '#core/vouch/claims.ts';
import type { Watermark } from './watermark-tracker.ts';

/** Its sequence is 0 where it was written before there were claims. */
export type SignedWatermark = Watermark & Statement;

export class InstanceClaims {
  readonly #read = new Map<string, { readonly epoch: number; readonly claims: ClaimsRead }>();

  /**
   * All that the watermark claims. `none`: it is of a version that claimed nothing; `unfounded`: what it builds on
   * isn't known, so it isn't known what it claims.
   */
  take(watermark: SignedWatermark): HeadsByPlace | 'none' | 'unfounded' {
    const { instance, epoch, sequence } = watermark;
    if (sequence === 0) return 'none';
    let known = this.#read.get(instance);
    if (known === undefined || known.epoch < epoch) {
      known = { epoch, claims: new ClaimsRead() };
      this.#read.set(instance, known);
    }
    // Of a former process: it counts no more.
    return known.epoch > epoch ? 'unfounded' : (known.claims.take(watermark) ?? 'unfounded');
  }
}
