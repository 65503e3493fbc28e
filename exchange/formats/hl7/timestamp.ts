/**
 * HL7 time stamps (TS and DTM, v2.5.1 2.A.22 and 2.A.77: `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+/-ZZZZ]`) as the ISO 8601 that
 * the door takes. Never makes a time more precise than it was written.
 */

import { parseTime } from '#core/field/time.ts';

export type Timestamp =
  | { readonly kind: 'time'; /** with offset */ readonly iso: string }
  | { readonly kind: 'date'; /** `YYYY-MM-DD` */ readonly iso: string }
  /** The minute isn't said: which instant it is can't be known to the hour. */
  | { readonly kind: 'hour' }
  /** A date in the zone of another place: which days of Asia/Shanghai it covers depends on the hour. */
  | { readonly kind: 'date_elsewhere' }
  | { readonly kind: 'coarse' }
  | { readonly kind: 'malformed' };

const TIMESTAMP_CHARS_MAX = 40;
const TIMESTAMP = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d+))?)?)?)?)?)?([+-]\d{4})?$/;

/** The offset, `+08:00`, that a time stamp carries; null when it has none. */
export function offsetOf(text: string): string | null {
  const offset = TIMESTAMP.exec(text)?.[8];
  return offset === undefined ? null : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

/** @param defaultOffset `+08:00`, for a time that carries none */
export function parseTimestamp(text: string, defaultOffset: string): Timestamp {
  if (text.length > TIMESTAMP_CHARS_MAX) return { kind: 'malformed' };
  const match = TIMESTAMP.exec(text);
  if (match === null) return { kind: 'malformed' };
  const [, year, month, day, hour, minute, second, fraction] = match;
  if (month === undefined || day === undefined) return { kind: 'coarse' };
  const date = `${year}-${month}-${day}`;
  if (parseTime(date) === null) return { kind: 'malformed' };
  if (hour === undefined)
    return (offsetOf(text) ?? '+08:00') === '+08:00' ? { kind: 'date', iso: date } : { kind: 'date_elsewhere' };
  if (minute === undefined) return Number(hour) < 24 ? { kind: 'hour' } : { kind: 'malformed' };
  // Nine digits are nanoseconds, and the most that the door reads.
  const seconds = second === undefined ? '' : `:${second}${fraction === undefined ? '' : `.${fraction.slice(0, 9)}`}`;
  const iso = `${date}T${hour}:${minute}${seconds}${offsetOf(text) ?? defaultOffset}`;
  return parseTime(iso) === null ? { kind: 'malformed' } : { kind: 'time', iso };
}
