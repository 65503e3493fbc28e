/** Where a clause `vaccination` may come out otherwise. */

import { type Boundaries, type Boundary, HOUR_SECONDS } from '#core/terms/boundaries.ts';
import type { VaccinationClauseText } from './schema.ts';

const DAY_SECONDS = 24 * HOUR_SECONDS;

export function boundaries({
  doses,
  window,
  atLeastDaysAgo = 0,
  atLeastMonthsAgo,
}: VaccinationClauseText): Boundaries[] {
  const enough = { given: 0, doseNumber: doses };
  const tooFew = { given: 0, doseNumber: doses - 1 };
  const later = { given: DAY_SECONDS, doseNumber: doses + 1 };
  const instants: Boundary[] = [{ at: 0 }, { at: atLeastDaysAgo * DAY_SECONDS }];
  // From the first instant of that day of the month on: there a window that leaves it out is over.
  if (atLeastMonthsAgo !== undefined)
    instants.push({ windowFrom: 0, window: { length: atLeastMonthsAgo, unit: 'calendar_months', end: 'exclusive' } });
  if (window !== undefined) instants.push({ windowFrom: 0 }, { windowFrom: DAY_SECONDS });
  return [[enough], [tooFew], [tooFew, later], [enough, later]].map((given) => ({
    results: [],
    samplings: [],
    doses: given,
    instants: [...instants, { at: DAY_SECONDS }, { at: (atLeastDaysAgo + 1) * DAY_SECONDS }],
  }));
}
