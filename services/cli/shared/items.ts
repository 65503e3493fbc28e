/**
 * What a file holds, item by item, by the reader of its format; also where it holds nothing of the kind, or ends before
 * its end. It never throws for what a file holds, and holds no more of it than one item.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { type Format, FORMATS, READERS } from '#exchange/readers/readers.ts';
import { type Input, openInput } from './input.ts';

export type Opened =
  | { readonly path: string; readonly input: Input }
  | { readonly path: string; readonly input: null; readonly fault: FormatFault };

export async function tryOpen(path: string, open: (path: string) => Promise<Input> = openInput): Promise<Opened> {
  try {
    return { path, input: await open(path) };
  } catch (error) {
    const reason = `can’t be opened (${codeOf(error)})`;
    return { path, input: null, fault: { field: '', reason, hint: 'check its name and its permissions' } };
  }
}

/** Whether a file's format doesn't say of which province it is. @param format null: by the file's content */
export function lacksProvince(input: Input, format: Format | null): Format | null {
  const its = format ?? input.format;
  return its !== null && READERS[its].needsMapping ? its : null;
}

/**
 * @param format null: by the file's content
 * @param mapping null: enough where the events name their province
 */
export async function* itemsOf(
  input: Input,
  format: Format | null,
  mapping: MappingSettings | null,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Item> {
  const its = format ?? input.format;
  if (its === null) return yield { kind: 'file_fault', at: WHOLE, fault: NO_FORMAT };
  yield* toItsEnd(read(its, input.chunks(onRead), mapping));
}

/** Of a spreadsheet, by its sender's mapping. */
export function itemsOfSheet(
  input: Input,
  sheet: SheetMapping,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Item> {
  return toItsEnd(readSheet(input.chunks(onRead), sheet));
}

async function* toItsEnd(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    // The file system or the unpacking: what came before has been taken, so the file's remainder is the fault.
    yield { kind: 'file_fault', at: WHOLE, fault: cutShort(error) };
  }
}

/** What kept a file from being read to its end. */
export function cutShort(error: unknown): FormatFault {
  return { field: '', reason: `can’t be read to its end (${codeOf(error)})`, hint: CUT_SHORT_HINT };
}

/** As a place in a file. */
export const WHOLE = 'the file';

const CUT_SHORT_HINT = 'fetch it again and give it once more; what was accepted of it before becomes a duplicate';
const NO_FORMAT: FormatFault = {
  field: '',
  reason: `looks neither like ${FORMATS.map((name) => READERS[name].title).join(' nor like ')}`,
  hint: 'if it is one of them, say so with --format',
};

function read(
  format: Format,
  chunks: AsyncIterable<Uint8Array>,
  mapping: MappingSettings | null,
): AsyncGenerator<Item> {
  const reader = READERS[format];
  if (!reader.needsMapping) return reader.read(chunks);
  if (mapping === null) throw new RangeError(`${reader.title} needs a province`);
  return reader.read(chunks, mapping);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';
