/**
 * What was packed by zstd, unpacked as it comes. A file may be several frames one behind the other, and Node ends after
 * the first without a word where the next one begins in the same piece: here it must never.
 */

import { createZstdDecompress } from 'node:zlib';

/** Each frame takes an unpacker of its own: a file of a megabyte could have a hundred thousand empty ones. */
const SMALL_FRAMES_MAX = 5_000;
/** What a log that is flushed often has in a frame is more. */
const SMALL_BYTES = 512;

export async function* unzstd(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = packed[Symbol.asyncIterator]();
  let first = await pieces.next();
  let smallFrames = 0;
  while (first.done !== true) {
    if (smallFrames > SMALL_FRAMES_MAX) throw new Error(`holds more than ${SMALL_FRAMES_MAX} frames of a few bytes`);
    const frames = createZstdDecompress();
    const fed = { before: 0, piece: first.value, isEnd: false };
    feed(frames, pieces, fed).catch((error: unknown) => frames.destroy(error as Error));
    let bytes = 0;
    for await (const part of frames as AsyncIterable<Buffer>) {
      bytes += part.length;
      yield part;
    }
    if (fed.isEnd) return;
    if (bytes < SMALL_BYTES) smallFrames += 1;
    // It has ended within a piece: what it left of that is the beginning of the next frame.
    const rest = fed.piece.subarray(frames.bytesWritten - fed.before);
    first = rest.length > 0 ? { done: false, value: rest } : await pieces.next();
  }
}

/** Piece by piece, until one isn't taken whole: then a frame has ended within it. */
async function feed(
  frames: ReturnType<typeof createZstdDecompress>,
  pieces: AsyncIterator<Uint8Array>,
  fed: { before: number; piece: Uint8Array; isEnd: boolean },
): Promise<void> {
  for (;;) {
    await new Promise<void>((resolve) => {
      frames.write(fed.piece, () => resolve());
    });
    if (frames.bytesWritten < fed.before + fed.piece.length) return;
    const next = (await pieces.next()) as IteratorResult<Uint8Array, undefined>;
    if (next.done === true) break;
    fed.before += fed.piece.length;
    fed.piece = next.value;
  }
  fed.isEnd = true;
  frames.end();
}
