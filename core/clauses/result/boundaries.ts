/** Where a clause `result` may come out otherwise. */

import { type Boundaries, resultAt } from '#core/terms/boundaries.ts';

export function boundaries(): Boundaries[] {
  const one = resultAt(0);
  return [
    {
      results: [one],
      samplings: [],
      instants: [{ at: 0 }, { windowFrom: one.issued }, { windowFrom: one.sampled }, { windowFrom: 'midnight_before' }],
    },
  ];
}
