/**
 * Files are read in a thread beside the door's, one after the other, a few may wait. One that takes too long, or too
 * much memory, ends the thread and is refused; the next file gets a new one. It must never block the event loop.
 */

import { once } from 'node:events';
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
  #thread: Thread | null = null;
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
    await this.#thread?.worker.terminate();
  }

  async #readNow(file: ToRead): Promise<Reading> {
    const { worker, isLoaded } = (this.#thread ??= newThread());
    const fail = (): Reading => {
      this.#thread = null;
      void worker.terminate();
      return { ok: false, why: 'too-costly' };
    };
    const tooLong = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    try {
      await isLoaded;
      timer = setTimeout(() => tooLong.abort(), READ_MS_MAX);
      const answer = once(worker, 'message', { signal: tooLong.signal });
      worker.postMessage(file);
      const [read] = (await answer) as [FileRead];
      return read;
    } catch {
      return fail();
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Thread {
  readonly worker: Worker;
  /** A file's time begins then: on a busy machine to load the readers takes seconds. */
  readonly isLoaded: Promise<unknown>;
}

function newThread(): Thread {
  const worker = new Worker(new URL('file-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
  });
  worker.unref();
  return { worker, isLoaded: once(worker, 'message') };
}
