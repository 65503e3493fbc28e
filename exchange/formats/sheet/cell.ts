/**
 * A cell as its file holds it, and its text. It must never turn a number into a text that the file didn't hold: digits
 * that a spreadsheet has cut are gone, and who reads the cell has to know.
 */

export type Cell =
  /** '' where nothing was written. */
  | { readonly kind: 'text'; readonly text: string }
  /** A number of a workbook, without a power of ten where it is exact without one. */
  | { readonly kind: 'number'; readonly text: string }
  /** A date or time of a workbook: the UTC fields of the instant are those of the sender's clock on the wall. */
  | { readonly kind: 'clock'; readonly wallMs: number };

export const EMPTY: Cell = { kind: 'text', text: '' };

/** As a person reads it, without blanks around it; '' for a date, which has no text of its own. */
export function textOfCell(cell: Cell): string {
  return cell.kind === 'clock' ? '' : unquoted(cell.text).trim();
}

export function isEmpty(cell: Cell): boolean {
  return cell.kind !== 'clock' && textOfCell(cell) === '';
}

/** Blanks and marks that nobody sees, which programs put around and between names. */
const UNSEEN = /[\s\u200b-\u200f\u2060\ufeff]/gu;

/** What two names or words have in common that only look different: widths, blanks, case. */
export function sameForm(text: string): string {
  return text.normalize('NFKC').replace(UNSEEN, '').toLowerCase();
}

/**
 * Without what keeps a spreadsheet program from taking a text for a number: `="…"`, or an apostrophe or tab before it.
 * An apostrophe at both ends is a quotation mark of the sender's.
 */
function unquoted(text: string): string {
  if (!/^[\s'‘’`=]/.test(text)) return text;
  const formula = /^\s*="([^"]*)"\s*$/.exec(text);
  if (/['‘’`]\s*$/.test(text)) return text;
  return (formula?.[1] ?? text).replace(/^[\s'‘’`]*(?=[0-9A-Za-z])/, '');
}
