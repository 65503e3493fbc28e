/**
 * A whole file that somebody sent, to its items: unpacked within a bound, of whatever format its content is, read by
 * its sender's profile. Pure. It must never throw for what the bytes hold, nor hold more than the bounds let it.
 */

import type { FormatReader, Item } from '#exchange/formats/reader.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { type Format, READERS, recogniseFormat } from './readers.ts';
import type { SenderProfile } from './sender-profile.ts';
import { unpacked } from './unpacked.ts';

export interface FileBounds {
  /** Of the file as it is unpacked. */
  readonly bytesMax: number;
  /** Events, refused and ignored records, faults of the file. */
  readonly recordsMax: number;
}

/**
 * `no-format`: of none that is known. `no-mapping`: a spreadsheet, perhaps, of a sender without a mapping.
 * `no-profile`: a format that only a profile makes understood.
 */
export type WhyUnread = 'damaged' | 'too-long' | 'too-many' | 'no-format' | 'no-mapping' | 'no-profile';

export type FileRead =
  | { readonly ok: true; readonly items: readonly Item[] }
  | { readonly ok: false; readonly why: WhyUnread };

const PEEK_BYTES = 64 * 1024;

/** @param format null: by the content */
export async function readFile(
  bytes: Buffer,
  profile: SenderProfile | null,
  bounds: FileBounds,
  format: Format | null = null,
): Promise<FileRead> {
  const plain = await plainOf(bytes, bounds.bytesMax);
  if (typeof plain === 'string') return { ok: false, why: plain };
  const items = itemsOf(plain, profile, bounds, format);
  return typeof items === 'string' ? { ok: false, why: items } : collected(items, bounds.recordsMax);
}

/** A workbook says the same in so many times as many bytes as a text does. */
const WORKBOOK_TIMES = 4;

function itemsOf(
  bytes: Buffer,
  profile: SenderProfile | null,
  { bytesMax }: FileBounds,
  given: Format | null,
): AsyncGenerator<Item> | WhyUnread {
  const text = asUtf8(bytes);
  const format = given ?? recogniseFormat(text.toString('latin1', 0, PEEK_BYTES));
  if (format === null) {
    if (profile?.sheet === null || profile === null) return profile === null ? 'no-profile' : 'no-mapping';
    return readSheet(inPieces(bytes), profile.sheet, WORKBOOK_TIMES * bytesMax);
  }
  const reader: FormatReader = READERS[format];
  if (!reader.needsMapping) return reader.read(inPieces(text));
  return profile === null ? 'no-profile' : reader.read(inPieces(text), profile.settings);
}

async function collected(items: AsyncGenerator<Item>, recordsMax: number): Promise<FileRead> {
  const all: Item[] = [];
  let records = 0;
  for await (const item of items) {
    if (item.kind !== 'note') records += 1;
    if (records > recordsMax) return { ok: false, why: 'too-many' };
    all.push(item);
  }
  return { ok: true, items: all };
}

async function plainOf(bytes: Buffer, bytesMax: number): Promise<Buffer | 'damaged' | 'too-long'> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of unpacked(inPieces(bytes), bytesMax)) parts.push(part);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EFBIG' ? 'too-long' : 'damaged';
  }
  const plain = Buffer.concat(parts);
  return plain.length > bytesMax ? 'too-long' : plain;
}

/** UTF-16 by its mark, and UTF-8 without its own. */
function asUtf8(bytes: Buffer): Buffer {
  const utf16 = begins(bytes, [0xff, 0xfe]) ? 'utf-16le' : begins(bytes, [0xfe, 0xff]) ? 'utf-16be' : null;
  if (utf16 !== null) return Buffer.from(new TextDecoder(utf16).decode(bytes));
  return begins(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
}

function begins(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/** Of a whole that is read no further than to one record too many, no more should be cut than that. */
const PIECE_BYTES = 64 * 1024;

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
