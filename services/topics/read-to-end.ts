/** Reads a small topic from its beginning to the end that it has now, in a group of its own that commits nothing. */
import { randomUUID } from 'node:crypto';
import { type Admin, createTopicReader, type Kafka, type KafkaMessage } from './kafka.ts';
import { topicEnds } from './topic-ends.ts';

/** @param take gets each record in the order of its partition */
export async function readToEnd(kafka: Kafka, admin: Admin, topic: string, take: (message: KafkaMessage, partition: number) => void): Promise<void> {
  const open = new Map<number, number>();
  for (const { partition, low, high } of await topicEnds(admin, topic)) if (Number(high) > Number(low)) open.set(partition, Number(high));
  if (open.size === 0) return;
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const passed = (partition: number, lastOffset: number): void => {
    if (lastOffset + 1 >= (open.get(partition) ?? Number.POSITIVE_INFINITY)) open.delete(partition);
    if (open.size === 0) resolve();
  };
  const groupId = `hutong-read-${randomUUID()}`;
  const consumer = createTopicReader(kafka, groupId);
  // A batch of control records or of an aborted transaction never reaches eachBatch, and may be what the log ends with.
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
    if (batchSize === 0) passed(partition, Number(lastOffset));
  });
  consumer.on(consumer.events.CRASH, ({ payload: { restart, error } }) => {
    if (!restart) reject(error);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) take(message, batch.partition);
        passed(batch.partition, Number(batch.lastOffset()));
      },
    });
    await done;
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // it ends by itself in a while
  }
}
