/** What of a clause `vaccination` can never hold, and what of it the national notice forbids. */

import type { Fault } from '#core/terms/fault.ts';
import { BESIDE, obstacle } from '#core/terms/notice.ts';
import { hoursAlways, LONGEST_MONTH_DAYS } from '#core/terms/part-faults.ts';
import type { VaccinationClauseText } from './schema.ts';

export function faults(
  { window, atLeastDaysAgo = 0, atLeastMonthsAgo = 0 }: VaccinationClauseText,
  pointer: string,
): Fault[] {
  const field = atLeastMonthsAgo > 0 ? 'atLeastMonthsAgo' : 'atLeastDaysAgo';
  const daysAgo = Math.max(atLeastDaysAgo, atLeastMonthsAgo * LONGEST_MONTH_DAYS);
  if (window === undefined || daysAgo === 0 || hoursAlways(window) > daysAgo * 24) return [];
  return [
    {
      pointer: `${pointer}/${field}`,
      detail: 'begins when the window is over',
      mend: 'lengthen the window, or ask for less',
    },
  ];
}

export function obstacles(_clause: VaccinationClauseText, pointer: string): Fault[] {
  return [obstacle(pointer, 'asks for doses, and so turns away where none is found', BESIDE)];
}
