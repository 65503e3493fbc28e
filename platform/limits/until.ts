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
