/**
 * The way from a producer into Kafka: a bounded queue and one batch under way at a time; the next is filled meanwhile.
 * Two batches must never be under way at once: kafkajs would lose acknowledged records (DESIGN.md, "kafkajs").
 */

import { describeError, HutongError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import type { OutgoingRecord } from './record.ts';

export interface Acknowledgement {
  readonly topic: string;
  readonly partition: number;
  /** The offset after the last record of the batch in this partition. */
  readonly nextOffset: number;
  readonly appendedAtMs: number;
}

/** One producer's connection to Kafka; `send` must not be called again before it has ended. */
export interface BatchSender {
  send(records: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]>;
  /** Gives up the producer's identity and takes a new one. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

export interface OutboxLimits {
  readonly queueRecordsMax: number;
  readonly batchRecordsMax: number;
  readonly batchBytesMax: number;
}

// The broker takes 1 MiB per partition and batch; a whole batch below that can't exceed it in any.
export const OUTBOX_LIMITS = { batchRecordsMax: 2_000, batchBytesMax: 900_000 } as const;

/** After so many refusals of the same batch by the broker its events are given back as unavailable. */
const REFUSALS_MAX = 3;

interface Waiting {
  readonly record: OutgoingRecord;
  readonly acceptedAtMs: number;
  readonly answer: (error: HutongError | null) => void;
}

export class Outbox {
  readonly #sender: BatchSender;
  readonly #limits: OutboxLimits;
  readonly #logger: Logger;
  readonly #onAcknowledged: (acknowledgements: readonly Acknowledgement[]) => void;
  #queue: Waiting[] = [];
  #underWay: readonly Waiting[] = [];
  #running: Promise<void> | null = null;
  #identityIsSpent = false;

  constructor(
    sender: BatchSender,
    limits: OutboxLimits,
    logger: Logger,
    onAcknowledged: (acknowledgements: readonly Acknowledgement[]) => void,
  ) {
    this.#sender = sender;
    this.#limits = limits;
    this.#logger = logger;
    this.#onAcknowledged = onAcknowledged;
  }

  get length(): number {
    return this.#queue.length + this.#underWay.length;
  }

  /** When the oldest record that isn't acknowledged yet was accepted; null when there is none. */
  get oldestAcceptedAtMs(): number | null {
    return (this.#underWay[0] ?? this.#queue[0])?.acceptedAtMs ?? null;
  }

  /**
   * Resolves once Kafka has acknowledged the record with all in-sync replicas.
   * @param beyondLimit for the exchange's own small records, which a full queue of events must not keep back
   * @throws HutongError QUEUE_FULL at once; KAFKA_UNAVAILABLE when the broker refuses it for good
   */
  add(record: OutgoingRecord, acceptedAtMs: number, beyondLimit = false): Promise<void> {
    if (!beyondLimit && this.length >= this.#limits.queueRecordsMax) {
      return Promise.reject(
        new HutongError('QUEUE_FULL', 'too many events wait for Kafka', {
          retriable: true,
          hint: 'send again after the stated time',
        }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ record, acceptedAtMs, answer: (error) => (error === null ? resolve() : reject(error)) });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // lets everything that is added in this turn share the first batch
    while (this.#queue.length > 0) {
      this.#underWay = this.#takeBatch();
      const error = await this.#deliver(this.#underWay.map(({ record }) => record));
      const delivered = this.#underWay;
      this.#underWay = [];
      for (const { answer } of delivered) answer(error);
    }
    // In the turn of the last look at the queue: a record added a turn later must find that nobody runs.
    this.#running = null;
  }

  #takeBatch(): readonly Waiting[] {
    const { batchRecordsMax, batchBytesMax } = this.#limits;
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#queue) {
      bytes += (record.value?.length ?? 0) + RECORD_OVERHEAD_BYTES;
      if (count === batchRecordsMax || (count > 0 && bytes > batchBytesMax)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #deliver(records: readonly OutgoingRecord[]): Promise<HutongError | null> {
    for (let refusals = 1; ; refusals += 1) {
      try {
        if (this.#identityIsSpent) await this.#sender.renew();
        this.#identityIsSpent = false;
        this.#onAcknowledged(await this.#sender.send(records));
        return null;
      } catch (cause) {
        // Its sequence numbers must not be used again for other records: the broker would acknowledge those as
        // duplicates.
        this.#identityIsSpent = true;
        this.#logger.warn({ error: describeError(cause), records: records.length, refusals }, 'kafka refused a batch');
        if (refusals === REFUSALS_MAX)
          return new HutongError('KAFKA_UNAVAILABLE', 'kafka refused the batch', { retriable: true, cause });
      }
    }
  }
}

/** Key, headers and framing of a record. */
const RECORD_OVERHEAD_BYTES = 350;
