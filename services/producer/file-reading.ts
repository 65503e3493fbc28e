/**
 * Files are read in a thread beside the door's, one after the other, a few may wait. One that takes too long, or too
 * much memory, ends the thread and is refused; the next file gets a new one. It must never block the event loop.
 */

import { Worker } from 'node:worker_threads';
import type { FileBounds, FileRead } from '#exchange/readers/read-file.ts';
import type { Format } from '#exchange/readers/readers.ts';
import type { SenderProfile } from '#exchange/readers/sender-profile.ts';
import type { ToRead } from './file-worker.ts';

const FILES_MAX = 8;
const READ_MS_MAX = 10_000;
const MEMORY_MB_MAX = 384;

export type Reading = FileRead | { readonly ok: false; readonly why: 'too-costly' | 'overloaded' };

export class FileReading {
  readonly #bounds: FileBounds;
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #files = 0;

  constructor(bounds: FileBounds) {
    this.#bounds = bounds;
  }

  /** Never rejects. @param format null: by the content */
  async read(bytes: Buffer, profile: SenderProfile | null, format: Format | null = null): Promise<Reading> {
    if (this.#files >= FILES_MAX) return { ok: false, why: 'overloaded' };
    this.#files += 1;
    const reading = this.#last.then(() => this.#readNow({ bytes, profile, bounds: this.#bounds, format }));
    this.#last = reading;
    return reading.finally(() => (this.#files -= 1));
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #readNow(file: ToRead): Promise<Reading> {
    const worker = (this.#worker ??= new Worker(new URL('file-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
    }));
    worker.unref();
    const { promise, resolve } = Promise.withResolvers<Reading>();
    const fail = (): void => {
      this.#worker = null;
      void worker.terminate();
      resolve({ ok: false, why: 'too-costly' });
    };
    const timer = setTimeout(fail, READ_MS_MAX);
    worker.once('message', resolve).once('error', fail);
    worker.postMessage(file);
    return promise.finally(() => {
      clearTimeout(timer);
      worker.removeListener('message', resolve).removeListener('error', fail);
    });
  }
}
