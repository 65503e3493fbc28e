/**
 * Dead letters: a record that can't become an event, kept with its bytes, where it came from and why. The position only
 * moves on once the letter is acknowledged; a crash between writes it again, and its origin tells the two are one.
 */
import type { PersonKey } from '#core/identity.ts';
import { isProvinceCode, type ProvinceCode } from '#core/regions.ts';
import type { Metrics } from '#platform/metrics.ts';
import type { IHeaders } from '#topics/kafka.ts';
import type { Outbox } from '#topics/outbox.ts';
import type { IncomingRecord, UnreadableReason } from '#topics/records.ts';
import { DEAD_LETTERS_TOPIC } from '#topics/topics.ts';

export interface DeadLetter {
  readonly record: IncomingRecord;
  readonly reason: UnreadableReason;
  readonly detail: string;
  /** Null: the province's data is marked incomplete instead of the person's. */
  readonly key: PersonKey | null;
  readonly province: ProvinceCode | null;
}

export interface DeadLetterSink {
  /** Resolves when all in-sync replicas have it. @throws HutongError KAFKA_UNAVAILABLE */
  write(letter: DeadLetter): Promise<void>;
}

export class DeadLetters implements DeadLetterSink {
  readonly #outbox: Outbox;
  readonly #metrics: Metrics;

  constructor(outbox: Outbox, metrics: Metrics) {
    this.#outbox = outbox;
    this.#metrics = metrics;
  }

  async write({ record, reason, detail, key, province }: DeadLetter): Promise<void> {
    await this.#outbox.add({ topic: DEAD_LETTERS_TOPIC, partition: 0, key: record.key, value: record.value, headers: headersOf(record, reason, detail, key, province) }, 0, true);
    this.#metrics.counter('hutong_dead_letters_total').inc({ reason });
  }
}

function headersOf(record: IncomingRecord, reason: UnreadableReason, detail: string, key: PersonKey | null, province: ProvinceCode | null): Record<string, string | Buffer> {
  const original = Object.entries(record.headers).flatMap(([name, value]) => (value === undefined || Array.isArray(value) ? [] : [[name, value] as const]));
  return {
    ...Object.fromEntries(original),
    'dead-letter-topic': record.topic,
    'dead-letter-partition': String(record.partition),
    'dead-letter-offset': String(record.offset),
    'dead-letter-reason': reason,
    'dead-letter-detail': detail,
    'dead-letter-marks': key !== null ? 'person' : `province:${province ?? 'unknown'}`,
  };
}

/** The province that a letter marks incomplete; null when that isn't known, undefined when it marks a person. */
export function marksProvince(headers: IHeaders | undefined): ProvinceCode | null | undefined {
  const mark = headers?.['dead-letter-marks']?.toString() ?? 'person';
  if (mark === 'person') return undefined;
  const code = mark.slice('province:'.length);
  return isProvinceCode(code) ? code : null;
}
