/**
 * What came of an instance while the registry was away, in its order, to be read again before anything that came later:
 * what a watermark builds on must be known before it. It never drops a registration.
 */

import type { KafkaMessage } from '#platform/kafka/client.ts';

/** Watermarks of an instance: ten minutes of them. Of more the oldest are given up. */
const UNREAD_WATERMARKS_MAX = 600;

export interface UnreadRecord {
  readonly kind: 'registration' | 'watermark';
  readonly message: KafkaMessage;
}

export class Unread {
  readonly #of = new Map<string, readonly UnreadRecord[]>();

  add(instance: string, record: UnreadRecord): void {
    const all = [...(this.#of.get(instance) ?? []), record];
    const isFull = all.filter(({ kind }) => kind === 'watermark').length > UNREAD_WATERMARKS_MAX;
    const oldest = isFull ? all.find(({ kind }) => kind === 'watermark') : undefined;
    this.#of.set(instance, oldest === undefined ? all : all.filter((one) => one !== oldest));
  }

  first(instance: string): UnreadRecord | undefined {
    return this.#of.get(instance)?.[0];
  }

  /** The first is read, or never will be. */
  shift(instance: string): void {
    const [, ...others] = this.#of.get(instance) ?? [];
    if (others.length === 0) this.#of.delete(instance);
    else this.#of.set(instance, others);
  }
}
