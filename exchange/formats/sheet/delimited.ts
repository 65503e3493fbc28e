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
  const rows: DelimitedRow[] = [];
  let rest = text;
  let line = 1;
  let width: Width = { widest: 0 };
  for (let opened = 0; rest !== '' && rows.length < rowsMax; opened++) {
    const read = readOn(rest, separator, rowsMax - rows.length, line, width);
    width = read;
    for (const row of read.rows) rows.push(row);
    line = read.nextLine;
    if (read.isEnd) return rows;
    rest = read.rest;
    const cannotGoOn = opened >= SHEET_LIMITS.openQuotesMax;
    const [first = '', ...more] = cannotGoOn ? linesOf(rest) : [lineOf(rest)];
    for (const unread of [first, ...more].slice(0, rowsMax - rows.length)) {
      if (unread.trim() !== '') rows.push({ line, cells: null });
      line += 1;
    }
    rest = cannotGoOn ? '' : afterLine(rest);
  }
  return rows;
}

interface Width {
  /** Cells of the widest row of one line: one of several lines that has more swallowed the rows after it. */
  readonly widest: number;
}

interface ReadOn extends Width {
  readonly rows: readonly DelimitedRow[];
  readonly nextLine: number;
  readonly isEnd: boolean;
  /** From the row on that couldn't be read. */
  readonly rest: string;
}

class Folded extends Error {}

function readOn(text: string, separator: Separator, rowsMax: number, firstLine: number, before: Width): ReadOn {
  const rows: DelimitedRow[] = [];
  let line = firstLine;
  let { widest } = before;
  const take = (cells: readonly string[]) => {
    let breaks = 0;
    for (const cell of cells) if (ANY_BREAK.test(cell)) breaks += cell.match(LINE_BREAK)?.length ?? 0;
    if (breaks > 0 && ((widest > 1 && cells.length > widest) || holdsRows(cells, separator))) throw new Folded();
    if (breaks === 0) widest = Math.max(widest, cells.length);
    rows.push({ line, cells });
    line += 1 + breaks;
    return null;
  };
  try {
    parse(text, {
      bom: true,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: SHEET_LIMITS.rowCharsMax,
      record_delimiter: ['\r\n', '\n', '\r'],
      delimiter: separator,
      to: rowsMax,
      on_record: take,
    });
    return { rows, nextLine: line, isEnd: true, rest: '', widest };
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof Folded)) throw error;
    return { rows, nextLine: line, isEnd: false, rest: afterLines(text, line - firstLine), widest };
  }
}

/** Whether a cell of several lines swallowed rows: one of its lines has as many separators as a row might have. */
function holdsRows(cells: readonly string[], separator: Separator): boolean {
  return cells.some((cell) => {
    const lines = cell.split(LINE_BREAK);
    return lines.length > 1 && lines.some((line) => line.split(separator).length >= Math.max(2, cells.length / 2));
  });
}

function lineOf(text: string): string {
  return text.slice(0, endOfLine(text, 0).end);
}

function afterLine(text: string): string {
  return text.slice(endOfLine(text, 0).next);
}

function afterLines(text: string, count: number): string {
  let at = 0;
  for (let line = 0; line < count; line++) at = endOfLine(text, at).next;
  return text.slice(at);
}

function linesOf(text: string): readonly string[] {
  return text.replace(/(\r\n|\n|\r)$/, '').split(LINE_BREAK);
}

function endOfLine(text: string, from: number): { readonly end: number; readonly next: number } {
  const ending = /\r\n|\n|\r/g;
  ending.lastIndex = from;
  const found = ending.exec(text);
  return found === null
    ? { end: text.length, next: text.length }
    : { end: found.index, next: found.index + found[0].length };
}
