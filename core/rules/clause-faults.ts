/**
 * What of a clause, a condition or a duty can never hold, or reaches beyond the history that is kept: of the right
 * form, and yet never what its writer meant. Refused at load, for nobody would see it in an answer.
 */

import { PROVINCE_CODES } from '#core/field/regions.ts';
import { TESTS_KEPT_DAYS } from '#core/view/retention.ts';
import {
  type ApartText,
  type ClauseText,
  type ForText,
  HISTORY_DAYS_KEPT,
  type OfArrivalText,
  type VisitText,
  type WindowText,
} from './clause-text.ts';
import type { Fault } from './fault.ts';
import { type DutyText, NATIONAL, type RuleOwner, type SpanText } from './rule-text.ts';
import { isNoEarlier } from './spans.ts';

/** Of one clause, without those that stand in it. @param owner whose rule it is */
export function clauseFaults(clause: ClauseText, pointer: string, owner: RuleOwner): Fault[] {
  const faults = clause.for === undefined ? [] : forFaults(clause.for, `${pointer}/for`, owner);
  switch (clause.kind) {
    case 'result':
    case 'sampling':
      return [...faults, ...keptFaults(clause.window, `${pointer}/window`, daysKeptFor(clause))];
    case 'tests':
      return [
        ...faults,
        ...keptFaults(clause.window, `${pointer}/window`, daysKeptFor(clause)),
        ...apartFaults(clause.count, clause.window, clause.apart, pointer),
      ];
    case 'no_visit':
      return [...faults, ...visitFaults(clause, pointer)];
    case 'vaccination':
      return clause.window === undefined ||
        clause.atLeastDaysAgo === undefined ||
        hoursAlways(clause.window) > clause.atLeastDaysAgo * 24
        ? faults
        : [
            ...faults,
            {
              pointer: `${pointer}/atLeastDaysAgo`,
              detail: 'begins when the window is over',
              mend: 'lengthen the window, or ask for fewer days',
            },
          ];
    default:
      return faults;
  }
}

/** Of all duties together: their names, their order, and whether their spans can be filled. */
export function dutyFaults(duties: readonly DutyText[], owner: RuleOwner): Fault[] {
  const faults: Fault[] = [];
  for (const [at, { id, for: who, tests, supersedes = [] }] of duties.entries()) {
    if (who !== undefined) faults.push(...forFaults(who, `/duties/${at}/for`, owner));
    const above = duties.slice(0, at).map((one) => one.id);
    if (above.includes(id))
      faults.push({
        pointer: `/duties/${at}/id`,
        detail: 'is the id of another duty too',
        mend: 'give each duty an id of its own',
      });
    supersedes.forEach((name, index) => {
      if (!above.includes(name))
        faults.push({
          pointer: `/duties/${at}/supersedes/${index}`,
          detail: 'names no duty above this one',
          mend: 'put the stricter duty below those that it supersedes',
        });
    });
    if (tests === undefined) continue;
    faults.push(...gapFaults(tests.apart, `/duties/${at}/tests/apart`));
    tests.spans.forEach((span, index) => {
      const pointer = `/duties/${at}/tests/spans/${index}`;
      const before = tests.spans[index - 1];
      const days = span.unit === 'hours' ? span.to / 24 : span.to;
      if (span.from > span.to || (span.unit === 'hours' ? span.from === span.to : span.from === 0))
        faults.push({
          pointer,
          detail: 'is no span of time',
          mend: 'count hours from 0 and days of the stay from 1, and end it after it begins',
        });
      else if (days > TESTS_KEPT_DAYS)
        faults.push({
          pointer: `${pointer}/to`,
          detail: `lies beyond the tests that are kept (${TESTS_KEPT_DAYS} days)`,
          mend: `use at most ${TESTS_KEPT_DAYS} days`,
        });
      else if ((span.count - 1) * (tests.apart?.atLeastHours ?? 0) > hoursOf(span))
        faults.push({
          pointer,
          detail: `is too short for ${span.count} tests ${tests.apart?.atLeastHours} hours apart`,
          mend: 'lengthen it, or ask for less',
        });
      else if (before !== undefined && !isNoEarlier(span, before))
        faults.push({
          pointer,
          detail: 'may begin or end before the span above it',
          mend: 'put the spans in the order in which the tests are due',
        });
    });
  }
  return faults;
}

function hoursOf({ unit, from, to }: SpanText): number {
  return unit === 'hours' ? to - from : (to - from + 1) * 24;
}

function forFaults(
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

function visitFaults({ places, window }: VisitText, pointer: string): Fault[] {
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

function liesIn(owner: RuleOwner, code: string): boolean {
  return code.startsWith(owner) || (owner === '66' && code.startsWith('65'));
}

/** No window over records is longer than the history that is kept. */
function keptFaults({ length, unit }: WindowText, pointer: string, daysMax = HISTORY_DAYS_KEPT): Fault[] {
  const days = unit === 'hours' ? length / 24 : length;
  if (days <= daysMax) return [];
  return [
    {
      pointer: `${pointer}/length`,
      detail: `is longer than the history that is kept (${daysMax} days)`,
      mend: `use at most ${unit === 'hours' ? `${daysMax * 24} hours` : `${daysMax} days`}`,
    },
  ];
}

/** What is counted since an arrival stands beside an answer, and may look at all tests that are kept. */
function daysKeptFor({ sinceDayOfStay }: OfArrivalText): number {
  return sinceDayOfStay === undefined ? HISTORY_DAYS_KEPT : TESTS_KEPT_DAYS;
}

function gapFaults(
  { atLeastHours = 0, atMostHours = Number.POSITIVE_INFINITY }: ApartText = {},
  pointer: string,
): Fault[] {
  return atLeastHours > atMostHours
    ? [{ pointer, detail: 'asks for more hours at least than at most', mend: 'exchange the two' }]
    : [];
}

/** In a window of hours: nobody is sampled more often than that, one after the other. */
const HOURS_BETWEEN_MIN = 1;

/** So many tests so far apart must fit into the window, at whatever time of the day it is asked. */
function apartFaults(count: number, window: WindowText, apart: ApartText | undefined, pointer: string): Fault[] {
  const { atLeastHours = 0, atMostHours = Number.POSITIVE_INFINITY } = apart ?? {};
  if (atLeastHours > atMostHours) return gapFaults(apart, `${pointer}/apart`);
  const hoursApart = window.unit === 'hours' ? Math.max(atLeastHours, HOURS_BETWEEN_MIN) : atLeastHours;
  const neededHours = (count - 1) * hoursApart;
  const room = hoursAlways(window);
  if (neededHours < room || (neededHours === room && (window.unit === 'calendar_days' || window.end === 'inclusive')))
    return [];
  return [
    {
      pointer: `${pointer}/window`,
      detail: `is too short for ${count} tests, ${hoursApart} h apart or more`,
      mend: `make it at least ${neededHours} hours, or ask for less`,
    },
  ];
}

/** How far back a window reaches at every time of the day. */
function hoursAlways({ length, unit, end }: WindowText): number {
  return unit === 'hours' ? length : (end === 'inclusive' ? length : length - 1) * 24;
}
