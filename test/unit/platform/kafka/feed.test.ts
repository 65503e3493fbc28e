/** Reading a topic up to its present end: nobody waits for records that aren't there. */

import { expect, it } from 'vitest';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';

type EachBatch = (payload: {
  batch: { messages: readonly object[]; partition: number; lastOffset: () => string };
}) => Promise<void>;

/** A Kafka whose topic has one partition with so many records, and that notes what its consumers ask for. */
function kafkaOf(count: number) {
  const fetchWaitsMs: number[] = [];
  const kafka = {
    admin: () => ({
      connect: async () => undefined,
      disconnect: async () => undefined,
      deleteGroups: async () => undefined,
      fetchTopicOffsets: async () => [{ partition: 0, low: '0', high: String(count), offset: String(count) }],
    }),
    consumer: ({ maxWaitTimeInMs }: { maxWaitTimeInMs: number }) => {
      fetchWaitsMs.push(maxWaitTimeInMs);
      return {
        events: {},
        on: () => undefined,
        connect: async () => undefined,
        subscribe: async () => undefined,
        disconnect: async () => undefined,
        run: async ({ eachBatch }: { eachBatch: EachBatch }) => {
          const messages = Array.from({ length: count }, (_, offset) => ({ offset: String(offset) }));
          if (count > 0) await eachBatch({ batch: { messages, partition: 0, lastOffset: () => String(count - 1) } });
        },
      };
    },
  };
  return { kafka: kafka as unknown as Kafka, fetchWaitsMs };
}

it('of an empty topic joins no group: each reading of one took half a second', async () => {
  const { kafka, fetchWaitsMs } = kafkaOf(0);
  await TopicFeed.readAll(kafka, 'editions', () => expect.fail('there is no record'));
  expect(fetchWaitsMs).toEqual([]);
});

it('that is read to its end closes at once: the fetch under way held it for half a second', async () => {
  const { kafka, fetchWaitsMs } = kafkaOf(3);
  const offsets: string[] = [];
  await TopicFeed.readAll(kafka, 'editions', ({ offset }) => void offsets.push(offset));
  expect(offsets).toEqual(['0', '1', '2']);
  expect(Math.max(...fetchWaitsMs)).toBeLessThan(100);
});

it('that is followed saves requests, and is followed even where it is empty', async () => {
  const { kafka, fetchWaitsMs } = kafkaOf(0);
  const feed = await TopicFeed.start(kafka, 'editions', () => undefined);
  await feed.stop();
  expect(fetchWaitsMs).toEqual([500]);
});
