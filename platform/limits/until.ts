/**
 * Looks again and again until something holds, for a bounded time. It never looks twice at once. Written by hand,
 * because tests hand in the sleep, so that no wait is a real one.
 */

import { setTimeout as delay } from 'node:timers/promises';

export interface Looking {
  readonly everyMs?: number;
  /** Of the waits between the looks; what the looks themselves take comes on top. */
  readonly waitMsMax?: number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

const EVERY_MS = 50;

/**
 * Does something that may fail again and again, until it succeeds.
 * @returns what it comes to. @throws what it threw last once the time is up, and at once what is final
 */
export async function untilDone<T>(
  work: () => Promise<T>,
  {
    everyMs = EVERY_MS,
    waitMsMax = Number.POSITIVE_INFINITY,
    sleep = (ms) => delay(ms),
    isFinal = () => false,
  }: Looking & { readonly isFinal?: (error: unknown) => boolean } = {},
): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    try {
      return await work();
    } catch (error) {
      if (isFinal(error) || waitedMs >= waitMsMax) throw error;
    }
    await sleep(everyMs);
  }
}

/** @returns whether it came to hold within the time. @throws what the look throws */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { everyMs = EVERY_MS, waitMsMax = Number.POSITIVE_INFINITY, sleep = (ms) => delay(ms) }: Looking = {},
): Promise<boolean> {
  for (let waitedMs = 0; !(await holds()); waitedMs += everyMs) {
    if (waitedMs >= waitMsMax) return false;
    await sleep(everyMs);
  }
  return true;
}
