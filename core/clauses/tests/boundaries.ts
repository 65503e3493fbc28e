/** Where a clause `tests` may come out otherwise. */

import { type Boundaries, endsOf, HOUR_SECONDS, resultAt } from '#core/terms/boundaries.ts';
import type { TestsClauseText } from './schema.ts';

export function boundaries(clause: TestsClauseText): Boundaries[] {
  const { count, apart } = clause;
  // On consecutive days: some of these lie on the next, whenever on a day the first was.
  const hours = apart?.onConsecutiveDays === true ? [12, 24] : [apart?.atLeastHours ?? 12];
  return hours.map((between) => {
    const gap = between * HOUR_SECONDS;
    const results = Array.from({ length: count }, (_, index) => resultAt(index * gap));
    return {
      results,
      samplings: [],
      instants: [{ at: 0 }, { at: (count - 1) * gap }, ...results.flatMap((one) => endsOf(one, clause))],
    };
  });
}
