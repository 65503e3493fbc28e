/**
 * Which partitions are fetched, and from where: paused while nobody takes their records, throttled while their worker
 * is busy. It never decides when.
 */

import type { Log } from '#exchange/topics/log.ts';
import type { Consumer } from '#platform/kafka/client.ts';

export class Fetching {
  readonly #consumer: Consumer;
  readonly #log: Log;
  readonly #throttled = new Set<number>();

  constructor(consumer: Consumer, log: Log) {
    this.#consumer = consumer;
    this.#log = log;
  }

  pause(partition: number): void {
    this.#consumer.pause(this.#allOf(partition));
  }

  /** All of a partition, each topic from its offset on. */
  resumeAt(partition: number, offsetOf: (topic: string) => number): void {
    for (const topic of this.#log.topics) this.#consumer.seek({ topic, partition, offset: String(offsetOf(topic)) });
    this.#consumer.resume(this.#allOf(partition));
    this.#throttled.delete(partition);
  }

  throttle(partition: number): void {
    if (this.#throttled.has(partition)) return;
    this.#throttled.add(partition);
    // The others may be waiting for the erasures: these are few, and go on.
    this.#consumer.pause(this.#allOf(partition).filter(({ topic }) => topic !== this.#log.topicOf.erasures));
  }

  /** Nothing where it isn't throttled. */
  endThrottle(partition: number, { resume }: { readonly resume: boolean }): void {
    if (this.#throttled.delete(partition) && resume) this.#consumer.resume(this.#allOf(partition));
  }

  #allOf(partition: number): { topic: string; partitions: number[] }[] {
    return this.#log.topics.map((topic) => ({ topic, partitions: [partition] }));
  }
}
