/**
 * A file as it was before it was packed by gzip or zstd, which its first bytes tell. It must never hold all of it, nor
 * unpack more than it is let.
 */

import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unzstd } from './unzstd.ts';

/** @throws what is damaged, and EFBIG, as a file system has it, of what was packed and is longer */
export async function* unpacked(raw: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  const rest = raw[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const whole: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => rest };
  const first = await take(whole, MARK_BYTES);
  const packing = packingOf(Buffer.concat(first));
  const packed = behind(first, whole);
  if (packing === null) return yield* packed;
  let length = 0;
  for await (const part of packing === 'zstd' ? unzstd(packed) : ungzip(packed)) {
    length += part.length;
    if (length > bytesMax) throw Object.assign(new Error('unpacks to too much'), { code: 'EFBIG' });
    yield part;
  }
}

const MARK_BYTES = 4;

function packingOf([first, second, third, fourth]: Uint8Array): 'gzip' | 'zstd' | null {
  if (first === 0x1f && second === 0x8b) return 'gzip';
  return first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd ? 'zstd' : null;
}

function ungzip(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // pipeline passes an error of the source on to the unpacked side, where who reads it gets it.
  return pipeline(Readable.from(packed), createGunzip(), () => undefined) as AsyncIterable<Buffer>;
}

/** Pieces of so many bytes or more together, or all there are. The rest can be read on. */
export async function take(source: AsyncIterable<Uint8Array>, bytes: number): Promise<readonly Uint8Array[]> {
  const iterator = source[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  for (let length = 0; length < bytes;) {
    const { done, value } = (await iterator.next()) as IteratorResult<Uint8Array>;
    if (done === true) break;
    parts.push(value);
    length += value.length;
  }
  return parts;
}

export async function* behind(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}
