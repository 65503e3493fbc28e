/** What of a clause `vaccination` can never hold, and what of it the national notice forbids. */

import type { Fault } from '#core/terms/fault.ts';
import { BESIDE, obstacle } from '#core/terms/notice.ts';
import { hoursAlways } from '#core/terms/part-faults.ts';
import type { VaccinationClauseText } from './schema.ts';

export function faults({ window, atLeastDaysAgo }: VaccinationClauseText, pointer: string): Fault[] {
  if (window === undefined || atLeastDaysAgo === undefined || hoursAlways(window) > atLeastDaysAgo * 24) return [];
  return [
    {
      pointer: `${pointer}/atLeastDaysAgo`,
      detail: 'begins when the window is over',
      mend: 'lengthen the window, or ask for fewer days',
    },
  ];
}

export function obstacles(_clause: VaccinationClauseText, pointer: string): Fault[] {
  return [obstacle(pointer, 'asks for doses, and so turns away where none is found', BESIDE)];
}
