/**
 * Times of one order with the zone that each of them has. Where one has none and the others of the message have one,
 * nobody can tell whether it's of the same: it is named, never shifted silently.
 */

import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { offsetOf, parseTimestamp } from './timestamp.ts';

/** A field's text, and its name. */
export interface Source {
  readonly field: string;
  readonly text: string;
}

export interface Zones {
  /** Of MSH-7, which the standard makes that of all times without one; null where it has none. */
  readonly ofMessage: string | null;
  /** What the sender is said to use. */
  readonly ofSender: string;
  /** Those that the order's times carry which decide, and those of all its times. */
  readonly stated: ReadonlySet<string>;
  readonly statedByAny: ReadonlySet<string>;
}

export function zonesOf(
  messageTime: string,
  ofSender: string,
  deciding: readonly string[],
  others: readonly string[],
): Zones {
  const offsetsIn = (times: readonly string[]) => new Set(times.map(offsetOf).filter((offset) => offset !== null));
  return {
    ofMessage: offsetOf(messageTime),
    ofSender,
    stated: offsetsIn(deciding),
    statedByAny: offsetsIn([...deciding, ...others]),
  };
}

/** As ISO 8601: a time with its offset, or a date. */
export function timeOrDateOf({ field, text }: Source, zones: Zones): Reading<string> {
  const zone = zones.ofMessage ?? zones.ofSender;
  const time = parseTimestamp(text, zone);
  switch (time.kind) {
    case 'date':
      return taken(time.iso);
    case 'time': {
      const isAmbiguous =
        offsetOf(text) === null &&
        (zones.ofMessage === null ? zones.statedByAny.size > 0 : [...zones.stated].some((one) => one !== zone));
      return isAmbiguous
        ? fault(field, 'has no zone, while other times of the message have one', `send it with its zone: ${FORM}`)
        : taken(time.iso);
    }
    case 'hour':
      return fault(field, 'says the hour without the minute', `send ${FORM}`);
    case 'date_elsewhere':
      return fault(field, 'is a date in another zone than +0800, so its day here isn’t known', `send ${FORM}`);
    case 'coarse':
      return fault(field, 'does not say the day', `send ${FORM}`);
    case 'malformed':
      return fault(field, 'can’t be read as a time', `send ${FORM}`);
  }
}

const FORM = 'YYYYMMDDHHMM[SS[.S]]+ZZZZ';

/** A time, to the minute at least. */
export function instantOf(source: Source, zones: Zones): Reading<string> {
  if (source.text === '')
    return fault(
      source.field,
      'is missing: when the report was issued isn’t known',
      'send when the laboratory released the result; the message’s own time (MSH-7) can’t stand for it',
    );
  const time = timeOrDateOf(source, zones);
  if (!time.ok || time.value.includes('T')) return time;
  return fault(
    source.field,
    'is a date without a time, and a result’s validity is counted from the minute',
    'send hours and minutes: YYYYMMDDHHMM+ZZZZ',
  );
}
