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

/** `failed`: the thread ended for a reason of its own, which no other file of the sender would mend. */
export type Reading = FileRead | { readonly ok: false; readonly why: 'too-costly' | 'overloaded' | 'failed' };

interface Options {
  /** Made anew where the one before has ended. */
  readonly newWorker?: () => Worker;
  readonly readMs?: number;
}

export class FileReading {
  readonly #bounds: FileBounds;
  readonly #newWorker: () => Worker;
  readonly #readMs: number;
  #thread: Thread | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #files = 0;

  constructor(bounds: FileBounds, { newWorker = fileWorker, readMs = READ_MS_MAX }: Options = {}) {
    this.#bounds = bounds;
    this.#newWorker = newWorker;
    this.#readMs = readMs;
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
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new AbortController();
    try {
      const { worker, isLoaded, hasEnded } = (this.#thread ??= this.#begun());
      await Promise.race([isLoaded, hasEnded]);
      timer = setTimeout(() => tooLong.abort(), this.#readMs);
      const answer = once(worker, 'message', { signal: tooLong.signal });
      worker.postMessage(file);
      // A thread that ends without an error tells nothing but that.
      const [read] = (await Promise.race([answer, hasEnded])) as [FileRead];
      return read;
    } catch (error) {
      this.#forget();
      const isCostly = tooLong.signal.aborted || (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      return { ok: false, why: isCostly ? 'too-costly' : 'failed' };
    } finally {
      clearTimeout(timer);
    }
  }

  #begun(): Thread {
    const worker = this.#newWorker();
    worker.unref();
    // Also while no file is read: an error that nobody listens for would end the door, and a thread that has ended
    // would read nothing any more.
    const hasEnded = new Promise<never>((_, reject) => {
      const end = (error: Error) => {
        if (this.#thread?.worker === worker) this.#thread = null;
        reject(error);
      };
      worker.on('error', end).on('exit', () => end(new Error('the thread has ended')));
    });
    hasEnded.catch(() => undefined);
    return { worker, hasEnded, isLoaded: once(worker, 'message') };
  }

  #forget(): void {
    void this.#thread?.worker.terminate();
    this.#thread = null;
  }
}

interface Thread {
  readonly worker: Worker;
  /** A file's time begins then: on a busy machine to load the readers takes seconds. */
  readonly isLoaded: Promise<unknown>;
  /** Rejects. */
  readonly hasEnded: Promise<never>;
}

function fileWorker(): Worker {
  return new Worker(new URL('file-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
  });
}
