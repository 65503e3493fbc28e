/**
 * What lies on the topics, without a broker or a registry: fixed schema ids, records as fetched, a broker in memory.
 */

import { pino } from 'pino';
import type { PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { SCHEMA_FINGERPRINT } from '#exchange/keys/tags.ts';
import { encodeEvent, tagged, tellerOf } from '#exchange/topics/records.ts';
import type { SchemaIds, SchemaSource } from '#exchange/topics/registry.ts';
import { CURRENT, RECORD_NAMES, type WriterSchema } from '#exchange/topics/schemas.ts';
import type { Acknowledgement, BatchSender } from '#platform/kafka/outbox.ts';
import type { Headers, IncomingRecord, OutgoingRecord } from '#platform/kafka/record.ts';
import { LOG } from '#test/support/first-edition.ts';
import { recordKey } from '#test/support/keys.ts';

export const SILENT = pino({ level: 'silent' });

export const SCHEMA_IDS = Object.fromEntries(
  RECORD_NAMES.map((name, index) => [name, index + 1]),
) as unknown as SchemaIds;

/** A registry that holds the newest schemas and what a test adds. */
export function schemaSource(added: Readonly<Record<number, WriterSchema>> = {}): SchemaSource {
  const known = new Map<number, WriterSchema>(
    RECORD_NAMES.map((name) => [SCHEMA_IDS[name], { name, type: CURRENT[name].type }]),
  );
  for (const [id, schema] of Object.entries(added)) known.set(Number(id), schema);
  return { cached: (id) => known.get(id) ?? null, fetch: async (id) => known.get(id) ?? null };
}

export function outgoing(key: PersonKey, event: PersonEvent, partitions = 1): OutgoingRecord {
  const record = encodeEvent(key, event, { log: LOG, schemaIds: SCHEMA_IDS, partitions, keyVersion: 1 });
  return tagged(recordKey(tellerOf(event)), record);
}

/** As records were from before they named their schema. */
export function unnamed<R extends { readonly headers: Headers }>(record: R): R {
  const { [SCHEMA_FINGERPRINT]: _named, ...headers } = record.headers;
  return { ...record, headers };
}

export function fetched(record: OutgoingRecord, offset: number, appendedAtMs: number): IncomingRecord {
  return { ...record, offset, appendedAtMs };
}

/** Lets everything run that waits for nothing but its turn. */
export async function turns(count = 3): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface UnderWay {
  readonly records: readonly OutgoingRecord[];
  readonly resolve: (acknowledgements: readonly Acknowledgement[]) => void;
  readonly reject: (error: Error) => void;
}

/** A broker in memory behind a `BatchSender`. It answers at once, or when `automatic` is off, when it is told to. */
export class FakeBroker implements BatchSender {
  nowMs: number;
  automatic: boolean;
  /** `send 3`, `renew`, `close`, in order. */
  readonly calls: string[] = [];
  readonly batches: (readonly OutgoingRecord[])[] = [];
  readonly log = new Map<string, OutgoingRecord[]>();
  underWayMax = 0;
  renewFails = 0;
  #underWay: UnderWay[] = [];

  constructor({ nowMs = 1_660_000_000_000, automatic = true }: { nowMs?: number; automatic?: boolean } = {}) {
    this.nowMs = nowMs;
    this.automatic = automatic;
  }

  send(records: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]> {
    this.calls.push(`send ${records.length}`);
    this.batches.push(records);
    return new Promise((resolve, reject) => {
      this.#underWay.push({ records, resolve, reject });
      this.underWayMax = Math.max(this.underWayMax, this.#underWay.length);
      if (this.automatic) this.acknowledge();
    });
  }

  async renew(): Promise<void> {
    this.calls.push('renew');
    if (this.renewFails > 0) {
      this.renewFails -= 1;
      throw new Error('no broker');
    }
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  get isAsked(): boolean {
    return this.#underWay.length > 0;
  }

  /** Appends the batch under way and says so. */
  acknowledge(): void {
    const { records, resolve } = this.#take();
    resolve(this.#append(records));
  }

  /** Fails the batch under way; `appended` when it was written nevertheless. */
  refuse({ appended = false }: { appended?: boolean } = {}): void {
    const { records, reject } = this.#take();
    if (appended) this.#append(records);
    reject(new Error('refused'));
  }

  recordsOf(topic: string, partition = 0): readonly OutgoingRecord[] {
    return this.log.get(`${topic}/${partition}`) ?? [];
  }

  #take(): UnderWay {
    const first = this.#underWay.shift();
    if (first === undefined) throw new Error('no batch is under way');
    return first;
  }

  #append(records: readonly OutgoingRecord[]): Acknowledgement[] {
    return [...Map.groupBy(records, ({ topic, partition }) => `${topic}/${partition}`)].map(([place, of]) => {
      const log = this.log.get(place) ?? [];
      log.push(...of);
      this.log.set(place, log);
      const { topic, partition } = of[0] as OutgoingRecord;
      return { topic, partition, nextOffset: log.length, appendedAtMs: this.nowMs };
    });
  }
}
