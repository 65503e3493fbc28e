/**
 * The number of a document in a cell, or how a spreadsheet has spoilt it. It must never mend digits, nor repeat one in
 * a fault.
 */

import { birthDayIn, type DocumentType, tidyNumber } from '#core/field/identity.ts';
import { type FormatFault, fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { isResidentNumber, isRounded } from '#exchange/formats/result-rules.ts';
import { type Cell, textOfCell } from './cell.ts';

export const AS_TEXT = 'enter it again in a column that is formatted as text';

/** @param field the column's name */
export function readNumber(cell: Cell, documentType: DocumentType | null, field: string): Reading<string> {
  if (cell.kind !== 'text')
    return fault(field, 'is a number in the workbook, of which only 15 digits are kept, and no text', AS_TEXT);
  const text = textOfCell(cell);
  const spoilt = spoiltBy(tidyNumber(text), documentType);
  return spoilt === null ? taken(text) : { ok: false, fault: { field, ...spoilt } };
}

type Said = Omit<FormatFault, 'field'>;

function spoiltBy(number: string, documentType: DocumentType | null): Said | null {
  if (isPowerOfTen(number))
    return { reason: 'was turned into a power of ten by a spreadsheet, which has cut its digits', hint: AS_TEXT };
  if (isRounded(number)) return { reason: 'ends in 000, as a spreadsheet rounds 18 digits', hint: AS_TEXT };
  if (/^\d{18}\.0+$/.test(number)) return { reason: 'was a number in a spreadsheet, which rounds it', hint: AS_TEXT };
  if (isCut(number) && documentType !== 'passport')
    return { reason: 'has 15 digits that may be the first of 18, cut by a spreadsheet', hint: AS_TEXT };
  if (/^(.)\1*$/u.test(number)) return { reason: 'is a placeholder', hint: 'write the number of the document' };
  if (documentType === 'passport' && isResidentNumber(number))
    return { reason: 'is a resident’s number, but is called a passport’s', hint: 'mend the type of the document' };
  return null;
}

/** As spreadsheets show a long number. */
export function isPowerOfTen(text: string): boolean {
  return /^\d+(\.\d+)?E\+?\d+$/i.test(text);
}

/** The old form has the birthday's year in two digits; where these are a century, all 18 may have stood there. */
function isCut(number: string): boolean {
  return /^\d{6}(19|20)\d{7}$/.test(number);
}

/** What a resident's number says of who bears it; null for any other. */
export function saidByNumber(number: string): { readonly birthDay: number | null; readonly sex: string } | null {
  const tidy = tidyNumber(number);
  if (!isResidentNumber(tidy)) return null;
  return { birthDay: birthDayIn(tidy), sex: Number(tidy[16]) % 2 === 1 ? 'male' : 'female' };
}
