/**
 * Waits, before records of the exchange's topics are taken, until all is known that may have been said by then of the
 * keys that sign them. While that can't be, nothing of these topics comes into force: no freshness without what is
 * known to have leaked, and nobody is believed longer whose key was taken away.
 */

import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import { describeError, dispositionOf } from '#platform/errors.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';
import type { Logger } from '#platform/log.ts';

const HELD_MS = 500;

export class KeysRead {
  readonly #keys: ReadsKeys;
  readonly #logger: Logger;
  readonly #sleep: (ms: number) => Promise<void>;
  #isStopped = false;

  constructor(keys: ReadsKeys, logger: Logger, sleep: (ms: number) => Promise<void>) {
    this.#keys = keys;
    this.#logger = logger;
    this.#sleep = sleep;
  }

  /** @throws HutongError once it is stopped */
  async through(messages: readonly Pick<KafkaMessage, 'timestamp'>[]): Promise<void> {
    const newestMs = Math.max(Number.NEGATIVE_INFINITY, ...messages.map(({ timestamp }) => Number(timestamp)));
    for (;;) {
      try {
        return await this.#keys.readThrough(newestMs);
      } catch (error) {
        if (dispositionOf(error) !== 'retry' || this.#isStopped) throw error;
        this.#logger.warn({ error: describeError(error) }, 'holding the exchange’s topics');
        await this.#sleep(HELD_MS);
      }
    }
  }

  stop(): void {
    this.#isStopped = true;
  }
}
