/**
 * Which partitions are fetched, and from where: paused while nobody takes their records, throttled while their worker
 * is busy. It never decides when.
 */

import { ERASURES_TOPIC, SHARED_TOPICS } from '#exchange/topics/topics.ts';
import type { Consumer } from '#platform/kafka/client.ts';

export class Fetching {
  readonly #consumer: Consumer;
  readonly #throttled = new Set<number>();

  constructor(consumer: Consumer) {
    this.#consumer = consumer;
  }

  pause(partition: number): void {
    this.#consumer.pause(topicPartitions(partition));
  }

  /** All of a partition, each topic from its offset on. */
  resumeAt(partition: number, offsetOf: (topic: string) => number): void {
    for (const topic of SHARED_TOPICS) this.#consumer.seek({ topic, partition, offset: String(offsetOf(topic)) });
    this.#consumer.resume(topicPartitions(partition));
    this.#throttled.delete(partition);
  }

  throttle(partition: number): void {
    if (this.#throttled.has(partition)) return;
    this.#throttled.add(partition);
    // The others may be waiting for the erasures: these are few, and go on.
    this.#consumer.pause(topicPartitions(partition).filter(({ topic }) => topic !== ERASURES_TOPIC));
  }

  /** Nothing where it isn't throttled. */
  endThrottle(partition: number, { resume }: { readonly resume: boolean }): void {
    if (this.#throttled.delete(partition) && resume) this.#consumer.resume(topicPartitions(partition));
  }
}

function topicPartitions(partition: number): { topic: string; partitions: number[] }[] {
  return SHARED_TOPICS.map((topic) => ({ topic, partitions: [partition] }));
}
