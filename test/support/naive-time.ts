/**
 * The calendar and the windows of rules, a second time: over civil dates and clocks written as text, by counting days
 * month by month. Slow and plain on purpose; it must never use the core's time or windows.
 */

import type { WindowText } from '#core/terms/window-text.ts';

/** `YYYY-MM-DD HH:MM:SS` in Beijing time. */
export type Civil = string;

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function lengthOf(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] as number);
}

/** Each month is counted up to once; the same few are asked for again and again. */
const daysBefore = new Map<string, number>();

/** Days since the first of January 2000, counted one month after another. */
export function dayNumber(civil: Civil): number {
  const ofMonth = civil.slice(0, 7);
  const days = daysBefore.get(ofMonth) ?? countedBefore(ofMonth);
  daysBefore.set(ofMonth, days);
  return days + Number(civil.slice(8, 10)) - 1;
}

function countedBefore(ofMonth: string): number {
  const [year, month] = ofMonth.split('-').map(Number) as [number, number];
  let days = 0;
  for (let y = 2000; y < year; y += 1) days += isLeap(y) ? 366 : 365;
  for (let m = 1; m < month; m += 1) days += lengthOf(year, m);
  return days;
}

export function secondNumber(civil: Civil): number {
  const clock = Number(civil.slice(11, 13)) * 3_600 + Number(civil.slice(14, 16)) * 60 + Number(civil.slice(17, 19));
  return dayNumber(civil) * 86_400 + clock;
}

export function civilOf(second: number): Civil {
  let days = Math.floor(second / 86_400);
  let year = 2000;
  for (; days >= (isLeap(year) ? 366 : 365); year += 1) days -= isLeap(year) ? 366 : 365;
  let month = 1;
  for (; days >= lengthOf(year, month); month += 1) days -= lengthOf(year, month);
  const rest = ((second % 86_400) + 86_400) % 86_400;
  const two = (value: number): string => String(value).padStart(2, '0');
  return (
    `${year}-${two(month)}-${two(days + 1)} ` +
    `${two(Math.floor(rest / 3_600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`
  );
}

export const later = (civil: Civil, seconds: number): Civil => civilOf(secondNumber(civil) + seconds);

/** The day of the month so many months later, or that month's last. */
export function monthsAfter(civil: Civil, months: number): number {
  const [startYear, startMonth, day] = civil.slice(0, 10).split('-').map(Number) as [number, number, number];
  let [year, month] = [startYear, startMonth];
  for (let passed = 0; passed < months; passed += 1) {
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  const two = (value: number): string => String(value).padStart(2, '0');
  return dayNumber(`${year}-${two(month)}-${two(Math.min(day, lengthOf(year, month)))}`);
}

/** The second at which a window is about to end, or has just ended. */
export function boundaryOf({ length, unit, end }: WindowText, anchor: Civil): Civil {
  if (unit === 'hours') return later(anchor, length * 3_600);
  if (unit === 'calendar_months')
    return civilOf((monthsAfter(anchor, length) + (end === 'inclusive' ? 1 : 0)) * 86_400);
  return civilOf((dayNumber(anchor) + length + (end === 'inclusive' ? 1 : 0)) * 86_400);
}

/** The last second at which a result counts. */
export function lastSecondOf(window: WindowText, anchor: Civil): Civil {
  const boundary = boundaryOf(window, anchor);
  return window.unit === 'hours' && window.end === 'inclusive' ? boundary : later(boundary, -1);
}

export function isInside({ length, unit, end }: WindowText, anchor: Civil, at: Civil): boolean {
  if (unit === 'calendar_months') {
    const days = monthsAfter(anchor, length) - dayNumber(at);
    return end === 'inclusive' ? days >= 0 : days > 0;
  }
  const passed = unit === 'hours' ? secondNumber(at) - secondNumber(anchor) : dayNumber(at) - dayNumber(anchor);
  const whole = unit === 'hours' ? length * 3_600 : length;
  return end === 'inclusive' ? passed <= whole : passed < whole;
}

/** Written so, what comes first stands first. */
export const isThere = (civil: Civil, at: Civil): boolean => civil <= at;
