/**
 * How long to wait before asking again, so that those who failed together don't return together: exponential with full
 * jitter, that is, evenly drawn between nothing and a ceiling that doubles. Pure. Written by hand, because the
 * backoffs of cockatiel come with its way of retrying and draw by a chance of their own.
 */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Beyond this 2 to the power of it only overflows. */
const DOUBLINGS_MAX = 30;

/** @param failures so far, 1 or more; @param random from 0 up to, not including, 1 */
export function backoffMs(failures: number, { firstMs, maxMs }: BackoffLimits, random: number): number {
  return fullJitterMs(Math.min(firstMs * 2 ** Math.min(failures - 1, DOUBLINGS_MAX), maxMs), random);
}

/** For a wait whose ceiling is known already. */
export function fullJitterMs(ceilingMs: number, random: number): number {
  return Math.ceil(ceilingMs * random);
}
