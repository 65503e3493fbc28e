/**
 * What of the parts that clauses and duties have in common can never hold, or reaches beyond the history that is kept:
 * of the right form, and yet never what its writer meant. Refused at load, for nobody would see it in an answer.
 */

import { PROVINCE_CODES } from '#core/field/regions.ts';
import { TESTS_KEPT_DAYS } from '#core/view/retention.ts';
import type { Around } from './around.ts';
import type { ApartText, OfArrivalText } from './evidence-text.ts';
import type { Fault } from './fault.ts';
import type { ForText, VisitText } from './for-text.ts';
import { NATIONAL, type RuleOwner } from './source.ts';
import { type CountedText, HISTORY_DAYS_KEPT, type WindowText } from './window-text.ts';

/** Of whom a clause or a duty is for. @param owner whose rule it is */
export function forFaults(
  {
    ageYears,
    stayHoursAtMost,
    stayHoursMoreThan,
    place,
    registeredIn,
    registeredOutside,
    visited,
    notVisited,
  }: ForText,
  pointer: string,
  owner: RuleOwner,
): Fault[] {
  const faults: Fault[] = [];
  const { from = 0, under = Number.POSITIVE_INFINITY, upTo = Number.POSITIVE_INFINITY } = ageYears ?? {};
  if (from >= under || from > upTo)
    faults.push({
      pointer: `${pointer}/ageYears`,
      detail: 'is no age of anybody',
      mend: 'give a `from` below `under`, and none above `upTo`',
    });
  if (stayHoursAtMost !== undefined && stayHoursMoreThan !== undefined && stayHoursMoreThan >= stayHoursAtMost)
    faults.push({
      pointer: `${pointer}/stayHoursMoreThan`,
      detail: 'is no shorter than the stay at most',
      mend: 'exchange the two',
    });
  faults.push(
    ...placeFaults(place, `${pointer}/place`),
    ...placeFaults(registeredIn, `${pointer}/registeredIn`),
    ...placeFaults(registeredOutside, `${pointer}/registeredOutside`),
  );
  place?.forEach((code, at) => {
    if (owner !== NATIONAL && REGIONS.has(code.slice(0, 2)) && !liesIn(owner, code))
      faults.push({
        pointer: `${pointer}/place/${at}`,
        detail: `lies outside ${owner}, whose rule it is`,
        mend: 'name places of the province itself: what is meant is where the occasion is',
      });
  });
  if (visited !== undefined) faults.push(...visitFaults(visited, `${pointer}/visited`));
  if (notVisited !== undefined) faults.push(...visitFaults(notVisited, `${pointer}/notVisited`));
  return faults;
}

export function visitFaults({ places, window }: VisitText, pointer: string): Fault[] {
  return [...keptFaults(window, `${pointer}/window`), ...placeFaults(places, `${pointer}/places`)];
}

/** The first two digits of GB/T 2260 codes. The Corps' places are coded under Xinjiang, 65. */
const REGIONS: ReadonlySet<string> = new Set([...PROVINCE_CODES, '71', '81', '82']);

function placeFaults(codes: readonly string[] | undefined, pointer: string): Fault[] {
  return (codes ?? []).flatMap((code, at) =>
    REGIONS.has(code.slice(0, 2))
      ? []
      : [
          {
            pointer: `${pointer}/${at}`,
            detail: 'is in no province',
            mend: 'begin it with the two digits of one, as in GB/T 2260',
          },
        ],
  );
}

export function liesIn(owner: RuleOwner, code: string): boolean {
  return code.startsWith(owner) || (owner === '66' && code.startsWith('65'));
}

/** No window over records is longer than the history that is kept. */
export function keptFaults({ length, unit }: WindowText, pointer: string, daysMax = HISTORY_DAYS_KEPT): Fault[] {
  const days = unit === 'hours' ? length / 24 : unit === 'calendar_days' ? length : length * LONGEST_MONTH_DAYS;
  if (days <= daysMax) return [];
  return [
    {
      pointer: `${pointer}/length`,
      detail: `is longer than the history that is kept (${daysMax} days)`,
      mend: `use at most ${unit === 'hours' ? `${daysMax * 24} hours` : `${daysMax} days`}`,
    },
  ];
}

export const LONGEST_MONTH_DAYS = 31;
const SHORTEST_MONTH_HOURS = 28 * 24;

/** Of all windows that a result must be within. */
export function countedFaults(
  { window, alsoWithin = [] }: CountedText & { readonly alsoWithin?: readonly CountedText[] },
  pointer: string,
  daysMax: number,
): Fault[] {
  return [
    ...keptFaults(window, `${pointer}/window`, daysMax),
    ...alsoWithin.flatMap((also, at) => keptFaults(also.window, `${pointer}/alsoWithin/${at}/window`, daysMax)),
  ];
}

/** What is counted since an arrival stands beside an answer, and may look at all tests that are kept. */
export function daysKeptFor({ sinceDayOfStay }: OfArrivalText): number {
  return sinceDayOfStay === undefined ? HISTORY_DAYS_KEPT : TESTS_KEPT_DAYS;
}

/** Two instants of consecutive days are less than this many hours apart. */
const HOURS_OF_TWO_DAYS = 48;

/** Of how far apart tests must be. */
export function gapFaults(
  { atLeastHours = 0, atMostHours = Number.POSITIVE_INFINITY, onConsecutiveDays }: ApartText = {},
  pointer: string,
): Fault[] {
  if (atLeastHours > atMostHours)
    return [{ pointer, detail: 'asks for more hours at least than at most', mend: 'exchange the two' }];
  return onConsecutiveDays === true && atLeastHours >= HOURS_OF_TWO_DAYS
    ? [
        {
          pointer: `${pointer}/atLeastHours`,
          detail: 'is more than two consecutive days have',
          mend: `ask for less than ${HOURS_OF_TWO_DAYS} hours, or leave the days out`,
        },
      ]
    : [];
}

/** How many hours so many tests take at least, from the first to the last, whatever the time of the day. */
export function hoursOfTests(
  count: number,
  { atLeastHours = 0, onConsecutiveDays }: ApartText = {},
  hoursBetweenMin = 0,
): number {
  const byHours = (count - 1) * Math.max(atLeastHours, hoursBetweenMin);
  return onConsecutiveDays === true ? Math.max(byHours, (count - 1) * 24) : byHours;
}

/** How far back a window reaches at every time of the day. */
export function hoursAlways({ length, unit, end }: WindowText): number {
  if (unit === 'hours') return length;
  if (unit === 'calendar_months') return length * SHORTEST_MONTH_HOURS;
  return (end === 'inclusive' ? length : length - 1) * 24;
}

/** The arrival is asked for beside an answer only: nothing that recognises turns on it. */
export function arrivalFaults(
  { sinceDayOfStay, atArrival }: OfArrivalText,
  pointer: string,
  { stands }: Around,
): Fault[] {
  const faults: Fault[] = [];
  const field = sinceDayOfStay === undefined ? 'atArrival' : 'sinceDayOfStay';
  if (sinceDayOfStay === undefined && atArrival === undefined) return [];
  if (stands === 'in_clauses')
    faults.push({
      pointer: `${pointer}/${field}`,
      detail: 'looks at the arrival in a clause that recognises',
      mend: 'ask for it in a state or a duty',
    });
  if (sinceDayOfStay !== undefined && atArrival !== undefined)
    faults.push({
      pointer: `${pointer}/atArrival`,
      detail: 'asks for what was there at the arrival and was taken after it',
      mend: 'leave one of the two out',
    });
  return faults;
}
