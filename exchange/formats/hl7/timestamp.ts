/**
 * HL7 time stamps (TS and DTM, v2.5.1 2.A.22 and 2.A.77: `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+/-ZZZZ]`) as the ISO 8601 that
 * the door takes; also with the marks that laboratories put between the parts, where the year comes first and so no
 * day can be another. Never makes a time more precise than it was written.
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

/** `2022-08-01 11:30:00`, `2022/8/1 8:05`, `2022年8月1日 8时5分`, `2022-08-01T11:30Z`. */
const MARKED = new RegExp(
  '^(?<year>\\d{4}) ?[-/.年] ?(?<month>\\d{1,2}) ?[-/.月] ?(?<day>\\d{1,2}) ?日?' +
    '(?:(?:T|[, ] *|(?<=日))(?<hour>\\d{1,2})(?:[:时点] ?(?:(?<minute>\\d{1,2})(?:[:分] ?(?:(?<second>\\d{1,2})' +
    '(?<fraction>\\.\\d+)?秒?)?)?)?)?)? ?(?<zone>Z|[+-]\\d{2}:?\\d{2})?$',
  'i',
);
/** The standard's form with another way to write its zone. */
const OTHER_ZONE = /^(\d{8,14}(?:\.\d+)?) ?(?:(Z)|([+-]\d{2}):(\d{2}))$/i;

/** In the standard's own form, where it is one of those; else as it was written. */
function inStandardForm(text: string): string {
  if (/^\d*$/.test(text)) return text;
  const other = OTHER_ZONE.exec(text);
  if (other !== null) return `${other[1]}${other[2] === undefined ? `${other[3]}${other[4]}` : '+0000'}`;
  const parts = MARKED.exec(text.normalize('NFKC'))?.groups;
  if (parts === undefined) return text;
  const { year, month, day, hour, minute, second, fraction = '', zone = '' } = parts;
  const padded = [month, day, hour, minute, second].flatMap((part) =>
    part === undefined ? [] : [part.padStart(2, '0')],
  );
  return `${year}${padded.join('')}${fraction}${/^z$/i.test(zone) ? '+0000' : zone.replace(':', '')}`;
}

/** The offset, `+08:00`, that a time stamp carries; null when it has none. */
export function offsetOf(text: string): string | null {
  const offset = text.length > TIMESTAMP_CHARS_MAX ? undefined : TIMESTAMP.exec(inStandardForm(text))?.[8];
  return offset === undefined ? null : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

/** @param defaultOffset `+08:00`, for a time that carries none */
export function parseTimestamp(text: string, defaultOffset: string): Timestamp {
  if (text.length > TIMESTAMP_CHARS_MAX) return { kind: 'malformed' };
  const match = TIMESTAMP.exec(inStandardForm(text));
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
