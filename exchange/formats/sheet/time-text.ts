/**
 * Dates and times as laboratories write them, to ISO 8601 as the door takes it. It must never make a time more precise
 * than it was written, nor choose between two days that the same text may mean.
 */

import { DAY_MS, MINUTE_MS, parseTime, SECOND_MS } from '#core/field/time.ts';
import { type Cell, textOfCell } from './cell.ts';
import type { SheetMapping } from './mapping.ts';

export type TimeSettings = Pick<SheetMapping, 'timeZone' | 'dateOrder' | 'serialDates'>;

export type SheetTime =
  /** With an offset. */
  | { readonly kind: 'time'; readonly iso: string }
  /** `YYYY-MM-DD` */
  | { readonly kind: 'date'; readonly iso: string }
  | { readonly kind: 'fault'; readonly reason: string; readonly hint: string };

type Parts = Readonly<Record<string, string | undefined>>;

const CLOCK =
  '(?<half1>上午|下午|中午|凌晨|晚上)? ?(?<hour>\\d{1,2})(?:(?:[:时点] ?)(?:(?<minute>\\d{1,2})(?:(?:[:分] ?)' +
  '(?:(?<second>\\d{1,2})(?:[.,](?<fraction>\\d{1,9}))? ?秒?)?)?)?)?(?: ?(?<half2>[ap]\\.?m\\.?))?' +
  '(?: ?(?<zone>z|utc|gmt|[+-]\\d{2}:?\\d{2}))?';
const MONTH = '(?<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const shape = (date: string) => new RegExp(`^${date}(?:(?:t| |,)? ?${CLOCK})?$`, 'u');

const YEAR_FIRST = shape('(?<year>\\d{4}) ?(?:[-/.年]) ?(?<month>\\d{1,2}) ?(?:[-/.月]) ?(?<day>\\d{1,2}) ?[日号]?');
const NAMED = shape(`${MONTH} ?(?<day>\\d{1,2}),? ?(?<year>\\d{4})`);
const NAMED_SECOND = shape(`(?<day>\\d{1,2})[- ]${MONTH}[- ,]*(?<year>\\d{4})`);
const YEAR_LAST = shape('(?<first>\\d{1,2})[-/.](?<next>\\d{1,2})[-/.](?<year>\\d{4})');
const COMPACT = new RegExp(
  '^(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})(?:[t ]?(?<hour>\\d{2}):?(?<minute>\\d{2})(?::?(?<second>\\d{2}))?)?' +
    '(?<zone>z|[+-]\\d{2}:?\\d{2})?$',
  'u',
);
const SERIAL = /^\d{5}(\.\d+)?$/;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

export function readTime(cell: Cell, settings: TimeSettings): SheetTime {
  if (cell.kind === 'clock') return ofWall(cell.wallMs, settings);
  const text = textOfCell(cell).normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
  if (SERIAL.test(text)) return ofSerial(Number(text), settings);
  const parts = (YEAR_FIRST.exec(text) ?? NAMED.exec(text) ?? NAMED_SECOND.exec(text) ?? COMPACT.exec(text))?.groups;
  if (parts !== undefined) return ofParts(parts, settings);
  const yearLast = YEAR_LAST.exec(text)?.groups;
  return yearLast === undefined ? NOT_A_TIME : ofYearLast(yearLast, settings);
}

const HINT = 'write it as 2022-07-05 08:30';
const NOT_A_TIME = { kind: 'fault', reason: 'is no date or time that is known', hint: HINT } as const;
const NO_DAY = { kind: 'fault', reason: 'is no day or time of the calendar', hint: HINT } as const;
const AMBIGUOUS = {
  kind: 'fault',
  reason: 'may be two days: which of its numbers is the month isn’t said',
  hint: 'write it as 2022-07-05 08:30, or say `dateOrder` in the mapping',
} as const;
const NO_MINUTE = { kind: 'fault', reason: 'has an hour, but no minute', hint: HINT } as const;

function ofYearLast(parts: Parts, settings: TimeSettings): SheetTime {
  const { first, next } = parts;
  if (settings.dateOrder === 'month_first') return ofParts({ ...parts, month: first, day: next }, settings);
  if (settings.dateOrder === 'day_first') return ofParts({ ...parts, month: next, day: first }, settings);
  return AMBIGUOUS;
}

function ofParts(parts: Parts, { timeZone }: TimeSettings): SheetTime {
  const month = parts['name'] === undefined ? parts['month'] : String(MONTHS.indexOf(parts['name']) + 1);
  const date = `${parts['year']}-${padded(month)}-${padded(parts['day'])}`;
  if (parts['hour'] === undefined) {
    if (parts['zone'] !== undefined) return NOT_A_TIME;
    return parseTime(date) === null ? NO_DAY : { kind: 'date', iso: date };
  }
  const hour = hourOf(parts);
  if (parts['minute'] === undefined) return NO_MINUTE;
  if (hour === null) return NO_DAY;
  const fraction = parts['fraction'] === undefined ? '' : `.${parts['fraction']}`;
  const second = parts['second'] === undefined ? '' : `:${padded(parts['second'])}${fraction}`;
  const iso = `${date}T${padded(String(hour))}:${padded(parts['minute'])}${second}${zoneOf(parts['zone'], timeZone)}`;
  return parseTime(iso) === null ? NO_DAY : { kind: 'time', iso };
}

/** Null where the half of the day and the hour don't go together. */
function hourOf({ hour, half1, half2 }: Parts): number | null {
  const given = Number(hour);
  const half = half1 ?? half2?.replaceAll('.', '');
  if (half === undefined) return given;
  if (half === 'am' || half === 'pm') {
    if (given < 1 || given > 12) return null;
    return (given % 12) + (half === 'pm' ? 12 : 0);
  }
  // Chinese clocks count 13 to 23 with these words too; 12 is written with 中午 or 下午 for noon, 凌晨 or 上午 not at all.
  if (half === '凌晨' || half === '上午') return given < 12 ? given : null;
  if (half === '中午') return given === 12 ? 12 : given < 3 ? given + 12 : given === 11 ? 11 : null;
  return given < 12 && (half === '下午' || given >= 5) ? given + 12 : given >= 12 ? given : null;
}

function zoneOf(zone: string | undefined, timeZone: string): string {
  if (zone === undefined) return timeZone;
  return zone.startsWith('+') || zone.startsWith('-') ? zone : 'Z';
}

function padded(digits = ''): string {
  return digits.padStart(2, '0');
}

/** Day 60 of the count from 1900 is a 29 February that never was; no event is that old. */
const DAY_0_MS = { '1900': Date.UTC(1899, 11, 30), '1904': Date.UTC(1904, 0, 1) } as const;

function ofSerial(serial: number, settings: TimeSettings): SheetTime {
  if (settings.serialDates === undefined)
    return {
      kind: 'fault',
      reason: 'is a bare number, as spreadsheets keep dates',
      hint: 'show the column as a date and save it again, or say `serialDates` in the mapping',
    };
  return ofWall(DAY_0_MS[settings.serialDates] + serial * DAY_MS, settings);
}

/** A year in which only a time without its day lies. */
const FIRST_YEAR = 1905;

/**
 * A workbook keeps days as fractions, so that a second may come as a hair less. Midnight is a day: whether the sender
 * showed a time beside it can't be seen.
 */
function ofWall(wallMs: number, { timeZone }: TimeSettings): SheetTime {
  const rounded = new Date(Math.round(wallMs / SECOND_MS) * SECOND_MS);
  if (Number.isNaN(rounded.getTime()) || rounded.getUTCFullYear() > 9_999) return NO_DAY;
  if (rounded.getUTCFullYear() < FIRST_YEAR)
    return { kind: 'fault', reason: 'is a time without its day', hint: 'write the day into the same cell' };
  const iso = rounded.toISOString();
  if (rounded.getTime() % DAY_MS === 0) return { kind: 'date', iso: iso.slice(0, 10) };
  const clock = iso.slice(0, rounded.getTime() % MINUTE_MS === 0 ? 16 : 19);
  return { kind: 'time', iso: `${clock}${timeZone}` };
}
