/**
 * Which claims of which process build on which full statement, as its watermarks are read. It believes no signature:
 * only what holds comes here.
 */

import { ClaimsRead, type HeadsByPlace, type Statement } from '#core/vouch/claims.ts';
import type { Watermark } from './watermark-tracker.ts';

/** Its sequence is 0 where it was written before there were claims. */
export type SignedWatermark = Watermark & Statement;

export class InstanceClaims {
  /** By instance and epoch: which process still is the instance isn't decided here. */
  readonly #read = new Map<string, ClaimsRead>();

  /**
   * All that the watermark claims. `none`: it is of a version that claimed nothing; `unfounded`: what it builds on
   * isn't known, so it isn't known what it claims.
   */
  take(watermark: SignedWatermark): HeadsByPlace | 'none' | 'unfounded' {
    const { instance, epoch, sequence } = watermark;
    if (sequence === 0) return 'none';
    const process = `${instance} ${epoch}`;
    const read = this.#read.get(process) ?? new ClaimsRead();
    this.#read.set(process, read);
    return read.take(watermark) ?? 'unfounded';
  }
}
