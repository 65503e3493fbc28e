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
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** Days since 1970-01-01 of `YYYY-MM-DD`, or null when that is no day of the calendar. */
export function parseDay(text: string): number | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isDay = year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return isDay ? Date.UTC(year, month - 1, day) / DAY_MS : null;
}

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
  const day = text.length === DATE_CHARS ? parseDay(text) : null;
  if (day !== null) return { atMs: startOfShanghaiDayMs(day), precision: 'day' };
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [, date = '', hours, minutes, seconds, fraction, zone = ''] = match;
  const dayOfDate = parseDay(date);
  const offsetMs = parseOffsetMs(zone);
  if (dayOfDate === null || offsetMs === null) return null;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return null;
  const fractionMs = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
  const sinceMidnightMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds ?? 0) * SECOND_MS;
  const precision = fraction !== undefined ? 'millisecond' : seconds !== undefined ? 'second' : 'minute';
  return { atMs: dayOfDate * DAY_MS + sinceMidnightMs + fractionMs - offsetMs, precision };
}

function parseOffsetMs(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
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
