/**
 * Dead letters: a record that can't become an event, kept with its bytes, where it came from and why. The position only
 * moves on once the letter is acknowledged; a crash between writes it again, and its origin tells the two are one. The
 * same holds for the note that a letter was settled by a record in the log.
 */

import type { PersonKey } from '#core/field/identity.ts';
import {
  type ClaimFound,
  claimFoundHeaders,
  countedUnder,
  letterHeaders,
  type Marked,
  noteHeaders,
  type SettlementNote,
} from '#exchange/topics/letters.ts';
import type { UnreadableReason } from '#exchange/topics/records.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import type { Outbox } from '#platform/kafka/outbox.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import type { Metrics } from '#platform/metrics.ts';

/** Of letters and notes that wait for Kafka. */
export const DEAD_LETTERS_QUEUE_MAX = 10_000;

export interface DeadLetter {
  readonly record: IncomingRecord;
  readonly reason: UnreadableReason;
  readonly detail: string;
  /** Null: the province's data is marked incomplete instead of the person's. */
  readonly key: PersonKey | null;
  readonly marked: Marked;
}

export interface DeadLetterSink {
  /** Resolves when all in-sync replicas have it. @throws HutongError KAFKA_UNAVAILABLE */
  write(letter: DeadLetter): Promise<void>;
  /** The same for the note that a letter is settled. */
  note(note: SettlementNote): Promise<void>;
  /** The same for what is found out about letters that marked nobody. */
  claimed(found: ClaimFound): Promise<void>;
}

export class DeadLetters implements DeadLetterSink {
  readonly #outbox: Outbox;
  readonly #metrics: Metrics;

  constructor(outbox: Outbox, metrics: Metrics) {
    this.#outbox = outbox;
    this.#metrics = metrics;
  }

  async write({ record, reason, detail, key, marked }: DeadLetter): Promise<void> {
    await this.#append(record.key, record.value, letterHeaders(record, reason, detail, key, marked));
    this.#metrics
      .counter('hutong_dead_letters_total')
      .inc({ province: countedUnder(marked), topic: record.topic, reason });
  }

  async note(note: SettlementNote): Promise<void> {
    await this.#append(null, null, noteHeaders(note));
    this.#metrics.counter('hutong_dead_letters_settled_total').inc({ outcome: note.settlement.as });
  }

  async claimed(found: ClaimFound): Promise<void> {
    await this.#append(null, null, claimFoundHeaders(found));
  }

  #append(key: Buffer | null, value: Buffer | null, headers: Record<string, string | Buffer>): Promise<void> {
    return this.#outbox.add({ topic: DEAD_LETTERS_TOPIC, partition: 0, key, value, headers }, 0, true);
  }
}
