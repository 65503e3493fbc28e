/**
 * A mapping proposed from a file's header and words, for a person to read, mend and keep. It must never guess: where it
 * doesn't know it says `?`, which no import takes.
 */

import { type FormatFault, fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { isResidentNumber } from '#exchange/formats/result-rules.ts';
import { type Cell, EMPTY, sameForm, textOfCell } from './cell.ts';
import { columnOf, meaningOf } from './known-names.ts';
import { mapRow, type RowReading } from './map-row.ts';
import { type Column, type SheetMapping, TO_FILL } from './mapping.ts';
import { readTables, startsOf, type TableRow } from './table.ts';

export interface Proposal {
  /** In the form of a SheetMapping, but for each `?`. */
  readonly mapping: object;
  /** Of the header, but of no field. */
  readonly unused: readonly string[];
  /** The first rows, as the mapping understands them. */
  readonly rows: readonly { readonly at: string; readonly reading: RowReading }[];
  readonly isLastRowOpen: boolean;
}

const ROWS_SHOWN = 10;
/** Enough to meet the words that a sender uses. */
const ROWS_LOOKED_AT = 10_000;
/** More different words are no words, but numbers or names. */
const WORDS_LISTED = 50;

const WORDED = ['documentType', 'method', 'status', 'specimen', 'sex', 'result', 'poolSize'] as const;

export async function proposeMapping(bytes: Uint8Array, province: string): Promise<Reading<Proposal>> {
  const starts = await startsOf(bytes);
  if (!starts.ok) return starts;
  const header = starts.value
    .flat()
    .map((row) => row.map(textOfCell))
    .toSorted((left, right) => columnsIn(right).size - columnsIn(left).size)[0];
  const columns = columnsIn(header ?? []);
  if (header === undefined || columns.size === 0) return { ok: false, fault: NO_HEADER };
  const tables = await readTables(bytes, [...columns.values()]);
  if (!tables.ok) return tables;
  const table = tables.value.find(({ rows }) => rows.some(({ cells, lacks }) => cells !== null && lacks === undefined));
  if (table === undefined) return fault('', 'has no rows under its header', 'propose from a file with results');
  const places = new Map(table.header.map((name, index) => [sameForm(name), index]));
  const cellIn = ({ cells }: TableRow, name: string): Cell => cells?.[places.get(sameForm(name)) ?? -1] ?? EMPTY;
  const rows = table.rows.slice(0, ROWS_LOOKED_AT);
  const cellsOf = (field: Column) => {
    const name = columns.get(field);
    return name === undefined ? [] : rows.map((row) => cellIn(row, name));
  };
  const mapping = mappingOf(columns, cellsOf, province);
  const shown = rows.filter(({ cells }) => cells !== null).slice(0, ROWS_SHOWN);
  const understood = { ...mapping, columns: withOpenNames(mapping.columns) } as unknown as SheetMapping;
  return taken({
    mapping,
    unused: header.filter((name) => name !== '' && ![...columns.values()].includes(name)),
    rows: shown.map((row) => ({
      at: row.at,
      reading: mapRow(understood, (name) => cellIn(row, name)),
    })),
    isLastRowOpen: table.rows.at(-1)?.isOpen === true,
  });
}

const NO_HEADER: FormatFault = {
  field: '',
  reason: 'has no row of columns that are known, in Chinese or English',
  hint: 'write the mapping by hand',
};

function columnsIn(header: readonly string[]): ReadonlyMap<Column, string> {
  const columns = new Map<Column, string>();
  for (const name of header) {
    const column = columnOf(name);
    if (column !== null && !columns.has(column)) columns.set(column, name);
  }
  return columns;
}

type CellsOf = (field: Column) => readonly Cell[];

function mappingOf(columns: ReadonlyMap<Column, string>, cellsOf: CellsOf, province: string) {
  const named: Record<string, string> = Object.fromEntries(columns);
  // Many exports have one time for test and report.
  if (named['reportIssuedAt'] === undefined && named['testedAt'] !== undefined) {
    named['reportIssuedAt'] = named['testedAt'];
    delete named['testedAt'];
  }
  for (const field of ['documentNumber', 'sampleId', 'result', 'reportIssuedAt'] as const) named[field] ??= TO_FILL;
  const numbers = cellsOf('documentNumber').map(textOfCell);
  const areResidents = numbers.length > 0 && numbers.every(isResidentNumber);
  const constants = {
    ...(columns.has('documentType') ? {} : { documentType: areResidents ? 'resident_identity_card' : TO_FILL }),
    ...(columns.has('laboratory') ? {} : { laboratory: TO_FILL }),
    ...(columns.has('method') ? {} : { method: TO_FILL }),
    ...(columns.has('status') ? {} : { status: 'final' }),
  };
  const values = Object.fromEntries(
    WORDED.filter((field) => columns.has(field)).map((field) => [field, wordsOf(field, cellsOf(field))]),
  );
  const times = ['sampledAt', 'testedAt', 'reportIssuedAt', 'birthDate'] as const;
  const texts = times.flatMap((field) => cellsOf(field)).map(textOfCell);
  return { province, timeZone: '+08:00', ...orderOf(texts), columns: named, constants, values };
}

/** So that a fault says which field it is that has no column yet. */
function withOpenNames(columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(columns).map(([field, name]) => [field, name === TO_FILL ? `${TO_FILL} (${field})` : name]),
  );
}

function wordsOf(field: Column, cells: readonly Cell[]): object {
  const words = new Set(cells.map((cell) => textOfCell(cell).normalize('NFKC')).filter((word) => word !== ''));
  return Object.fromEntries([...words].slice(0, WORDS_LISTED).map((word) => [word, meaningOf(field, word)]));
}

/** What a file's times show of how it writes days; `?` where they may be either. */
function orderOf(texts: readonly string[]): object {
  const yearLast = texts
    .map((text) => /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}/.exec(text))
    .filter((match) => match !== null);
  const isDayFirst = yearLast.some(([, first]) => Number(first) > 12);
  const isMonthFirst = yearLast.some(([, , second]) => Number(second) > 12);
  const dateOrder = isDayFirst === isMonthFirst ? TO_FILL : isDayFirst ? 'day_first' : 'month_first';
  const hasSerials = texts.some((text) => /^\d{5}(\.\d+)?$/.test(text));
  return { ...(yearLast.length > 0 ? { dateOrder } : {}), ...(hasSerials ? { serialDates: '1900' } : {}) };
}
