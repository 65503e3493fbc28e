/** What of a clause `tests` can never hold, and what of it the national notice forbids. */

import type { Around } from '#core/terms/around.ts';
import type { Fault } from '#core/terms/fault.ts';
import { obstaclesOfResults, unequalEffect } from '#core/terms/notice.ts';
import {
  arrivalFaults,
  countedFaults,
  daysKeptFor,
  gapFaults,
  hoursAlways,
  hoursOfTests,
} from '#core/terms/part-faults.ts';
import { apartWords } from '#core/terms/phrases.ts';
import type { WindowText } from '#core/terms/window-text.ts';
import type { TestsClauseText } from './schema.ts';

export function faults(clause: TestsClauseText, pointer: string, around: Around): Fault[] {
  return [
    ...countedFaults(clause, pointer, daysKeptFor(clause)),
    ...gapFaults(clause.apart, `${pointer}/apart`),
    ...roomFaults(clause, clause.window, `${pointer}/window`),
    ...(clause.alsoWithin ?? []).flatMap(({ window }, at) =>
      roomFaults(clause, window, `${pointer}/alsoWithin/${at}/window`),
    ),
    ...arrivalFaults(clause, pointer, around),
  ];
}

export const obstacles = (clause: TestsClauseText, pointer: string): Fault[] => obstaclesOfResults(clause, pointer);
export const unequal = (clause: TestsClauseText, pointer: string): Fault[] => unequalEffect(clause, pointer);

/** In a window of hours: nobody is sampled more often than that, one after the other. */
const HOURS_BETWEEN_MIN = 1;

/** So many tests so far apart must fit into the window, at whatever time of the day it is asked. */
function roomFaults({ count, apart }: TestsClauseText, window: WindowText, pointer: string): Fault[] {
  const neededHours = hoursOfTests(count, apart, window.unit === 'hours' ? HOURS_BETWEEN_MIN : 0);
  const room = hoursAlways(window);
  if (neededHours < room || (neededHours === room && (window.unit !== 'hours' || window.end === 'inclusive')))
    return [];
  return [
    {
      pointer,
      detail: `is too short for ${count} tests${apartWords(apart).en}`,
      mend: `make it at least ${neededHours} hours, or ask for less`,
    },
  ];
}
