/**
 * Text with separators to rows of cells, by csv-parse. It must never fold two rows into one unsaid: where a quotation
 * mark isn't closed, its row is named and reading goes on with the next line.
 */

import { CsvError, parse } from 'csv-parse/sync';
import { SHEET_LIMITS } from './bounds.ts';

export const SEPARATORS = [',', '\t', ';', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

export interface DelimitedRow {
  /** Of the first line, from 1. */
  readonly line: number;
  /** Null where the row can't be read. */
  readonly cells: readonly string[] | null;
}

const ANY_BREAK = /[\r\n]/;
const LINE_BREAK = /\r\n|\n|\r/g;

/** @param rowsMax after so many reading ends */
export function rowsOf(text: string, separator: Separator, rowsMax: number = SHEET_LIMITS.rowsMax): DelimitedRow[] {
  const rows = new RowReader(text, separator, rowsMax).read();
  return rows.length > rowsMax ? rows.slice(0, rowsMax) : rows;
}

/** A row of which only the library knows where it ends, and whether it is whole. */
interface Pending {
  readonly cells: readonly string[];
  readonly breaks: number;
}

/**
 * Lines without a quotation mark are cut by hand: the library makes an error with its stack of each row that has more
 * or fewer cells than the first one, and 4 MB of short rows took it 27 s. All others are the library's, a piece of the
 * text at a time, so that it is never given the rest of a long text again and again.
 */
class RowReader {
  readonly #text: string;
  readonly #separator: Separator;
  readonly #rowsMax: number;
  readonly #rows: DelimitedRow[] = [];
  #at = 0;
  #line = 1;
  /** Cells of the widest row of one line: one of several lines that has more swallowed the rows after it. */
  #widest = 0;
  /** Where the library begins anew it leaves out a mark of the byte order. */
  #isFresh = true;

  constructor(text: string, separator: Separator, rowsMax: number) {
    this.#text = text;
    this.#separator = separator;
    this.#rowsMax = rowsMax;
  }

  read(): DelimitedRow[] {
    for (let opened = 0; !this.#isDone();) {
      if (this.#plainLine() || this.#quotedPiece()) continue;
      this.#isFresh = true;
      if (opened >= SHEET_LIMITS.openQuotesMax) while (!this.#isDone()) this.#unreadLine();
      else this.#unreadLine();
      opened += 1;
    }
    return this.#rows;
  }

  #isDone(): boolean {
    return this.#at >= this.#text.length || this.#rows.length >= this.#rowsMax;
  }

  #plainLine(): boolean {
    PLAIN.lastIndex = this.#at;
    PLAIN.test(this.#text);
    const end = PLAIN.lastIndex;
    if (this.#text[end] === '"' || end - this.#at > PLAIN_CHARS) return false;
    const from = this.#isFresh && this.#text[this.#at] === '\ufeff' ? this.#at + 1 : this.#at;
    // Behind that mark alone there is no row.
    if (from < this.#text.length) this.#take({ cells: this.#text.slice(from, end).split(this.#separator), breaks: 0 });
    this.#at = this.#text.startsWith('\r\n', end) ? end + 2 : end + 1;
    return true;
  }

  /** @returns false where the row that is now the next one can't be read */
  #quotedPiece(): boolean {
    const before = this.#line;
    const isRest = this.#at + PIECE_CHARS >= this.#text.length;
    const isRead = this.#piece(this.#text.slice(this.#at, this.#at + PIECE_CHARS), isRest);
    const lines = this.#line - before;
    for (let line = 0; line < lines; line += 1) this.#at = endOfLine(this.#text, this.#at).next;
    // Without a line the row is longer than the piece. Of the rest it may be nothing but a mark.
    if (isRest && isRead) this.#at = this.#text.length;
    return isRead && (lines > 0 || isRest);
  }

  /** Where it isn't the rest of the text, the last row may go on behind it, and is left. */
  #piece(piece: string, isRest: boolean): boolean {
    let pending: Pending | null = null;
    const settle = () => {
      if (pending !== null && this.#isFolded(pending)) throw new Folded();
      if (pending !== null) this.#take(pending);
      pending = null;
    };
    const stackLines = Error.stackTraceLimit;
    // The library makes an error of each row of another width, which nobody looks at.
    Error.stackTraceLimit = 0;
    try {
      parse(piece, {
        bom: this.#isFresh,
        relax_quotes: true,
        relax_column_count: true,
        skip_empty_lines: false,
        max_record_size: SHEET_LIMITS.rowCharsMax,
        record_delimiter: ['\r\n', '\n', '\r'],
        delimiter: this.#separator,
        to: this.#rowsMax - this.#rows.length + 1,
        on_record: (cells: readonly string[]) => {
          settle();
          pending = { cells, breaks: breaksIn(cells) };
          return null;
        },
      });
      if (isRest) settle();
      return true;
    } catch (error) {
      if (error instanceof Folded) return false;
      if (!(error instanceof CsvError)) throw error;
      try {
        settle();
      } catch {
        return false;
      }
      return !isRest && error.code === 'CSV_QUOTE_NOT_CLOSED';
    } finally {
      Error.stackTraceLimit = stackLines;
    }
  }

  #isFolded({ cells, breaks }: Pending): boolean {
    return breaks > 0 && ((this.#widest > 1 && cells.length > this.#widest) || holdsRows(cells, this.#separator));
  }

  #take({ cells, breaks }: Pending): void {
    if (breaks === 0) this.#widest = Math.max(this.#widest, cells.length);
    this.#rows.push({ line: this.#line, cells });
    this.#line += 1 + breaks;
    this.#isFresh = false;
  }

  #unreadLine(): void {
    const { end, next } = endOfLine(this.#text, this.#at);
    if (this.#text.slice(this.#at, end).trim() !== '') this.#rows.push({ line: this.#line, cells: null });
    this.#at = next;
    this.#line += 1;
  }
}

/** Up to the line's end, or to a quotation mark. */
const PLAIN = /[^"\r\n]*/y;
/** Of more characters the library asks whether they are too many, by bytes. */
const PLAIN_CHARS = SHEET_LIMITS.rowCharsMax / 4;
/** Longer than any row that is taken. */
const PIECE_CHARS = 4 * SHEET_LIMITS.rowCharsMax;

class Folded extends Error {}

function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (ANY_BREAK.test(cell)) breaks += cell.match(LINE_BREAK)?.length ?? 0;
  return breaks;
}

/** Whether a cell of several lines swallowed rows: one of its lines has as many separators as a row might have. */
function holdsRows(cells: readonly string[], separator: Separator): boolean {
  return cells.some((cell) => {
    if (!ANY_BREAK.test(cell)) return false;
    const lines = cell.split(LINE_BREAK);
    return lines.length > 1 && lines.some((line) => line.split(separator).length >= Math.max(2, cells.length / 2));
  });
}

function endOfLine(text: string, from: number): { readonly end: number; readonly next: number } {
  const ending = /\r\n|\n|\r/g;
  ending.lastIndex = from;
  const found = ending.exec(text);
  return found === null
    ? { end: text.length, next: text.length }
    : { end: found.index, next: found.index + found[0].length };
}
