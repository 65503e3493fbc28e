/**
 * Work in turns: long work that runs on the event loop stops every few milliseconds, so that probes, watermarks and the
 * requests of others aren't kept waiting by it. Written by hand: it is six lines around `setImmediate`.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** So long one turn may take. */
const TURN_MS = 8;

/** @returns to be awaited between two pieces of the work; it gives way when the turn is over, and else goes on */
export function inTurns(nowMs: () => number = () => performance.now()): () => Promise<void> {
  let beganMs = nowMs();
  return async () => {
    if (nowMs() - beganMs < TURN_MS) return;
    await nextTurn();
    beganMs = nowMs();
  };
}
