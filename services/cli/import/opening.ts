/**
 * The files of an import, opened and read by their formats. It must never let one through whose province nobody knows.
 */

import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { type Format, READERS } from '#exchange/readers/readers.ts';
import { type Input, openStream } from '#services/cli/shared/input.ts';
import { itemsOf, itemsOfSheet, lacksProvince, type Opened, tryOpen } from '#services/cli/shared/items.ts';

export interface HowRead {
  /** Null to go by each file's content. */
  readonly format: Format | null;
  /** Null when no province was given: enough where the events name it. */
  readonly mapping: MappingSettings | null;
  /** Of who sends spreadsheets: all files are then of this sender's. */
  readonly sheet?: SheetMapping | undefined;
}

/** A mistake in how the command was called; nothing has been sent. */
export class UsageError extends Error {}

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

export function readAs(
  input: Input,
  { format, mapping, sheet }: HowRead,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Item> {
  return sheet === undefined ? itemsOf(input, format, mapping, onRead) : itemsOfSheet(input, sheet, onRead);
}
