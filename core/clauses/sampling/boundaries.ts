/** Where a clause `sampling` may come out otherwise. */

import { type Boundaries, HOUR_SECONDS, resultAt } from '#core/terms/boundaries.ts';
import type { SamplingClauseText } from './schema.ts';

/** Results of which the last day is before, on or after that of a sampling. */
const CARRIED_HOURS = [20, 44, 48, 68, 72, 92];

export function boundaries({ carriesOver }: SamplingClauseText): Boundaries[] {
  const histories = carriesOver === true ? CARRIED_HOURS.map((hours) => [resultAt(-hours * HOUR_SECONDS)]) : [[]];
  return histories.map((results) => ({ results, samplings: [0], instants: [{ at: 0 }, { windowFrom: 0 }] }));
}
