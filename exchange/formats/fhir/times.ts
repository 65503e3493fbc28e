/**
 * Times of FHIR (`date`, `dateTime`, `instant`) as the ISO 8601 that the door takes. R4 wants a zone in every time;
 * where one has none and others of the same result have one, nobody can tell whose it is: it is refused, never shifted.
 * A blank instead of `T` and minutes without seconds are taken, for laboratories write them.
 */

import { parseTime } from '#core/field/time.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';

/** A text, and the FHIRPath of where it stands. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const TIME_CHARS_MAX = 40;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const COARSE = /^\d{4}(-\d{2})?$/;
const HOUR = /^\d{4}-\d{2}-\d{2}[T ]\d{2}(Z|[+-]\d{2}:?\d{2})?$/;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** The first that says anything. */
export function firstOf(...candidates: readonly (readonly [path: string, text: string | undefined])[]): Source | null {
  for (const [path, text = ''] of candidates) if (text.trim() !== '') return { path, text: text.trim() };
  return null;
}

/** The zone of times without one: that of the sender, or null where other times of the result have one. */
export function zoneFor(others: readonly (Source | null)[], ofSender: string): string | null {
  return others.some((one) => one !== null && TIME.exec(one.text)?.[5] !== undefined) ? null : ofSender;
}

/** @returns a time with its offset, or a date, which the door counts from 00:00 in Asia/Shanghai */
export function timeOrDateOf({ path, text }: Source, zone: string | null): Reading<string> {
  if (text.length > TIME_CHARS_MAX) return fault(path, 'can’t be read as a time', SEND);
  if (COARSE.test(text)) return fault(path, 'does not say the day', SEND);
  if (HOUR.test(text)) return fault(path, 'says the hour without the minute', SEND);
  if (DATE.test(text) && parseTime(text) !== null) return taken(text);
  const [, date, minute, second, fraction, offset] = TIME.exec(text) ?? [];
  if (date === undefined) return fault(path, 'can’t be read as a time', SEND);
  const its = offset === undefined ? zone : withColon(offset);
  if (its === null)
    return fault(path, 'has no zone, while other times of the result have one', `send it with its zone: ${FORM}`);
  // Nine digits are nanoseconds, and the most that the door reads.
  const seconds = second === undefined ? '' : `:${second}${fraction === undefined ? '' : `.${fraction.slice(0, 9)}`}`;
  const iso = `${date}T${minute}${seconds}${its}`;
  return parseTime(iso) === null ? fault(path, 'can’t be read as a time', SEND) : taken(iso);
}

/** A time, to the minute at least. */
export function instantOf(source: Source | null, path: string, missing: string, zone: string | null): Reading<string> {
  if (source === null) return fault(path, missing, `send ${FORM}`);
  const time = timeOrDateOf(source, zone);
  if (!time.ok || time.value.includes('T')) return time;
  return fault(source.path, 'is a date without a time, and a result’s validity is counted from the minute', SEND);
}

/** Without what a second is divided into. */
export function toSecond(iso: string): string {
  return iso.replace(/\.\d+/, '');
}

function withColon(offset: string): string {
  return offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

const FORM = 'YYYY-MM-DDThh:mm:ss+zz:zz';
const SEND = `send ${FORM}`;
