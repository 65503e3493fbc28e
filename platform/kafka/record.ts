/** A record on its way to Kafka, and one that was fetched; what it holds is not looked at here. */

import type { KafkaMessage } from './client.ts';

export type Headers = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
}

export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The broker's clock when it appended the record. */
  readonly appendedAtMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** As it was fetched. */
export function incoming(
  topic: string,
  partition: number,
  { offset, timestamp, key, value, headers = {} }: KafkaMessage,
): IncomingRecord {
  return { topic, partition, offset: Number(offset), appendedAtMs: Number(timestamp), key, value, headers };
}
