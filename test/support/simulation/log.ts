/**
 * Kafka's log in memory: topics with partitions of sparse offsets, control records among them, and the group's
 * committed offsets. It appends in one step and never loses anything.
 */

import type { TopicSettings } from '#exchange/topics/topics.ts';
import { topicsOf } from '#exchange/topics/topics.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { LOG } from '#test/support/first-edition.ts';

export type Appended = Omit<IncomingRecord, 'topic' | 'partition' | 'offset' | 'appendedAtMs'>;

/** Null: a control record, which no consumer is shown. */
interface Entry {
  readonly offset: number;
  readonly record: IncomingRecord | null;
}

/**
 * What one fetch brings of a topic's partition: offsets from the first to the last raw record, control records left
 * out.
 */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly fetchedOffset: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly records: readonly IncomingRecord[];
}

export class SimLog {
  readonly #entries = new Map<string, Entry[]>();
  readonly #now: () => number;
  readonly #waiting = new Set<{ readonly topics: readonly string[]; readonly wake: () => void }>();
  /** Of the group, by `<topic>/<partition>`. */
  readonly committed = new Map<string, number>();

  constructor(partitions: number, now: () => number) {
    this.#now = now;
    const countOf = (settings: TopicSettings) => settings.partitions ?? partitions;
    for (const settings of topicsOf(LOG))
      for (let partition = 0; partition < countOf(settings); partition += 1)
        this.#entries.set(`${settings.topic}/${partition}`, []);
  }

  append(topic: string, partition: number, appended: Appended): IncomingRecord {
    const entries = this.#of(topic, partition);
    const record = { ...appended, topic, partition, offset: this.endOf(topic, partition), appendedAtMs: this.#now() };
    entries.push({ offset: record.offset, record });
    for (const { topics, wake } of this.#waiting) if (topics.includes(topic)) wake();
    return record;
  }

  appendControl(topic: string, partition: number): void {
    this.#of(topic, partition).push({ offset: this.endOf(topic, partition), record: null });
  }

  endOf(topic: string, partition: number): number {
    return (this.#of(topic, partition).at(-1)?.offset ?? -1) + 1;
  }

  recordsOf(topic: string, partition: number): readonly IncomingRecord[] {
    return this.#of(topic, partition).flatMap(({ record }) => record ?? []);
  }

  /** @param before raw records below the offset that come along, as whole batches do; the client drops them */
  fetch(topic: string, partition: number, fetchedOffset: number, recordsMax: number, before: number): Fetched | null {
    const entries = this.#of(topic, partition);
    const from = entries.findIndex(({ offset }) => offset >= fetchedOffset);
    if (from === -1) return null;
    const raw = entries.slice(from, from + recordsMax);
    const first = entries[Math.max(0, from - before)] as Entry;
    return {
      topic,
      partition,
      fetchedOffset,
      firstOffset: first.offset,
      lastOffset: (raw.at(-1) as Entry).offset,
      records: raw.flatMap(({ record }) => record ?? []),
    };
  }

  /** Calls when something is appended to one of the topics. @returns what ends it */
  onAppended(topics: readonly string[], wake: () => void): () => void {
    const waiter = { topics, wake };
    this.#waiting.add(waiter);
    return () => this.#waiting.delete(waiter);
  }

  #of(topic: string, partition: number): Entry[] {
    const entries = this.#entries.get(`${topic}/${partition}`);
    if (entries === undefined) throw new RangeError(`there is no ${topic}/${partition}`);
    return entries;
  }
}
