/**
 * Whether a text holds the number of an identity document. An event's texts reach the log, the view and every gate, so
 * nobody's number may stand in one. It never says which number, nor where in the text.
 */

import { birthDayIn, EARLIEST_BIRTH_DAY, isRegionOfCards, residentCheckDigit, tidyNumber } from './identity.ts';

/** A number as short as this is found in texts by chance: it must stand alone there. */
const SHORT_CHARS = 8;
/** A day as near as this is the day of a sample; a birth so near stands on no card yet. */
const BIRTH_DAYS_AGO_MIN = 365;

/**
 * @param own the number of the event's own person as it was written; null where the event names a key
 * @param today days since 1970-01-01
 */
export function holdsNumber(text: string, own: string | null, today: number): boolean {
  const tidy = tidyNumber(withoutDisguise(text));
  if (own !== null && holdsOwn(text, tidy, tidyNumber(own))) return true;
  if (tidy.length < RESIDENT_CHARS) return false;
  for (const [run] of tidy.matchAll(LONG_RUN)) if (isResidentNumber(run, today)) return true;
  return false;
}

/** Of two scripts, what is written instead of a digit; and what looks like an X. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;
const OTHER_X = /[\u0425\u0445\u03a7\u03c7\u00d7]/g;
/** What people set between the parts of a number, and what nobody sees. */
const BETWEEN = /(?<=\d)[\s\-‐-―._/,:·・、\p{Default_Ignorable_Code_Point}]+(?=[\dXx])/gu;

/** With digits of other scripts as digits, and without what may stand between the parts of a number. */
function withoutDisguise(text: string): string {
  return text
    .normalize('NFKC')
    .replace(OTHER_DIGITS, (digit) => String((digit.codePointAt(0) as number) & 0xf))
    .replace(OTHER_X, 'X')
    .replace(BETWEEN, '');
}

const RESIDENT_CHARS = 18;
/** 17 digits and a check character, with no digit before or behind them. */
const LONG_RUN = /(?<!\d)\d{17}[\dX](?!\d)/g;

function holdsOwn(text: string, tidy: string, own: string): boolean {
  if (own.length > SHORT_CHARS) return tidy.includes(own) || tidy.includes(oldFormOf(own));
  const words = text
    .normalize('NFKC')
    .toUpperCase()
    .split(/[^A-Z0-9]+/);
  return tidy === own || words.includes(own);
}

/** The 15 digits of before 1999 of one with 18; any other stays as it is. */
function oldFormOf(own: string): string {
  return /^\d{6}19\d{9}[\dX]$/.test(own) ? own.slice(0, 6) + own.slice(8, 17) : own;
}

/**
 * Numbers of samples are often made of region, day and a running number, and every eleventh has a right check digit by
 * chance: what can be the day of a sample is taken for one.
 */
function isResidentNumber(run: string, today: number): boolean {
  const day = birthDayIn(run);
  return (
    day !== null &&
    day >= EARLIEST_BIRTH_DAY &&
    day <= today - BIRTH_DAYS_AGO_MIN &&
    isRegionOfCards(run) &&
    residentCheckDigit(run) === run[17]
  );
}
