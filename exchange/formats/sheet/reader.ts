/**
 * A spreadsheet as events, by its sender's mapping: each row under the header is one item, or more where a note goes
 * with its event. It must never throw for what a file holds.
 */

import { type FormatFault, fault } from '#exchange/formats/format-fault.ts';
import type { Origins } from '#exchange/formats/location.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { SHEET_LIMITS } from './bounds.ts';
import { mapRow, originsOf, type RowReading } from './map-row.ts';
import type { SheetMapping } from './mapping.ts';
import { peopleIn } from './people.ts';
import { cellAt, faultOfRow, headOf, ignoredAs } from './rows.ts';
import { readTables, type Table } from './table.ts';

/** @param unpackedBytesMax of a workbook */
export async function* readSheet(
  chunks: AsyncIterable<Uint8Array>,
  mapping: SheetMapping,
  unpackedBytesMax?: number,
): AsyncGenerator<Item> {
  const bytes = await bytesOf(chunks);
  const names = Object.values(mapping.columns);
  const tables = bytes === null ? TOO_LONG : await readTables(bytes, names, unpackedBytesMax);
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
function orOfTubes(found: FormatFault, { columns, tubes }: SheetMapping): FormatFault {
  const missing = found.field.split(', ');
  const isOfTubes =
    missing.includes(columns.documentNumber) &&
    (tubes !== undefined || (columns.tubeId !== undefined && !missing.includes(columns.tubeId)));
  return isOfTubes
    ? { ...found, reason: 'isn’t in the header: these are results of tubes, without people', hint: JOIN_TUBES }
    : found;
}

const JOIN_TUBES = 'join them with the file that says whose samples each tube holds, and send that';

function* itemsOf({ header, rows }: Table, mapping: SheetMapping): Generator<Item> {
  // The spelling is the mapping's own: it is asked for every cell.
  const head = headOf(header, Object.values(mapping.columns));
  if (!head.ok) return yield { kind: 'file_fault', at: 'the header', fault: head.fault };
  const origins = originsOf(mapping);
  const { documentNumber, sampleId, result } = mapping.columns;
  const keys = { names: [documentNumber, sampleId], needed: [documentNumber, result] };
  const read = rows.flatMap(({ cells, lacks }) => (cells === null || lacks !== undefined ? [] : [cells]));
  const peopleOf = peopleIn(read, head.value, mapping);
  for (const row of rows) {
    const cells = row.cells ?? [];
    const aside = faultOfRow(row, head.value, mapping) ?? ignoredAs(cells, head.value, keys);
    if (aside !== null) yield { kind: aside.kind, at: row.at, within: '', faults: [aside.fault] };
    else
      yield* itemsOfRow(
        row.at,
        mapRow(mapping, (name) => cellAt(cells, head.value, name), peopleOf(cells)),
        origins,
      );
  }
}

/** A note goes before its event. */
export function* itemsOfRow(at: string, read: RowReading, origins: Origins): Generator<Item> {
  const place = { at, within: '' };
  if (read.kind !== 'event') return yield { kind: read.kind, ...place, faults: read.faults };
  if (read.notes.length > 0) yield { kind: 'note', ...place, faults: read.notes };
  yield { kind: 'event', ...place, json: JSON.stringify(read.event), origins };
}
