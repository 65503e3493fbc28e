/**
 * Results by tube and people by tube, each in files of their own, as one: in whatever order the files come, and as a
 * tube's result for each of its people. It must never leave a half out unsaid, nor give anybody another tube's result.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { type Cell, isEmpty, sameForm, textOfCell } from './cell.ts';
import { mapRow, originsOf } from './map-row.ts';
import { partsOf, type SheetMapping } from './mapping.ts';
import { bytesOf, itemsOfRow } from './reader.ts';
import { cellAt, faultOfRow, type Head, headOf, ignoredAs } from './rows.ts';
import { readTables, type Table } from './table.ts';

export interface JoinedFile {
  readonly path: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Of one file, and for an event also the file from which its tube's result comes. */
export interface JoinedItem {
  readonly path: string;
  readonly tubesPath: string | null;
  readonly item: Item;
}

interface PlacedRow {
  readonly path: string;
  readonly at: string;
  readonly cells: readonly Cell[];
  readonly head: Head;
  /** By its form; '' where the row names none. */
  readonly tube: string;
}

type JoinedMapping = SheetMapping & Required<Pick<SheetMapping, 'tubes'>>;

export async function* readJoined(files: readonly JoinedFile[], mapping: JoinedMapping): AsyncGenerator<JoinedItem> {
  const [people, tubes] = partsOf(mapping).map(Object.values) as [string[], string[]];
  const halves = { people: [] as PlacedRow[], tubes: [] as PlacedRow[] };
  for (const { path, chunks } of files) {
    const said = (item: Item): JoinedItem => ({ path, tubesPath: null, item });
    const bytes = await bytesOf(chunks);
    if (bytes === null) {
      yield said({ kind: 'file_fault', at: 'the file', fault: TOO_LONG });
      continue;
    }
    const ofPeople = await readTables(bytes, people);
    const read = ofPeople.ok ? ofPeople : await readTables(bytes, tubes);
    if (!read.ok) {
      yield said({ kind: 'file_fault', at: 'the file', fault: NEITHER });
      continue;
    }
    const half = ofPeople.ok ? 'people' : 'tubes';
    for (const table of read.value)
      for (const one of placed(table, path, mapping, half === 'people' ? people : tubes, half))
        if ('item' in one) yield one;
        else halves[half].push(one);
  }
  yield* joinedOf(halves.people, halves.tubes, mapping);
}

function* placed(
  { header, rows }: Table,
  path: string,
  mapping: JoinedMapping,
  names: readonly string[],
  half: 'people' | 'tubes',
): Generator<PlacedRow | JoinedItem> {
  const said = (item: Item): JoinedItem => ({ path, tubesPath: null, item });
  const head = headOf(header, names);
  if (!head.ok) return yield said({ kind: 'file_fault', at: 'the header', fault: head.fault });
  const { columns, tubes } = mapping;
  const tubeName = half === 'people' ? (columns.tubeId as string) : tubes.tubeId;
  const keys = { names: half === 'people' ? [columns.documentNumber, tubeName] : [tubeName], needed: [] };
  for (const row of rows) {
    const cells = row.cells ?? [];
    const aside = faultOfRow(row, head.value, mapping) ?? ignoredAs(cells, head.value, keys);
    if (aside !== null) {
      yield said({ kind: aside.kind, at: row.at, within: '', faults: [aside.fault] });
      continue;
    }
    const cell = cellAt(cells, head.value, tubeName);
    if (isEmpty(cell))
      yield said({ kind: 'refused', at: row.at, within: '', faults: [{ field: tubeName, ...EMPTY_TUBE }] });
    else yield { path, at: row.at, cells, head: head.value, tube: sameForm(textOfCell(cell)) };
  }
}

function* joinedOf(
  people: readonly PlacedRow[],
  tubes: readonly PlacedRow[],
  mapping: JoinedMapping,
): Generator<JoinedItem> {
  const peopleOf = Map.groupBy(people, ({ tube }) => tube);
  const tubesOf = Map.groupBy(tubes, ({ tube }) => tube);
  const origins = originsOf(mapping);
  for (const { path, at, tube, cells, head } of people) {
    const [its, second] = tubesOf.get(tube) ?? [];
    const field = mapping.columns.tubeId as string;
    if (its === undefined || second !== undefined) {
      const fault = { field, ...(its === undefined ? NO_RESULT : TWICE) };
      yield { path, tubesPath: null, item: { kind: 'refused', at, within: '', faults: [fault] } };
      continue;
    }
    const ofTubes: ReadonlySet<string> = new Set(mapping.tubes.fields);
    const read = mapRow(
      mapping,
      (name, asked) => (ofTubes.has(asked) ? cellAt(its.cells, its.head, name) : cellAt(cells, head, name)),
      peopleOf.get(tube)?.length,
    );
    for (const item of itemsOfRow(at, read, origins)) yield { path, tubesPath: its.path, item };
  }
  for (const { path, at, tube } of tubes) {
    const place = { at, within: '' };
    const field = mapping.tubes.tubeId;
    const count = tubesOf.get(tube)?.length ?? 0;
    const [kind, said] =
      count > 1
        ? (['refused', TWICE] as const)
        : peopleOf.has(tube)
          ? (['ignored', OF_ITS_PEOPLE] as const)
          : (['refused', NOBODY] as const);
    yield { path, tubesPath: null, item: { kind, ...place, faults: [{ field, ...said }] } };
  }
}

type Said = Omit<FormatFault, 'field'>;

const BOTH_HINT = 'give it with the other file again, once that is there; nothing that was accepted is sent twice';

const TOO_LONG: FormatFault = { field: '', reason: 'is too long to be joined', hint: 'split it' };
const NEITHER: FormatFault = {
  field: '',
  reason: 'has neither the columns of people nor those of tubes',
  hint: 'send the file that the mapping was made for, or make a mapping for this one',
};
const EMPTY_TUBE: Said = { reason: 'is empty', hint: 'fill it: nothing is assumed' };
const NO_RESULT: Said = { reason: 'is of a tube of which no result came along', hint: BOTH_HINT };
const NOBODY: Said = { reason: 'is of a tube of whose people none came along', hint: BOTH_HINT };
const TWICE: Said = {
  reason: 'is of a tube that has several results: which one counts isn’t known',
  hint: 'send each tube once, with the result that counts',
};
const OF_ITS_PEOPLE: Said = { reason: 'stands as the result of each of its people', hint: 'nothing to mend' };
