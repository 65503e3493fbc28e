/** When a refused caller may come again: spread out, so that those who were refused together don't return together. */
const FIRST_S = 1;
const SPREAD_S = 4;

/** Whole seconds, as the header takes them. @param random from 0 up to, not including, 1 */
export function retryAfterSeconds(random: number): number {
  return FIRST_S + Math.floor(random * SPREAD_S);
}
