/**
 * A spreadsheet's bytes to its rows under the header, each with its place. The header is the first row that holds all
 * names that are asked for; so the encoding and the separator are proven too, and never guessed.
 */

import { type FormatFault, fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { SHEET_LIMITS } from './bounds.ts';
import { type Cell, isEmpty, sameForm, textOfCell } from './cell.ts';
import { type DelimitedRow, rowsOf, type Separator, SEPARATORS } from './delimited.ts';
import { foreignFaultOf } from './foreign.ts';
import { type FileText, textsOf } from './text-of.ts';
import { isWorkbook, readSheets } from './workbook.ts';

export interface TableRow {
  readonly at: string;
  /** Null where the row can't be read. */
  readonly cells: readonly Cell[] | null;
  /** Of a sheet without the header: which of the names its best row lacks, or that it holds none of them. */
  readonly lacks?: readonly string[] | 'all';
  /** Of a CSV file, the last, without a line's end: it may have been cut. */
  readonly isOpen?: true;
}

export interface Table {
  readonly header: readonly string[];
  /** Those that are under the header, blank ones left out. */
  readonly rows: readonly TableRow[];
}

/** What became of looking for the header in some rows. */
interface Found {
  /** From 0; -1 where no row holds all names. */
  readonly headerRow: number;
  /** Names that the best row lacks, and those that it holds. */
  readonly missing: readonly string[];
  readonly held: readonly string[];
}

/** @param names of columns, as a header has them: all must be in one row */
export async function readTables(
  bytes: Uint8Array,
  names: readonly string[],
  unpackedBytesMax?: number,
): Promise<Reading<readonly Table[]>> {
  if (bytes.length > SHEET_LIMITS.bytesMax)
    return fault('', `is longer than ${SHEET_LIMITS.bytesMax} bytes`, 'split it');
  if (isWorkbook(bytes)) return tablesOfWorkbook(bytes, names, unpackedBytesMax);
  const foreign = foreignFaultOf(bytes);
  return foreign === null ? tableOfText(textsOf(bytes), names) : { ok: false, fault: foreign };
}

/** The first rows of each way in which a file may be read: of its sheets, or by each encoding and separator. */
export async function startsOf(bytes: Uint8Array): Promise<Reading<readonly (readonly (readonly Cell[])[])[]>> {
  if (bytes.length > SHEET_LIMITS.bytesMax)
    return fault('', `is longer than ${SHEET_LIMITS.bytesMax} bytes`, 'split it');
  const foreign = isWorkbook(bytes) ? null : foreignFaultOf(bytes);
  if (foreign !== null) return { ok: false, fault: foreign };
  if (!isWorkbook(bytes)) return taken(textsOf(bytes).flatMap((file) => SEPARATORS.map((by) => startOf(file, by))));
  const read = await readSheets(bytes);
  return read.ok ? taken(read.value.map(({ rows }) => rows.slice(0, SHEET_LIMITS.headerRowsMax))) : read;
}

function startOf({ text }: FileText, separator: Separator): readonly (readonly Cell[])[] {
  const rows = rowsOf(text.slice(0, START_CHARS), separator, SHEET_LIMITS.headerRowsMax);
  return rows.map(({ cells }) => (cells ?? []).map(asText));
}

async function tablesOfWorkbook(
  bytes: Uint8Array,
  names: readonly string[],
  unpackedBytesMax?: number,
): Promise<Reading<readonly Table[]>> {
  const read = await readSheets(bytes, unpackedBytesMax);
  if (!read.ok) return read;
  const sheets = read.value.filter(({ rows }) => rows.some((row) => !row.every(isEmpty)));
  const found = sheets.map(({ rows }) => findHeader(rows, names));
  const best = found.toSorted(byMissing)[0];
  if (best === undefined) return fault('', 'is an empty workbook', 'save the sheet with its rows');
  if (best.headerRow === -1) return { ok: false, fault: noHeader(best) };
  const tables = sheets.flatMap(({ number, rows }, index): readonly Table[] => {
    const { headerRow, missing, held } = found[index] as Found;
    const where = read.value.length > 1 ? `sheet ${number}, ` : '';
    // A sheet without the header has rows too, none of which can be read.
    const lacks = headerRow >= 0 ? {} : ({ lacks: held.length === 0 ? 'all' : missing } as const);
    const below = rows.map((cells, row): TableRow => ({ at: `${where}row ${row + 1}`, cells, ...lacks }));
    const filled = below.filter((_, row) => row > headerRow && !(rows[row] as readonly Cell[]).every(isEmpty));
    return [{ header: (rows[headerRow] ?? []).map(textOfCell), rows: filled }];
  });
  return tables.reduce((sum, { rows }) => sum + rows.length, 0) > SHEET_LIMITS.rowsMax ? tooManyRows() : taken(tables);
}

/** Enough of a text to hold the rows in which a header may be. */
const START_CHARS = 4 * SHEET_LIMITS.rowCharsMax;

function tableOfText(texts: readonly FileText[], names: readonly string[]): Reading<readonly Table[]> {
  if (texts.length === 0) return fault('', 'is in no encoding that is known', 'save it as CSV in UTF-8');
  const tries = texts.flatMap((file) =>
    SEPARATORS.map((separator) => ({ file, separator, ...findHeader(startOf(file, separator), names) })),
  );
  const best = tries.toSorted(byMissing)[0];
  if (best === undefined || best.headerRow === -1) return { ok: false, fault: noHeader(best) };
  const { text } = best.file;
  const rows = rowsOf(text, best.separator, SHEET_LIMITS.rowsMax + 1);
  if (rows.length > SHEET_LIMITS.rowsMax) return tooManyRows();
  const isOpen = !/[\r\n]$/.test(text);
  const below: TableRow[] = [];
  // Millions of them may be blank.
  for (let index = best.headerRow + 1; index < rows.length; index += 1) {
    const { line, cells: texts } = rows[index] as DelimitedRow;
    if (texts?.length === 1 && texts[0] === '') continue;
    const cells = texts?.map(asText) ?? null;
    if (cells?.every(isEmpty) === true) continue;
    const row = { at: `row ${line}`, cells };
    below.push(isOpen && index === rows.length - 1 ? { ...row, isOpen } : row);
  }
  const header = rows[best.headerRow]?.cells?.map((cell) => textOfCell(asText(cell))) ?? [];
  return taken([{ header, rows: below }]);
}

function asText(text: string): Cell {
  return { kind: 'text', text };
}

function findHeader(rows: readonly (readonly Cell[])[], names: readonly string[]): Found {
  const looked = rows.slice(0, SHEET_LIMITS.headerRowsMax).map((row, headerRow) => {
    const present = new Set(row.map((cell) => sameForm(textOfCell(cell))));
    const missing = names.filter((name) => !present.has(sameForm(name)));
    return {
      headerRow: missing.length === 0 ? headerRow : -1,
      missing,
      held: names.filter((name) => !missing.includes(name)),
    };
  });
  return looked.toSorted(byMissing)[0] ?? { headerRow: -1, missing: names, held: [] };
}

function byMissing(left: Found, right: Found): number {
  return left.missing.length - right.missing.length;
}

function noHeader(best: Found | undefined): FormatFault {
  const hint = 'send the file that the mapping was made for, or make a mapping for this one';
  if (best === undefined || best.held.length === 0)
    return { field: '', reason: 'has no row with the mapping’s columns: it is no table of this sender', hint };
  return { field: best.missing.join(', '), reason: 'isn’t in the header', hint };
}

function tooManyRows(): Reading<never> {
  return fault('', `has more than ${SHEET_LIMITS.rowsMax} rows`, 'split it');
}
