/**
 * Opens what is to be imported, a file or a stream: gzip and zstd undone, UTF-16 turned into UTF-8, byte order
 * mark dropped, format recognised. Reads in chunks; it must never hold a whole file, nor unpack without a bound.
 */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Format, recogniseFormat } from '#exchange/readers/readers.ts';
import { behind, take, unpacked } from '#exchange/readers/unpacked.ts';

export interface Input {
  readonly path: string;
  /** On disk, compressed or not; null of a stream. */
  readonly sizeBytes: number | null;
  /** Null when the beginning looks like none. */
  readonly format: Format | null;
  /**
   * Of a stream once only.
   * @param onRead bytes taken from disk, for the progress
   */
  readonly chunks: (onRead: (bytes: number) => void) => AsyncGenerator<Uint8Array>;
}

const PEEK_BYTES = 64 * 1024;
/** Of a stream, which may come slowly: enough to see what it is. */
const PEEK_SLOW_BYTES = 4 * 1024;
/** What is packed may unpack to so much. */
export const UNPACKED_BYTES_MAX = 64 * 1024 * 1024 * 1024;

/** @throws an error of the file system when it can't be opened */
export async function openInput(path: string, unpackedBytesMax = UNPACKED_BYTES_MAX): Promise<Input> {
  const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: !found.isDirectory() }));
  if (!isFile) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
  const start = await startOf(createReadStream(path, { end: PEEK_BYTES - 1 }), unpackedBytesMax);
  const utf16 = utf16Of(start);
  return {
    path,
    sizeBytes: size,
    format: formatOf(start, utf16),
    chunks: (onRead) => {
      const file = createReadStream(path).on('data', (chunk) => onRead(chunk.length));
      return asUtf8(unpacked(file, unpackedBytesMax), utf16);
    },
  };
}

/** What can be read once only: its beginning is kept until it is asked for. */
export async function openStream(
  path: string,
  stream: AsyncIterable<Uint8Array>,
  unpackedBytesMax = UNPACKED_BYTES_MAX,
): Promise<Input> {
  let onRead: (bytes: number) => void = () => undefined;
  const plain = unpacked(
    tapped(stream, (bytes) => onRead(bytes)),
    unpackedBytesMax,
  );
  const first = await take(plain, PEEK_SLOW_BYTES);
  const start = Buffer.concat(first);
  const utf16 = utf16Of(start);
  return {
    path,
    sizeBytes: null,
    format: formatOf(start, utf16),
    chunks: (asked) => {
      onRead = asked;
      return asUtf8(behind(first, plain), utf16);
    },
  };
}

function formatOf(start: Uint8Array, utf16: string | null): Format | null {
  return recogniseFormat(utf16 === null ? Buffer.from(start).toString('latin1') : new TextDecoder(utf16).decode(start));
}

/** What the beginning of a file unpacks to; less when it's damaged, which reading it will report. */
async function startOf(raw: AsyncIterable<Uint8Array>, unpackedBytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of unpacked(raw, unpackedBytesMax)) {
      parts.push(part);
      length += part.length;
      if (length >= PEEK_BYTES) break;
    }
  } catch {
    // The beginning of a packed file ends in the middle of it.
  }
  return Buffer.concat(parts).subarray(0, PEEK_BYTES);
}

async function* tapped(source: AsyncIterable<Uint8Array>, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const part of source) {
    onRead(part.length);
    yield part;
  }
}

function utf16Of(start: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = start;
  // By its mark, or by the zero beside a first character that is ASCII in both formats.
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second !== 0)
    ? 'utf-16be'
    : null;
}

async function* asUtf8(source: AsyncIterable<Uint8Array>, utf16: string | null): AsyncGenerator<Uint8Array> {
  const decoder = utf16 === null ? null : new TextDecoder(utf16);
  let isFirst = true;
  for await (const chunk of source) {
    const bytes = decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
    const hasMark = isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    isFirst &&= bytes.length === 0;
    yield hasMark ? bytes.subarray(3) : bytes;
  }
}
