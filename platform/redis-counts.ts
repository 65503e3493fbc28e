/** The common store of allowances: counters in Redis under `limits:`, which end by themselves, and nothing else. */

import type { Draw } from './limits/leases.ts';
import { within } from './limits/within.ts';
import { type Redis, redisUnavailable } from './redis.ts';

/** A request may wait for it. */
const DRAW_TIMEOUT_MS = 250;

/** @param what of the allowances: those of two kinds have counters of their own */
export function drawFrom(redis: Redis, what: string, windowMs: number): Draw {
  return async (key, window, amount) => {
    const name = `limits:${what}:${key}:${window}`;
    const counted = Promise.all([redis.incrby(name, amount), redis.pexpire(name, 2 * windowMs)]);
    const [drawn] = await within(counted, DRAW_TIMEOUT_MS, () => redisUnavailable(new Error('no count in time')));
    return drawn;
  };
}
