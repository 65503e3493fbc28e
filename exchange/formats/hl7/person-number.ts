/**
 * Whether a document's number can be the patient's: no placeholder, not damaged by a spreadsheet, and in agreement with
 * the birth (PID-7) and sex (PID-8) beside it. Never puts a number into a fault.
 */

import { type DocumentType, tidyNumber } from '#core/field/identity.ts';
import { parseDay } from '#core/field/time.ts';
import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { isRounded } from '#exchange/formats/result-rules.ts';
import type { Segment } from './message.ts';

const PLACEHOLDER =
  /^([-–—_./\\*?#]+|(.)\2{4,}|0{2,}|1234567890?|12345678|unknown|unk|unkn|redacted|removed|masked|hidden|anonymous|anon|none|null|nil|n\/?a|nan|test|testing|patient|tbd|undefined|not ?available|无|没有|未知|不详|空)$/iu;

export function numberFaultOf(
  written: string,
  type: DocumentType,
  isStated: boolean,
  pid: Segment,
): FormatFault | null {
  const tidy = written.normalize('NFKC').trim();
  if (PLACEHOLDER.test(tidy)) return PLACEHOLDER_FAULT;
  if (/^\d([.,]\d+)?E\+?\d+$/i.test(tidy)) return ROUNDED;
  const number = tidyNumber(written);
  if (type !== 'resident_identity_card')
    return isStated && type === 'passport' && /^\d{17}[\dX]$/.test(number) ? RESIDENTS_NUMBER : null;
  if (isRounded(number)) return ROUNDED;
  if (/^\d{15}$/.test(number) && isCutShort(number)) return CUT_SHORT;
  return /^\d{17}[\dX]$/.test(number) ? contradictionOf(number, pid) : null;
}

/** The 15 digits of before 1999 have no century: with one, they are the beginning of 18. */
function isCutShort(number: string): boolean {
  return (
    parseDay(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`) !== null &&
    /^(19|20)$/.test(number.slice(6, 8))
  );
}

function contradictionOf(number: string, pid: Segment): FormatFault | null {
  const born = pid.text(7).normalize('NFKC').slice(0, 8);
  if (/^\d{4}(\d{2}){0,2}$/.test(born) && !number.slice(6, 14).startsWith(born)) return BIRTH;
  const sex = SEXES.get(pid.text(8).toUpperCase());
  return sex !== undefined && sex !== Number(number[16]) % 2 ? SEX : null;
}

/** By whether the 17th digit is odd. */
const SEXES: ReadonlyMap<string, number> = new Map([
  ['M', 1],
  ['男', 1],
  ['F', 0],
  ['女', 0],
]);

const PLACEHOLDER_FAULT: FormatFault = {
  field: 'PID-3',
  reason: 'holds a placeholder instead of a number',
  hint: 'send the number of the patient’s identity document',
};
const ROUNDED: FormatFault = {
  field: 'PID-3',
  reason: 'looks like a number whose last digits a spreadsheet has rounded away',
  hint: 'send the number as text, as the card shows it; format the column as text before it is filled',
};
const CUT_SHORT: FormatFault = {
  field: 'PID-3',
  reason: 'looks like the first 15 digits of a resident’s number, whose end was lost',
  hint: 'send all 18 characters, as text',
};
const RESIDENTS_NUMBER: FormatFault = {
  field: 'PID-3',
  reason: 'has the type of a passport and the form of a resident’s number',
  hint: 'say in PID-3.5 what it is: NI for a resident identity card, PPN for a passport',
};
const BIRTH: FormatFault = {
  field: 'PID-7',
  reason: 'is another birth than the identity number in PID-3 says',
  hint: 'check which of them is the patient’s',
};
const SEX: FormatFault = {
  field: 'PID-8',
  reason: 'is another sex than the identity number in PID-3 says',
  hint: 'check which of them is the patient’s',
};
