/** Reads one file after the other in a thread of its own, so that the door's event loop never waits for one. */

import { parentPort } from 'node:worker_threads';
import { type FileBounds, readFile } from '#exchange/readers/read-file.ts';
import type { Format } from '#exchange/readers/readers.ts';
import type { SenderProfile } from '#exchange/readers/sender-profile.ts';

export interface ToRead {
  readonly bytes: Uint8Array;
  readonly profile: SenderProfile | null;
  readonly bounds: FileBounds;
  /** Null: by the content. */
  readonly format: Format | null;
}

parentPort?.on('message', ({ bytes, profile, bounds, format }: ToRead) => {
  void readFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), profile, bounds, format).then((read) =>
    parentPort?.postMessage(read),
  );
});

parentPort?.postMessage('loaded');
