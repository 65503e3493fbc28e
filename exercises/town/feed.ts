/**
 * The demo's end of the feed's thread.
 */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FeedCounts, FeedOptions, FeedResult, FromFeed, ToFeed } from './feed-protocol.ts';

export class Feed {
  readonly #worker: Worker;
  readonly done: Promise<FeedResult>;
  counts: FeedCounts = {
    sent: 0,
    lines: 0,
    accepted: 0,
    duplicate: 0,
    refused: 0,
    heldBack: 0,
    retried: 0,
    simulatedMs: 0,
    held: false,
  };
  finished = false;

  constructor(options: FeedOptions) {
    this.#worker = new Worker(new URL('./feed-worker.ts', import.meta.url), { workerData: options });
    const { promise, resolve, reject } = Promise.withResolvers<FeedResult>();
    this.done = promise;
    this.done.catch(() => {}).finally(() => (this.finished = true)); // whoever awaits it hears of a failure
    this.#worker.on('message', (message: FromFeed) => {
      if (message.kind === 'counts') this.counts = message.counts;
      if (message.kind === 'planned') this.counts = { ...this.counts, lines: message.lines };
      if (message.kind === 'failed') reject(new Error(`the feed failed: ${message.message}`));
      if (message.kind === 'done') {
        this.counts = message.result;
        resolve(message.result);
      }
    });
    this.#worker.on('error', reject);
    this.#worker.on('exit', (code) => reject(new Error(`the feed's thread ended with status ${code}`)));
  }

  /** Lets the clock go on after its hold; lines of this province may find nobody from now on. */
  goOnWithout(province: string): void {
    this.#worker.postMessage({ goOnWithout: province } satisfies ToFeed);
  }

  async stop(): Promise<void> {
    if (this.finished) return;
    const ended = once(this.#worker, 'exit');
    await this.#worker.terminate();
    await ended;
  }
}
