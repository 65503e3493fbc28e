/**
 * Files that are no spreadsheet of a form that is read, though their name may say so: what each of them is. It knows
 * their first bytes alone.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';

const SAVE = 'open it in a spreadsheet program, and save it as XLSX, or as CSV in UTF-8';
const LOOKED_AT_BYTES = 512;

const FORMS: readonly (readonly [start: RegExp, reason: string, hint: string])[] = [
  [/^$/, 'is empty', 'send the file with its rows'],
  // Of old workbooks, and of new ones that a password keeps.
  [/^\u00d0\u00cf.\u00e0/, 'is a workbook of the old form (XLS), or one with a password', SAVE],
  [/^%PDF/, 'is a PDF, and no spreadsheet', 'send the table that it was made from, as XLSX or CSV'],
  [/^\{\\rtf/, 'is a text document, and no spreadsheet', SAVE],
  // Hospitals' programs call a web page .xls, which spreadsheet programs open.
  [/^<(\?xml|!doctype|html|head|meta|body|table|div|style)/i, 'is a web page or XML, and no spreadsheet', SAVE],
];

/** Null: it may be a spreadsheet. */
export function foreignFaultOf(bytes: Uint8Array): FormatFault | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOKED_AT_BYTES));
  const text = start
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  const [, reason, hint] = FORMS.find(([form]) => form.test(text)) ?? [];
  return reason === undefined || hint === undefined ? null : { field: '', reason, hint };
}
