/**
 * Writes down, once a second, what look-ups read of each partition that this copy keeps up, so that it can be known
 * later from what a gate was told. It must never hold a partition up: what Kafka doesn't take is missing from the
 * history, and nowhere else.
 */

import type { Committed } from '#exchange/fold/partition-worker.ts';
import type { Log } from '#exchange/topics/log.ts';
import { POSITIONS_TOPIC } from '#exchange/topics/topics.ts';
import { type DatedMoment, MomentWriter, momentKey } from '#exchange/view/position-history.ts';
import { digestOf } from '#exchange/view/stored-freshness.ts';
import type { Outbox } from '#platform/kafka/outbox.ts';

/** A second of as many partitions as there can be, while one is under way. */
export const HISTORY_QUEUE_MAX = 2_048;

export class PositionHistory {
  readonly #log: Log;
  readonly #outbox: Pick<Outbox, 'add'>;
  readonly #name: string;
  readonly #writers = new Map<number, MomentWriter>();
  /** What was committed last since the last writing. */
  readonly #latest = new Map<number, DatedMoment>();

  /** @param name no other process has it */
  constructor(log: Log, outbox: Pick<Outbox, 'add'>, name: string) {
    this.#log = log;
    this.#outbox = outbox;
    this.#name = name;
  }

  committed(partition: number, moment: DatedMoment): void {
    this.#latest.set(partition, moment);
  }

  /** All of them together: that makes one small batch. */
  write(): void {
    for (const [partition, moment] of this.#latest) {
      const writer = this.#writerOf(partition);
      const [key, value] = [Buffer.from(momentKey(this.#log, partition)), writer.next(moment)];
      const record = { topic: POSITIONS_TOPIC, partition: 0, key, value, headers: {} };
      this.#outbox.add(record, moment.atMs).catch(() => writer.restate());
    }
    this.#latest.clear();
  }

  #writerOf(partition: number): MomentWriter {
    const known = this.#writers.get(partition) ?? new MomentWriter(this.#name);
    this.#writers.set(partition, known);
    return known;
  }
}

/** As it is stored beside the views. */
export function momentOf({ generation, position, freshness }: Committed, atMs: number): DatedMoment {
  return { atMs, generation, position, freshness: { ...freshness, withdrawals: digestOf(freshness.withdrawals) } };
}
