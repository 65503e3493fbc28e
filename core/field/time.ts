/**
 * Instants and civil days. Inside, a time is epoch milliseconds; at the edges it is ISO 8601 with an offset.
 * Days are days of Asia/Shanghai, which has kept UTC+8 without daylight saving since 1992 for the whole country,
 * Xinjiang's official time included. Nothing here reads a clock.
 */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

export const TIME_PRECISIONS = ['day', 'minute', 'second', 'millisecond'] as const;
export type TimePrecision = (typeof TIME_PRECISIONS)[number];

export interface ParsedTime {
  readonly atMs: number;
  readonly precision: TimePrecision;
}

/** Days since 1970-01-01 of the civil day in Asia/Shanghai that holds the instant. */
export function shanghaiDayOf(atMs: number): number {
  return Math.floor((atMs + SHANGHAI_OFFSET_MS) / DAY_MS);
}

/** The first instant of a day in Asia/Shanghai; `day` in days since 1970-01-01. */
export function startOfShanghaiDayMs(day: number): number {
  return day * DAY_MS - SHANGHAI_OFFSET_MS;
}

const DATE_CHARS = 'YYYY-MM-DD'.length;
const NANOSECOND_DIGITS = 9;
const MINUTE_CHARS = 'YYYY-MM-DDTHH:MM'.length;

/** Days since 1970-01-01 of `YYYY-MM-DD`, or null when that is no day of the calendar. */
export function parseDay(text: string): number | null {
  return text.length === DATE_CHARS ? dayIn(text) : null;
}

/** Of the first characters. By arithmetic, as all times here: each event has several, and is judged twice. */
function dayIn(text: string): number | null {
  const [year, month, day] = [numberIn(text, 0, 4), numberIn(text, 5, 2), numberIn(text, 8, 2)];
  if (text[4] !== '-' || text[7] !== '-') return null;
  const isDay = year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return isDay ? Date.UTC(year, month - 1, day) / DAY_MS : null;
}

/** What so many digits come to; NaN where something else stands there. */
function numberIn(text: string, from: number, digits: number): number {
  let value = 0;
  for (let at = from; at < from + digits; at += 1) value = value * 10 + digitAt(text, at);
  return value;
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

const ZERO = 0x30;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `YYYY-MM-DD` of days since 1970-01-01. */
export function formatDay(day: number): string {
  const slot = day & 63;
  if (DAYS[slot] !== day) {
    DAYS[slot] = day;
    DAY_TEXTS[slot] = new Date(day * DAY_MS).toISOString().slice(0, 10);
  }
  return DAY_TEXTS[slot] as string;
}

/** The times of answers are mostly of a few days: their texts are kept. */
const DAYS: number[] = Array.from({ length: 64 }, () => Number.NaN);
const DAY_TEXTS: string[] = Array.from({ length: 64 }, () => '');

/**
 * An instant from ISO 8601 with an offset, or from a date alone, which counts from 00:00 in Asia/Shanghai
 * (a time without an offset is not accepted: which instant it means can't be known). Null when it is neither.
 */
export function parseTime(text: string): ParsedTime | null {
  const day = dayIn(text);
  if (day === null) return null;
  if (text.length === DATE_CHARS) return { atMs: startOfShanghaiDayMs(day), precision: 'day' };
  const [hours, minutes] = [numberIn(text, 11, 2), numberIn(text, 14, 2)];
  if ((text[10] !== 'T' && text[10] !== 't') || text[13] !== ':') return null;
  let at = MINUTE_CHARS;
  let seconds = 0;
  let fractionMs = 0;
  let precision: TimePrecision = 'minute';
  if (text[at] === ':') {
    seconds = numberIn(text, at + 1, 2);
    precision = 'second';
    at += 3;
    if (text[at] === '.' || text[at] === ',') {
      const end = endOfDigits(text, at + 1);
      const digits = end - at - 1;
      if (digits < 1 || digits > NANOSECOND_DIGITS) return null;
      fractionMs = Number(text.slice(at + 1, Math.min(end, at + 4)).padEnd(3, '0'));
      precision = 'millisecond';
      at = end;
    }
  }
  const offsetMs = offsetMsAt(text, at);
  // What is no number is not within a bound either.
  if (offsetMs === null || !(hours <= 23 && minutes <= 59 && seconds <= 59)) return null;
  const sinceMidnightMs = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  return { atMs: day * DAY_MS + sinceMidnightMs + fractionMs - offsetMs, precision };
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (!Number.isNaN(digitAt(text, at))) at += 1;
  return at;
}

/** Of the zone that stands there and ends the text; null where none does. */
function offsetMsAt(text: string, at: number): number | null {
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return text.length === at + 1 ? 0 : null;
  if (sign !== '+' && sign !== '-') return null;
  const minutesAt = text[at + 3] === ':' ? at + 4 : at + 3;
  const [hours, minutes] = [numberIn(text, at + 1, 2), numberIn(text, minutesAt, 2)];
  if (text.length !== minutesAt + 2 || !(hours <= 14 && minutes <= 59)) return null;
  return (sign === '-' ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/** Epoch milliseconds of an instant as rules write it; NaN where it is none, which is a fault of its own. */
export function instantMs(text: string): number {
  return parseTime(text)?.atMs ?? Number.NaN;
}

/** ISO 8601 with the offset +08:00; milliseconds only where there are some. By arithmetic: answers hold many times. */
export function formatTime(atMs: number): string {
  const ms = Math.floor(((atMs % SECOND_MS) + SECOND_MS) % SECOND_MS);
  return `${formatMinuteAndSecond(atMs, 'T', true)}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}+08:00`;
}

/** `2022-11-19 21:00` in Beijing time, with seconds where there are some. */
export function formatClock(atMs: number): string {
  return formatMinuteAndSecond(atMs, ' ', false);
}

function formatMinuteAndSecond(atMs: number, separator: string, seconds: boolean): string {
  const day = shanghaiDayOf(atMs);
  const second = Math.floor((atMs - startOfShanghaiDayMs(day)) / SECOND_MS);
  const [hour, minute] = [PADDED[Math.floor(second / 3_600)], PADDED[Math.floor(second / 60) % 60]];
  const text = `${formatDay(day)}${separator}${hour}:${minute}`;
  return seconds || second % 60 !== 0 ? `${text}:${PADDED[second % 60]}` : text;
}

const PADDED: readonly string[] = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** A time as precisely as it was given: a date alone stays a date. */
export function formatTimeAs(atMs: number, precision: TimePrecision): string {
  return precision === 'day' ? formatDay(shanghaiDayOf(atMs)) : formatTime(atMs);
}

/** The same day of the month so many months later, or that month's last; days since 1970-01-01. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfMonth)) / DAY_MS;
}
