/** A publisher on a broker in memory, and a clock that only moves when a test says so. */

import { vi } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { decodeOwnValue } from '#exchange/topics/records.ts';
import { testReported } from '#exercises/town/events.ts';
import type { PartitionEnds } from '#platform/kafka/ends.ts';
import { OUTBOX_LIMITS } from '#platform/kafka/outbox.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { Publisher } from '#services/producer/publisher.ts';
import { LOG } from '#test/support/first-edition.ts';
import { recordKey, signingKey } from '#test/support/keys.ts';
import { FakeBroker, SCHEMA_IDS, schemaSource, SILENT } from '#test/unit/platform/kafka/support.ts';

export const PARTITIONS = 2;
export const SECRETS: readonly Buffer[] = [Buffer.alloc(32, 1)];
/** By topic and partition, where each ends. */
export const endsAt = (ends: Readonly<Record<string, readonly number[]>>): readonly PartitionEnds[] =>
  Object.entries(ends).flatMap(([topic, highs]) =>
    highs.map((high, partition) => ({ topic, partition, low: 0, high })),
  );
export const NO_LOG = endsAt({ tests: [0, 0], vaccinations: [0, 0], codes: [0, 0], erasures: [0, 0] });

export interface WatermarkValue {
  readonly province: string;
  readonly instance: string;
  readonly throughMs: number;
  readonly epoch: number;
  readonly offsets: readonly { readonly topic: string; readonly nextOffsets: readonly number[] }[];
}

/** Timers that a test moves; turns stay real, so that promises settle. */
export function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
}

export class PublisherRig {
  readonly broker: FakeBroker;
  readonly publisher: Publisher;
  monotonicMs = 1_000;
  /** What the tenure says: null while it holds. */
  held: Promise<void> | null = null;

  constructor(broker = new FakeBroker(), limits: Partial<{ queueRecordsMax: number; batchRecordsMax: number }> = {}) {
    this.broker = broker;
    this.publisher = new Publisher(broker, {
      log: LOG,
      province: '43',
      instance: '43-a',
      schemaIds: SCHEMA_IDS,
      partitions: PARTITIONS,
      keyVersion: SECRETS.length,
      keys: { recordKey: recordKey('province-43'), signingKey: signingKey('province-43') },
      national: { recordKey: recordKey('national') },
      limits: { queueRecordsMax: 1_000, ...OUTBOX_LIMITS, ...limits },
      logger: SILENT,
      monotonicMs: () => this.monotonicMs,
      tenure: { held: () => this.held },
    });
  }

  /** Registered with the first epoch, its first watermark written. */
  async start(ends: readonly PartitionEnds[] = NO_LOG): Promise<void> {
    await this.publisher.register(1, 'p');
    await this.publisher.begin(ends);
  }

  /** Time passes, here and at the broker. */
  pass(ms: number): void {
    this.monotonicMs += ms;
    this.broker.nowMs += ms;
  }

  /** Hands in an event that is accepted now. */
  publish(key: Buffer, given: Partial<PersonEvent> = {}): { event: PersonEvent; done: Promise<void> } {
    const event = testReported({ ...(given as object), acceptedAtMs: this.publisher.clock.nowMs() });
    return { event, done: this.publisher.publish(key, event, undefined) };
  }

  /** The watermarks in the log, oldest first. */
  watermarks(): Promise<WatermarkValue[]> {
    return Promise.all(
      this.broker
        .recordsOf('watermarks')
        .map(async ({ value }) => (await decodeOwnValue(value, schemaSource())) as WatermarkValue),
    );
  }
}

/** The event id that a record's headers name. */
export function idOf({ headers }: OutgoingRecord): string {
  return String(headers['ce_id']);
}
