/**
 * A `BatchSender` on kafkajs: idempotent, all in-sync replicas. The one place of the producer that touches the client.
 */

import kafkajs from 'kafkajs';
import { HutongError } from '#platform/errors.ts';
import { createSerialProducer, type Kafka, type Producer } from './client.ts';
import type { Acknowledgement, BatchSender } from './outbox.ts';
import type { OutgoingRecord } from './record.ts';

export class KafkaSender implements BatchSender {
  readonly #kafka: Kafka;
  readonly #compression: { readonly compression?: number };
  #producer: Producer;

  private constructor(kafka: Kafka, producer: Producer, packs: boolean) {
    this.#kafka = kafka;
    this.#producer = producer;
    this.#compression = packs ? { compression: kafkajs.CompressionTypes.GZIP } : {};
  }

  /** @param packs each batch by gzip: for small records that are alike, and few of them */
  static async connect(kafka: Kafka, packs = false): Promise<KafkaSender> {
    return new KafkaSender(kafka, await connected(kafka), packs);
  }

  async send(records: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]> {
    const byTopic = Map.groupBy(records, ({ topic }) => topic);
    const answers = await this.#producer.sendBatch({
      acks: -1,
      ...this.#compression,
      topicMessages: [...byTopic].map(([topic, of]) => ({
        topic,
        messages: of.map(({ partition, key, value, headers }) => ({ partition, key, value, headers })),
      })),
    });
    requireAnswers(records, answers);
    return answers.map(({ topicName, partition, baseOffset, logAppendTime }) => {
      const inPartition = byTopic.get(topicName)?.filter((record) => record.partition === partition).length ?? 0;
      return {
        topic: topicName,
        partition,
        nextOffset: Number(baseOffset) + inPartition,
        appendedAtMs: Number(logAppendTime),
      };
    });
  }

  async renew(): Promise<void> {
    await this.#producer.disconnect().catch(() => undefined);
    this.#producer = await connected(this.#kafka);
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
  }
}

/** Sends them by a connection of its own. @throws HutongError KAFKA_UNAVAILABLE; what the client throws */
export async function sendOnce(kafka: Kafka, records: readonly OutgoingRecord[]): Promise<void> {
  const sender = await KafkaSender.connect(kafka);
  try {
    await sender.send(records);
  } finally {
    await sender.close();
  }
}

/**
 * The client must not be believed alone: kafkajs 2.2.4 as published says that a batch was sent when partitions that
 * moved to another broker in mid-send were not.
 */
function requireAnswers(
  records: readonly OutgoingRecord[],
  answers: readonly { readonly topicName: string; readonly partition: number }[],
): void {
  const answered = new Set(answers.map(({ topicName, partition }) => `${topicName}/${partition}`));
  const missing = records.find(({ topic, partition }) => !answered.has(`${topic}/${partition}`));
  if (missing !== undefined)
    throw new HutongError(
      'KAFKA_UNAVAILABLE',
      `${missing.topic}/${missing.partition} was not acknowledged with its batch`,
      { retriable: true },
    );
}

async function connected(kafka: Kafka): Promise<Producer> {
  const producer = createSerialProducer(kafka);
  await producer.connect();
  return producer;
}
