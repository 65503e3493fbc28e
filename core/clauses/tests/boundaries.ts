/** Where a clause `tests` may come out otherwise. */

import { type Boundaries, HOUR_SECONDS, resultAt } from '#core/terms/boundaries.ts';
import type { TestsClauseText } from './schema.ts';

export function boundaries({ count, apart }: TestsClauseText): Boundaries[] {
  const gap = (apart?.atLeastHours ?? 12) * HOUR_SECONDS;
  const results = Array.from({ length: count }, (_, index) => resultAt(index * gap));
  return [
    {
      results,
      samplings: [],
      instants: [{ at: 0 }, { at: (count - 1) * gap }, ...results.map(({ issued }) => ({ windowFrom: issued }))],
    },
  ];
}
