/** For events in order of a time: how far up in each partition of each topic those of before a moment reach. */

import type { Place } from './log-index.ts';

interface Mark {
  readonly atMs: number;
  readonly offset: number;
  /** The highest offset of all that came no later. */
  highest: number;
}

export class Frontier<Name extends string> {
  readonly #marks = new Map<string, Mark[]>();
  readonly #topics = new Set<string>();
  #sorted = false;

  add(name: Name, { topic, partition, offset }: Place, atMs: number): void {
    this.#sorted = false;
    this.#topics.add(topic);
    const key = keyOf(name, topic, partition);
    const marks = this.#marks.get(key);
    if (marks === undefined) this.#marks.set(key, [{ atMs, offset, highest: offset }]);
    else marks.push({ atMs, offset, highest: offset });
  }

  /**
   * A place at or above the position that holds an event of before that moment, as `topic/partition/offset`; null when
   * there is none.
   */
  beyond(
    name: Name,
    partition: number,
    topics: Readonly<Record<string, { readonly nextOffset: number }>>,
    beforeMs: number,
  ): string | null {
    this.#sort();
    for (const topic of this.#topics) {
      const marks = this.#marks.get(keyOf(name, topic, partition)) ?? [];
      let [low, high] = [0, marks.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((marks[middle] as Mark).atMs < beforeMs) low = middle + 1;
        else high = middle;
      }
      const highest = marks[low - 1]?.highest ?? -1;
      if (highest >= (topics[topic]?.nextOffset ?? 0)) return `${topic}/${partition}/${highest}`;
    }
    return null;
  }

  #sort(): void {
    if (this.#sorted) return;
    for (const marks of this.#marks.values()) {
      marks.sort((a, b) => a.atMs - b.atMs);
      let highest = -1;
      for (const mark of marks) mark.highest = highest = Math.max(highest, mark.offset);
    }
    this.#sorted = true;
  }
}

function keyOf(name: string, topic: string, partition: number): string {
  return `${name} ${topic} ${partition}`;
}
