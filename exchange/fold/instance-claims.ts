/**
 * Which claims of which process build on which full statement, as its watermarks are read. It believes no signature:
 * only what holds comes here.
 */

import { ClaimsRead, type Statement } from '#core/vouch/claims.ts';
import type { Watermark } from './watermark-tracker.ts';

/** Its sequence is 0 where it was written before there were claims. */
export type SignedWatermark = Watermark & Statement;

export class InstanceClaims {
  /** By instance and epoch: which process still is the instance isn't decided here. */
  readonly #read = new Map<string, ClaimsRead>();

  /**
   * @returns whether it is known what the watermark claims: not where the full one that it builds on isn't. One of a
   *   version that claimed nothing claims nothing.
   */
  take(watermark: SignedWatermark): boolean {
    const { instance, epoch, sequence } = watermark;
    if (sequence === 0) return true;
    const process = `${instance} ${epoch}`;
    const read = this.#read.get(process) ?? new ClaimsRead();
    this.#read.set(process, read);
    return read.take(watermark) !== null;
  }
}
