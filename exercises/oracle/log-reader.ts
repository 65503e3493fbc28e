/**
 * Reads the shared topics from their first record to their end, as any Kafka tool could: a plain consumer, the
 * registry's own schemas, Avro. Must use nothing of services/topics, since it's there to check what that writes and
 * reads.
 */

import { randomUUID } from 'node:crypto';
import avro, { type Type } from 'avsc';
import { AssignerProtocol, type EachBatchPayload, Kafka, logLevel, type PartitionAssigner } from 'kafkajs';
import type { PersonEvent } from '#core/events/events.ts';
import { fetchOf, type HttpAccess } from '#platform/fetch-as.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { Identity, type TlsFiles } from '#platform/tls.ts';

export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface LogOptions {
  readonly kafka: string;
  /** Of who reads. */
  readonly tls: TlsFiles;
  readonly topics?: readonly string[];
  /** Only these partition numbers, of every topic; all by default. */
  readonly partitions?: readonly number[] | undefined;
  readonly timeoutMs?: number;
}

/** The records by partition number, those of all topics together. @throws Error when the end isn't reached in time */
export async function readLog({
  kafka: brokers,
  tls,
  topics = ['tests', 'vaccinations', 'codes', 'erasures'],
  partitions,
  timeoutMs = 60_000,
}: LogOptions): Promise<Map<number, LogRecord[]>> {
  const kafka = new Kafka({
    clientId: 'log-reader',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    ssl: new Identity(tls).options,
  });
  const admin = kafka.admin();
  await admin.connect();
  const open = new Map<string, number>();
  for (const { topic, partition, low, high } of await endsOf(admin, topics)) {
    if (high > low && partitions?.includes(partition) !== false) open.set(`${topic} ${partition}`, high - 1);
  }
  const records = new Map<number, LogRecord[]>();
  const consumer = kafka.consumer({
    groupId: `log-reader-${randomUUID()}`,
    maxBytesPerPartition: 4 * 1024 * 1024,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
    ...(partitions === undefined ? {} : { partitionAssigners: [only(partitions)] }),
  });
  try {
    if (open.size > 0)
      await consumeUntilEnd(consumer, [...topics], timeoutMs, ({ batch }) => {
        const own = records.get(batch.partition) ?? [];
        records.set(batch.partition, own);
        for (const { key, value, offset } of batch.messages)
          own.push({
            topic: batch.topic,
            partition: batch.partition,
            offset: Number(offset),
            key: key ?? Buffer.alloc(0),
            value: value ?? Buffer.alloc(0),
          });
        const name = `${batch.topic} ${batch.partition}`;
        if (Number(batch.lastOffset()) >= (open.get(name) ?? Number.POSITIVE_INFINITY)) open.delete(name);
        return open.size === 0;
      });
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
  }
  return records;
}

/** The reader is alone in its group, and takes these partitions of what it subscribes to. */
function only(partitions: readonly number[]): PartitionAssigner {
  const { MemberAssignment, MemberMetadata } = AssignerProtocol;
  const name = 'some-partitions';
  const userData = Buffer.alloc(0);
  return () => ({
    name,
    version: 1,
    assign: async ({ members, topics }) =>
      members.map(({ memberId }) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: 1,
          assignment: Object.fromEntries(topics.map((topic) => [topic, [...partitions]])),
          userData,
        }),
      })),
    protocol: ({ topics }) => ({ name, metadata: MemberMetadata.encode({ version: 1, topics, userData }) }),
  });
}

async function consumeUntilEnd(
  consumer: ReturnType<Kafka['consumer']>,
  topics: string[],
  timeoutMs: number,
  take: (payload: EachBatchPayload) => boolean,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error(`the end of ${topics.join(' and ')} was not reached within ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: async (payload) => {
        if (take(payload)) resolve();
      },
    });
    await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Decodes records in the Confluent wire format: a zero, the schema's id, Avro. */
export class RecordDecoder {
  readonly #types = new Map<number, { readonly name: string; readonly type: Type }>();

  /** Fetches every schema that these records were written with. */
  static async for(registry: HttpAccess, records: Iterable<LogRecord>): Promise<RecordDecoder> {
    const decoder = new RecordDecoder();
    const ids = new Set<number>();
    for (const { value } of records) ids.add(value.readInt32BE(1));
    for (const id of ids) await decoder.#load(registry, id);
    return decoder;
  }

  async #load(registry: HttpAccess, id: number): Promise<void> {
    const response = await fetchOf(registry)(`${registry.url}/schemas/ids/${id}`, {
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`the registry answered ${response.status} for schema ${id}`);
    const { schema } = (await response.json()) as { schema: string };
    const type = avro.Type.forSchema(JSON.parse(schema) as avro.Schema);
    this.#types.set(id, { type, name: type.name?.split('.').at(-1) ?? '' });
  }

  event({ value, topic, offset }: LogRecord): PersonEvent {
    const known = value[0] === 0 ? this.#types.get(value.readInt32BE(1)) : undefined;
    if (known === undefined) throw new Error(`record ${offset} of ${topic} is not in the wire format`);
    return { ...(known.type.fromBuffer(value.subarray(5)) as object), type: known.name } as PersonEvent;
  }
}
