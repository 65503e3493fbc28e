/**
 * The files of an import, opened and read by their formats. It must never let one through whose province nobody knows.
 */

import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import { readJoined } from '#exchange/formats/sheet/joined.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { type Format, READERS } from '#exchange/readers/readers.ts';
import { type Input, openStream } from '#services/cli/shared/input.ts';
import {
  cutShort,
  itemsOf,
  itemsOfSheet,
  lacksProvince,
  type Opened,
  tryOpen,
  WHOLE,
} from '#services/cli/shared/items.ts';
import { UsageError } from './options.ts';

export interface HowRead {
  /** Null to go by each file's content. */
  readonly format: Format | null;
  /** Null when no province was given: enough where the events name it. */
  readonly mapping: MappingSettings | null;
  /** Of who sends spreadsheets. */
  readonly sheet?: SheetMapping | undefined;
  /** By default all files are. */
  readonly sheetsAre?: 'of no other format';
}

/** As a path, and as it is named. */
export const STANDARD_INPUT = { path: '-', name: 'standard input' } as const;

/** @throws UsageError where a file's province can't be known */
export async function openAll(
  paths: readonly string[],
  how: HowRead,
  standardInput: AsyncIterable<Uint8Array> = process.stdin,
): Promise<readonly Opened[]> {
  const opened = await Promise.all(
    paths.map((path) =>
      path === STANDARD_INPUT.path
        ? tryOpen(STANDARD_INPUT.name, (name) => openStream(name, standardInput))
        : tryOpen(path),
    ),
  );
  for (const { path, input } of how.mapping === null && how.sheet === undefined ? opened : []) {
    const format = input === null ? null : lacksProvince(input, how.format);
    if (format !== null)
      throw new UsageError(
        `${path} is ${READERS[format].title}, which doesn’t name the publishing province: give --province with its ` +
          'two-digit code',
      );
  }
  return opened;
}

/** One item, of which file, and for an event that is joined the file of its tube's result. */
export interface Read {
  readonly path: string;
  readonly tubesPath: string | null;
  readonly item: Item;
}

/** Files whose items depend on each other, or one alone. */
export type Group = readonly Input[];

export function groupsOf(opened: readonly Opened[], how: HowRead): readonly Group[] {
  const inputs = opened.flatMap(({ input }) => input ?? []);
  const joined = inputs.filter((input) => sheetFor(input, how)?.tubes !== undefined);
  const others = inputs.filter((input) => !joined.includes(input)).map((input) => [input]);
  return joined.length === 0 ? others : [...others, joined];
}

/** The mapping by which a file is a spreadsheet; undefined: it is none. */
export function sheetFor(input: Input, { format, sheet, sheetsAre }: HowRead): SheetMapping | undefined {
  return sheetsAre === undefined || (format ?? input.format) === null ? sheet : undefined;
}

export async function* readGroup(group: Group, how: HowRead, onRead?: (bytes: number) => void): AsyncGenerator<Read> {
  const { format, mapping } = how;
  for (const input of group) {
    const sheet = sheetFor(input, how);
    if (sheet?.tubes !== undefined) return yield* joined(group, { ...sheet, tubes: sheet.tubes }, onRead);
    const items = sheet === undefined ? itemsOf(input, format, mapping, onRead) : itemsOfSheet(input, sheet, onRead);
    for await (const item of items) yield { path: input.path, tubesPath: null, item };
  }
}

async function* joined(
  group: Group,
  sheet: Parameters<typeof readJoined>[1],
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Read> {
  const faults: Read[] = [];
  async function* chunksOf(input: Input): AsyncGenerator<Uint8Array> {
    try {
      yield* input.chunks(onRead);
    } catch (error) {
      faults.push({
        path: input.path,
        tubesPath: null,
        item: { kind: 'file_fault', at: WHOLE, fault: cutShort(error) },
      });
    }
  }
  yield* readJoined(
    group.map((input) => ({ path: input.path, chunks: chunksOf(input) })),
    sheet,
  );
  yield* faults;
}
