/**
 * What of a clause, a condition or a duty can never hold, or reaches beyond the history that is kept: of the right form,
 * and yet never what its writer meant. Refused at load, for nobody would see it in an answer.
 */
import { type ApartText, type ClauseText, type ForText, HISTORY_DAYS_KEPT, type VisitText, type WindowText } from './policy-clauses.ts';
import { type DutyText, NATIONAL, type RuleOwner } from './policy.ts';
import { PROVINCE_CODES } from './regions.ts';

interface Fault {
  readonly pointer: string;
  readonly detail: string;
  readonly mend: string;
}

/** Of one clause, without those that stand in it. @param owner whose rule it is */
export function clauseFaults(clause: ClauseText, pointer: string, owner: RuleOwner): Fault[] {
  const faults = clause.for === undefined ? [] : forFaults(clause.for, `${pointer}/for`, owner);
  switch (clause.kind) {
    case 'result':
    case 'sampling':
      return [...faults, ...keptFaults(clause.window, `${pointer}/window`)];
    case 'tests':
      return [...faults, ...keptFaults(clause.window, `${pointer}/window`), ...apartFaults(clause.count, clause.window, clause.apart, pointer)];
    case 'no_visit':
      return [...faults, ...visitFaults(clause, pointer)];
    case 'vaccination':
      return clause.window === undefined || clause.atLeastDaysAgo === undefined || hoursAlways(clause.window) > clause.atLeastDaysAgo * 24 ? faults : [...faults, { pointer: `${pointer}/atLeastDaysAgo`, detail: 'begins when the window is over', mend: 'lengthen the window, or ask for fewer days' }];
    default:
      return faults;
  }
}

export function dutyFaults({ for: who, tests }: DutyText, pointer: string, owner: RuleOwner): Fault[] {
  const faults = who === undefined ? [] : forFaults(who, `${pointer}/for`, owner);
  if (tests === undefined) return faults;
  const { count, window, apart, onDays } = tests;
  faults.push(...keptFaults(window, `${pointer}/tests/window`), ...apartFaults(count, window, apart, `${pointer}/tests`));
  if (onDays === undefined) return faults;
  if (onDays.length !== count) faults.push({ pointer: `${pointer}/tests/onDays`, detail: `names ${onDays.length} day${onDays.length === 1 ? '' : 's'} for ${count} tests`, mend: 'name one day for each test, or correct `count`' });
  const lastDay = lastDayIn(window);
  onDays.forEach((day, at) => {
    if (day > lastDay) faults.push({ pointer: `${pointer}/tests/onDays/${at}`, detail: `day ${day} lies beyond the window, whose last is day ${lastDay}`, mend: 'lengthen the window, or name an earlier day; the day of arrival is day 1' });
  });
  return faults;
}

function forFaults({ ageYears, stayHoursAtMost, stayHoursMoreThan, place, registeredIn, visited, notVisited }: ForText, pointer: string, owner: RuleOwner): Fault[] {
  const faults: Fault[] = [];
  const { from = 0, under = Number.POSITIVE_INFINITY, upTo = Number.POSITIVE_INFINITY } = ageYears ?? {};
  if (from >= under || from > upTo) faults.push({ pointer: `${pointer}/ageYears`, detail: 'is no age of anybody', mend: 'give a `from` below `under`, and none above `upTo`' });
  if (stayHoursAtMost !== undefined && stayHoursMoreThan !== undefined && stayHoursMoreThan >= stayHoursAtMost) faults.push({ pointer: `${pointer}/stayHoursMoreThan`, detail: 'is no shorter than the stay at most', mend: 'exchange the two' });
  faults.push(...placeFaults(place, `${pointer}/place`), ...placeFaults(registeredIn, `${pointer}/registeredIn`));
  place?.forEach((code, at) => {
    if (owner !== NATIONAL && REGIONS.has(code.slice(0, 2)) && !liesIn(owner, code)) faults.push({ pointer: `${pointer}/place/${at}`, detail: `lies outside ${owner}, whose rule it is`, mend: 'name places of the province itself: what is meant is where the occasion is' });
  });
  if (visited !== undefined) faults.push(...visitFaults(visited, `${pointer}/visited`));
  if (notVisited !== undefined) faults.push(...visitFaults(notVisited, `${pointer}/notVisited`));
  return faults;
}

function visitFaults({ places, window }: VisitText, pointer: string): Fault[] {
  return [...keptFaults(window, `${pointer}/window`), ...placeFaults(places, `${pointer}/places`)];
}

/** The first two digits of GB/T 2260 codes. The Corps' places are coded under Xinjiang, 65. */
const REGIONS: ReadonlySet<string> = new Set([...PROVINCE_CODES, '71', '81', '82']);

function placeFaults(codes: readonly string[] | undefined, pointer: string): Fault[] {
  return (codes ?? []).flatMap((code, at) => (REGIONS.has(code.slice(0, 2)) ? [] : [{ pointer: `${pointer}/${at}`, detail: 'is in no province', mend: 'begin it with the two digits of one, as in GB/T 2260' }]));
}

function liesIn(owner: RuleOwner, code: string): boolean {
  return code.startsWith(owner) || (owner === '66' && code.startsWith('65'));
}

/** No window over records is longer than the history that is kept. */
function keptFaults({ length, unit }: WindowText, pointer: string): Fault[] {
  const days = unit === 'hours' ? length / 24 : length;
  if (days <= HISTORY_DAYS_KEPT) return [];
  return [{ pointer: `${pointer}/length`, detail: `is longer than the history that is kept (${HISTORY_DAYS_KEPT} days)`, mend: `use at most ${unit === 'hours' ? `${HISTORY_DAYS_KEPT * 24} hours` : `${HISTORY_DAYS_KEPT} days`}` }];
}

/** In a window of hours: nobody is sampled more often than that, one after the other. */
const HOURS_BETWEEN_MIN = 1;

/** So many tests so far apart must fit into the window, at whatever time of the day it is asked. */
function apartFaults(count: number, window: WindowText, apart: ApartText | undefined, pointer: string): Fault[] {
  const { atLeastHours = 0, atMostHours = Number.POSITIVE_INFINITY } = apart ?? {};
  if (atLeastHours > atMostHours) return [{ pointer: `${pointer}/apart`, detail: 'asks for more hours at least than at most', mend: 'exchange the two' }];
  const hoursApart = window.unit === 'hours' ? Math.max(atLeastHours, HOURS_BETWEEN_MIN) : atLeastHours;
  const neededHours = (count - 1) * hoursApart;
  const room = hoursAlways(window);
  if (neededHours < room || (neededHours === room && (window.unit === 'calendar_days' || window.end === 'inclusive'))) return [];
  return [{ pointer: `${pointer}/window`, detail: `is too short for ${count} tests, ${hoursApart} h apart or more`, mend: `make it at least ${neededHours} hours, or ask for less` }];
}

/** How far back a window reaches at every time of the day. */
function hoursAlways({ length, unit, end }: WindowText): number {
  return unit === 'hours' ? length : (end === 'inclusive' ? length : length - 1) * 24;
}

/** Counted from an arrival at whatever time; that day is day 1. */
function lastDayIn({ length, unit, end }: WindowText): number {
  return unit === 'hours' ? Math.ceil(length / 24) : end === 'inclusive' ? length + 1 : length;
}
