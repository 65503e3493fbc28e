/** Reads a topic from its first to its present last record, as raw as Kafka gives it. */

import { randomUUID } from 'node:crypto';
import { createTopicReader, type Kafka, type KafkaMessage } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';

/** Short: at the end a fetch is under way that nothing will end. */
const FETCH_WAIT_MS = 20;

export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly message: KafkaMessage;
}

export async function readTopics(kafka: Kafka, topics: readonly string[]): Promise<RawRecord[]> {
  const admin = kafka.admin();
  await admin.connect();
  const left = new Map<string, number>();
  for (const { topic, partition, high, low } of await endsOf(admin, topics))
    if (high > low) left.set(`${topic}/${partition}`, high);
  const records: RawRecord[] = [];
  if (left.size === 0) {
    await admin.disconnect();
    return records;
  }
  const done = Promise.withResolvers<void>();
  const groupId = `test-${randomUUID()}`;
  const consumer = createTopicReader(kafka, groupId, FETCH_WAIT_MS);
  const passed = (topic: string, partition: number, lastOffset: number): void => {
    if (lastOffset + 1 >= (left.get(`${topic}/${partition}`) ?? Number.POSITIVE_INFINITY))
      left.delete(`${topic}/${partition}`);
    if (left.size === 0) done.resolve();
  };
  // A batch of control records or of an aborted transaction never reaches eachBatch, and may be what the log ends with.
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
    if (batchSize === 0) passed(topic, partition, Number(lastOffset));
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const { topic, partition, messages } = batch;
      const end = left.get(`${topic}/${partition}`);
      if (end === undefined) return;
      for (const message of messages) if (Number(message.offset) < end) records.push({ topic, partition, message });
      passed(topic, partition, Number(batch.lastOffset()));
    },
  });
  await done.promise;
  await consumer.disconnect();
  await admin.deleteGroups([groupId]).catch(() => undefined);
  await admin.disconnect();
  return records;
}
