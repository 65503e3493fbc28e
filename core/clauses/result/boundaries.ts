/** Where a clause `result` may come out otherwise. */

import { type Boundaries, endsOf, resultAt } from '#core/terms/boundaries.ts';
import type { ResultClauseText } from './schema.ts';

/** Of a result that has all its times, and of one of which the sampling isn't known. */
export function boundaries(clause: ResultClauseText): Boundaries[] {
  const whole = resultAt(0);
  const results = isMoved(clause) ? [whole, { ...whole, sampled: null }] : [whole];
  return results.map((one) => ({ results: [one], samplings: [], instants: [{ at: 0 }, ...endsOf(one, clause)] }));
}

/** Whether a substitute stands for a time that a result may not have. */
function isMoved({ countFrom, alsoWithin = [] }: ResultClauseText): boolean {
  return [{ countFrom }, ...alsoWithin].some((one) => one.countFrom.some((anchor) => typeof anchor !== 'string'));
}
