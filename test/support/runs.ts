/**
 * How many runs a property takes: all that its test names, or the share of them that HUTONG_TEST_SHARE sets (`make
 * unit`: a tenth). Nothing else in the tests may read that setting.
 */

/** A share of few runs would be next to none. */
const RUNS_MIN = 50;

export function readShare(text: string | undefined): number {
  const share = text === undefined || text === '' ? 1 : Number(text);
  if (share > 0 && share <= 1) return share;
  throw new RangeError(`HUTONG_TEST_SHARE is ${text}, not a number above 0 and up to 1`);
}

export function shareOf(whole: number, share: number): number {
  return Math.min(whole, Math.max(RUNS_MIN, Math.round(whole * share)));
}

const SHARE = readShare(process.env['HUTONG_TEST_SHARE']);

export const runs = (whole: number): number => shareOf(whole, SHARE);

/** Whether all runs are made. What must come up so often among them needn't come up in a share of them. */
export const ARE_ALL_RUNS = SHARE === 1;
