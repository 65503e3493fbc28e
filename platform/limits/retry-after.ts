/**
 * When a refused caller may come again: spread out, so that those who were refused together don't return together.
 * Pure: chance is handed in. Written by hand: it is one line of arithmetic, and a library's would draw by a chance of
 * its own.
 */
const FIRST_S = 1;
const SPREAD_S = 4;

/** Whole seconds, as the header takes them. @param random from 0 up to, not including, 1 */
export function retryAfterSeconds(random: number): number {
  return FIRST_S + Math.floor(random * SPREAD_S);
}
