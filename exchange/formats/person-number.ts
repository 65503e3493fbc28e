/**
 * Whether a document's number can be the patient's, in whatever format it comes: no placeholder, not damaged by a
 * spreadsheet, and in agreement with what is said of the person beside it. It says what is wrong by kind, in no
 * format's words, and never puts a number into a fault.
 */

import { type DocumentType, tidyNumber } from '#core/field/identity.ts';
import { parseDay } from '#core/field/time.ts';
import { isRounded } from './result-rules.ts';

export type NumberFault = 'placeholder' | 'rounded' | 'cut_short' | 'residents_number' | 'birth' | 'sex';

export interface SaidOfPerson {
  /** The year, month and day of birth as far as they are said, such as `19491231` or `1949`; '' without. */
  readonly born: string;
  readonly sex: 'male' | 'female' | null;
}

const PLACEHOLDER =
  /^([-–—_./\\*?#]+|(.)\2{4,}|0{2,}|1234567890?|12345678|unknown|unk|unkn|redacted|removed|masked|hidden|anonymous|anon|none|null|nil|n\/?a|nan|test|testing|patient|tbd|undefined|not ?available|无|没有|未知|不详|空)$/iu;

/** @param isStated whether the sender said of the number itself of which type it is */
export function numberFaultOf(
  written: string,
  type: DocumentType,
  isStated: boolean,
  said: SaidOfPerson,
): NumberFault | null {
  const tidy = written.normalize('NFKC').trim();
  if (PLACEHOLDER.test(tidy)) return 'placeholder';
  if (/^\d([.,]\d+)?E\+?\d+$/i.test(tidy)) return 'rounded';
  const number = tidyNumber(written);
  if (type !== 'resident_identity_card')
    return isStated && type === 'passport' && /^\d{17}[\dX]$/.test(number) ? 'residents_number' : null;
  if (isRounded(number)) return 'rounded';
  if (/^\d{15}$/.test(number) && isCutShort(number)) return 'cut_short';
  return /^\d{17}[\dX]$/.test(number) ? contradictionOf(number, said) : null;
}

/** The 15 digits of before 1999 have no century: with one, they are the beginning of 18. */
function isCutShort(number: string): boolean {
  return (
    parseDay(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`) !== null &&
    /^(19|20)$/.test(number.slice(6, 8))
  );
}

/** The 17th digit is odd for men. */
function contradictionOf(number: string, { born, sex }: SaidOfPerson): NumberFault | null {
  if (/^\d{4}(\d{2}){0,2}$/.test(born) && !number.slice(6, 14).startsWith(born)) return 'birth';
  return sex !== null && (sex === 'male') !== (Number(number[16]) % 2 === 1) ? 'sex' : null;
}
