/**
 * Opens what is to be imported: gzip undone, UTF-16 turned into UTF-8, byte order mark dropped, format recognised.
 * Reads in chunks; never holds a whole file.
 */

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { type Format, recogniseFormat } from '#exchange/readers/readers.ts';

export interface Input {
  readonly path: string;
  /** On disk, compressed or not. */
  readonly sizeBytes: number;
  /** Null when the beginning looks like none. */
  readonly format: Format | null;
  /** @param onRead bytes taken from disk, for the progress */
  readonly chunks: (onRead: (bytes: number) => void) => AsyncGenerator<Uint8Array>;
}

const PEEK_BYTES = 64 * 1024;

/** @throws an error of the file system when it can't be opened */
export async function openInput(path: string): Promise<Input> {
  const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: !found.isDirectory() }));
  if (!isFile) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
  const start = await readStart(path);
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const plainStart = isGzip ? startOfGzip(start) : start;
  const utf16 = utf16Of(plainStart);
  const text = utf16 === null ? Buffer.from(plainStart).toString('latin1') : new TextDecoder(utf16).decode(plainStart);
  return {
    path,
    sizeBytes: size,
    format: recogniseFormat(text),
    chunks: (onRead) => readChunks(path, isGzip, utf16, onRead),
  };
}

async function readStart(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What the beginning of a gzip file unpacks to; nothing when it's damaged, which reading it will report. */
function startOfGzip(start: Uint8Array): Uint8Array {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 256 * PEEK_BYTES }).subarray(
      0,
      PEEK_BYTES,
    );
  } catch {
    return new Uint8Array();
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

async function* readChunks(
  path: string,
  isGzip: boolean,
  utf16: string | null,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path).on('data', (chunk) => onRead(chunk.length));
  // pipeline passes an error of the file on to the unpacked side, where the loop below throws it.
  const source = isGzip ? pipeline(file, createGunzip(), () => undefined) : file;
  const decoder = utf16 === null ? null : new TextDecoder(utf16);
  let isFirst = true;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const bytes = decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
    const hasMark = isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    isFirst &&= bytes.length === 0;
    yield hasMark ? bytes.subarray(3) : bytes;
  }
}
