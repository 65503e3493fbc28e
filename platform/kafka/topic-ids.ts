/**
 * The ids of the cluster and of topics. kafkajs speaks no version of Metadata that has topic ids, so this sends version
 * 12 (KIP-516) over its connection; the layout is that of the Kafka protocol guide.
 */

import type { Cluster } from 'kafkajs';
import { HutongError } from '#platform/errors.ts';

export interface LogIdentity {
  readonly clusterId: string;
  readonly topicIds: ReadonlyMap<string, string>;
}

const METADATA = { apiKey: 3, apiVersion: 12, apiName: 'Metadata' } as const;
const NO_TAGS = 0;

interface BrokerPool {
  readonly brokers: Readonly<Record<string, unknown>>;
  findBroker(wanted: { nodeId: string }): Promise<{ connectionPool: { send(request: object): Promise<LogIdentity> } }>;
}

/** @throws HutongError KAFKA_UNAVAILABLE */
export async function readLogIdentity(cluster: Cluster, topics: readonly string[]): Promise<LogIdentity> {
  const body = encodeRequest(topics);
  const request = { ...METADATA, encode: async () => ({ buf: body, buffer: body, size: () => body.length }) };
  const response = {
    decode: async (payload: Buffer) => decodeResponse(payload),
    parse: async (identity: LogIdentity) => identity,
  };
  const identity = await askAnyBroker(cluster, { request, response });
  const missing = topics.filter((topic) => !identity.topicIds.has(topic));
  if (missing.length > 0)
    throw new HutongError('KAFKA_UNAVAILABLE', `kafka does not know the topics ${missing.join(', ')} now`, {
      retriable: true,
    });
  return identity;
}

/** One after another until one answers: any may be down, and the client knows of it only once it has tried. */
async function askAnyBroker(cluster: Cluster, call: object): Promise<LogIdentity> {
  const { brokerPool } = cluster as unknown as { brokerPool: BrokerPool };
  let failure: unknown = new Error('no broker is known');
  for (const nodeId of Object.keys(brokerPool.brokers)) {
    try {
      return await (await brokerPool.findBroker({ nodeId })).connectionPool.send(call);
    } catch (cause) {
      failure = cause;
    }
  }
  throw new HutongError('KAFKA_UNAVAILABLE', 'the topics’ ids could not be read', { retriable: true, cause: failure });
}

function encodeRequest(topics: readonly string[]): Buffer {
  const parts: Buffer[] = [Buffer.of(NO_TAGS)]; // ends the request header of flexible versions
  parts.push(unsignedVarint(topics.length + 1));
  for (const topic of topics) {
    const name = Buffer.from(topic);
    parts.push(Buffer.alloc(16), unsignedVarint(name.length + 1), name, Buffer.of(NO_TAGS));
  }
  parts.push(Buffer.of(0, 0, NO_TAGS)); // no auto-creation, no authorised operations
  return Buffer.concat(parts);
}

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Exported for its test. */
export function decodeResponse(payload: Buffer): LogIdentity {
  const reader = new FlexibleReader(payload);
  reader.tags();
  reader.skip(4); // throttle time
  reader.array(() => {
    reader.skip(4);
    reader.string();
    reader.skip(4);
    reader.string();
    reader.tags();
  });
  const clusterId = reader.string() ?? '';
  reader.skip(4); // controller
  const topicIds = new Map<string, string>();
  reader.array(() => {
    const errorCode = reader.int16();
    const name = reader.string();
    const topicId = reader.uuid();
    reader.skip(1); // internal
    reader.array(() => skipPartition(reader));
    reader.skip(4); // authorised operations
    reader.tags();
    if (errorCode === 0 && name !== null) topicIds.set(name, topicId);
  });
  return { clusterId, topicIds };
}

function skipPartition(reader: FlexibleReader): void {
  reader.skip(2 + 4 + 4 + 4); // error, index, leader, leader epoch
  for (const _list of ['replicas', 'in sync', 'offline']) reader.array(() => reader.skip(4));
  reader.tags();
}

class FlexibleReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.#at += count;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  uuid(): string {
    this.#at += 16;
    return this.#bytes.subarray(this.#at - 16, this.#at).toString('base64url');
  }

  varint(): number {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#at);
      this.#at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  string(): string | null {
    const length = this.varint() - 1;
    if (length < 0) return null;
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  array(readItem: () => void): void {
    for (let left = this.varint() - 1; left > 0; left -= 1) readItem();
  }

  tags(): void {
    for (let left = this.varint(); left > 0; left -= 1) {
      this.varint();
      this.skip(this.varint());
    }
  }
}
