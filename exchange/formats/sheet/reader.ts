/**
 * A spreadsheet as events, by its sender's mapping: each row under the header is one item, or more where a note goes
 * with its event. It must never throw for what a file holds.
 */

import { type FormatFault, fault } from '#exchange/formats/format-fault.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { SHEET_LIMITS } from './bounds.ts';
import { type Cell, EMPTY, isEmpty, sameForm, textOfCell } from './cell.ts';
import { mapRow, originsOf } from './map-row.ts';
import type { SheetMapping } from './mapping.ts';
import { readTables, type Table, type TableRow } from './table.ts';

export async function* readSheet(chunks: AsyncIterable<Uint8Array>, mapping: SheetMapping): AsyncGenerator<Item> {
  const bytes = await bytesOf(chunks);
  const names = Object.values(mapping.columns);
  const tables = bytes === null ? TOO_LONG : await readTables(bytes, names);
  if (!tables.ok) return yield { kind: 'file_fault', at: 'the file', fault: orOfTubes(tables.fault, mapping) };
  for (const table of tables.value) yield* itemsOf(table, mapping);
}

const TOO_LONG = fault('', `is longer than ${SHEET_LIMITS.bytesMax} bytes`, 'split it');

/** All of them; null where there are too many. */
export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > SHEET_LIMITS.bytesMax) return null;
    parts.push(Uint8Array.from(chunk)); // a copy: the reader may reuse its buffer
  }
  return Buffer.concat(parts);
}

/** A file of tubes has all but the people: who sends it has to know that it isn't the mapping's fault. */
function orOfTubes(found: FormatFault, { columns }: SheetMapping): FormatFault {
  const missing = found.field.split(', ');
  const isOfTubes =
    missing.includes(columns.documentNumber) && columns.tubeId !== undefined && !missing.includes(columns.tubeId);
  return isOfTubes
    ? { ...found, reason: 'isn’t in the header: these are results of tubes, without people', hint: JOIN_TUBES }
    : found;
}

const JOIN_TUBES = 'join them with the file that says whose samples each tube holds, and send that';

function* itemsOf({ header, rows }: Table, mapping: SheetMapping): Generator<Item> {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  header.forEach((name, index) => {
    const form = sameForm(name);
    if (places.has(form)) twice.add(form);
    else places.set(form, index);
  });
  const doubled = Object.values(mapping.columns).find((name) => twice.has(sameForm(name)));
  if (doubled !== undefined) {
    const said = { field: doubled, reason: 'stands twice in the header', hint: 'leave one of the two columns out' };
    return yield { kind: 'file_fault', at: 'the header', fault: said };
  }
  const origins = originsOf(mapping);
  // By the mapping's own spelling: asked for every cell.
  const columns = new Map(Object.values(mapping.columns).map((name) => [name, places.get(sameForm(name)) ?? -1]));
  for (const row of rows) {
    const place = { at: row.at, within: '' };
    const cells = row.cells ?? [];
    const aside = faultOfRow(row, header, columns, mapping) ?? ignoredAs(cells, header, columns, mapping);
    if (aside !== null) {
      yield { kind: aside.kind, ...place, faults: [aside.fault] };
      continue;
    }
    const read = mapRow(mapping, (name) => cells[columns.get(name) ?? -1] ?? EMPTY);
    if (read.kind !== 'event') yield { kind: read.kind, ...place, faults: read.faults };
    else {
      if (read.notes.length > 0) yield { kind: 'note', ...place, faults: read.notes };
      yield { kind: 'event', ...place, json: JSON.stringify(read.event), origins };
    }
  }
}

interface Aside {
  readonly kind: 'refused' | 'ignored';
  readonly fault: FormatFault;
}

function faultOfRow(
  { cells, isOpen }: TableRow,
  header: readonly string[],
  columns: ReadonlyMap<string, number>,
  mapping: SheetMapping,
): Aside | null {
  const refused = (reason: string, hint: string): Aside => ({ kind: 'refused', fault: { field: '', reason, hint } });
  if (cells === null)
    return refused(
      `can’t be read: a quotation mark isn’t closed, it has more than ${SHEET_LIMITS.rowCharsMax} characters, or its ` +
        'sheet has no header',
      'save the file again from the program that made it',
    );
  if (isOpen === true && mapping.filesEndWithoutLineEnd !== true)
    return refused(
      'is the last one and has no line’s end: it may have been cut',
      'fetch the file again; where the sender’s files end so, say `filesEndWithoutLineEnd` in the mapping',
    );
  if (cells.length > SHEET_LIMITS.columnsMax)
    return refused(`has more than ${SHEET_LIMITS.columnsMax} cells`, 'leave out columns that nobody needs');
  if (isOpen === true && cells.some((cell) => textOfCell(cell).includes('\ufffd')))
    return refused('ends within a character: it was cut', 'fetch the file again');
  if (cells.slice(header.length).some((cell) => !isEmpty(cell)))
    return refused(
      'has more cells than the header: a separator stands within a text',
      'save the file again with texts in quotation marks',
    );
  const last = Math.max(...columns.values());
  const isShort = cells.length <= last && !FOOTER.test(firstText(cells));
  return isShort ? refused('has fewer cells than the header', 'it may have been cut: send the row again') : null;
}

/** What programs and people write under a table. */
const FOOTER =
  /^(合计|总计|小计|共计|总数|共\d|制表|填表|审核|复核|报告人|备注|注[:：]|说明|sum\b|total\b|count\b|note\b)/i;

function ignoredAs(
  cells: readonly Cell[],
  header: readonly string[],
  columns: ReadonlyMap<string, number>,
  { columns: names }: SheetMapping,
): Aside | null {
  const ignored = (reason: string): Aside => ({
    kind: 'ignored',
    fault: { field: '', reason, hint: 'nothing to send' },
  });
  const cell = (name: string) => cells[columns.get(name) ?? -1] ?? EMPTY;
  if (cells.every((one, index) => sameForm(textOfCell(one)) === sameForm(header[index] ?? '')))
    return ignored('is the header once more');
  const isNobody = [names.documentNumber, names.sampleId].every(
    (name) => isEmpty(cell(name)) || FOOTER.test(textOfCell(cell(name))),
  );
  return isNobody && FOOTER.test(firstText(cells)) ? ignored('is a sum or a note under the table') : null;
}

function firstText(cells: readonly Cell[]): string {
  return textOfCell(cells.find((cell) => !isEmpty(cell)) ?? EMPTY);
}
