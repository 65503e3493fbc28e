/** Reading a topic up to its present end: nobody waits for records that aren't there. */

import { expect, it } from 'vitest';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';

type EachBatch = (payload: {
  batch: { messages: readonly object[]; partition: number; lastOffset: () => string };
}) => Promise<void>;

/**
 * A Kafka whose topic has one partition with so many records, a second apart, and that notes what its consumers ask
 * for.
 */
function kafkaOf(count: number) {
  const fetchWaitsMs: number[] = [];
  const sought: string[] = [];
  const crashes: ((event: object) => void)[] = [];
  const kafka = {
    admin: () => ({
      connect: async () => undefined,
      disconnect: async () => undefined,
      deleteGroups: async () => undefined,
      fetchTopicOffsetsByTimestamp: async (_topic: string, atMs: number) => [
        { partition: 0, offset: String(Math.min(count, Math.ceil(atMs / 1_000))) },
      ],
      fetchTopicOffsets: async () => [{ partition: 0, low: '0', high: String(count), offset: String(count) }],
    }),
    consumer: ({ maxWaitTimeInMs }: { maxWaitTimeInMs: number }) => {
      fetchWaitsMs.push(maxWaitTimeInMs);
      return {
        events: { CRASH: 'crash' },
        on: (event: string, heard: (event: object) => void) => void (event === 'crash' && crashes.push(heard)),
        connect: async () => undefined,
        subscribe: async () => undefined,
        disconnect: async () => undefined,
        seek: ({ offset }: { offset: string }) => void sought.push(offset),
        run: async ({ eachBatch }: { eachBatch: EachBatch }) => {
          const messages = Array.from({ length: count }, (_, offset) => ({ offset: String(offset) }));
          const batch = { messages, partition: 0, lastOffset: () => String(count - 1) };
          if (count > 0) setImmediate(() => void eachBatch({ batch }));
        },
      };
    },
  };
  return { kafka: kafka as unknown as Kafka, fetchWaitsMs, sought, crashes };
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

it('that is followed and read no more told nobody: who follows it went on as if there were no news', async () => {
  const { kafka, crashes } = kafkaOf(0);
  const told: string[] = [];
  const feed = await TopicFeed.start(
    kafka,
    'keys',
    () => undefined,
    ({ code }) => void told.push(code),
  );
  for (const restart of [true, false])
    for (const crash of crashes) crash({ payload: { restart, error: new Error('x') } });
  await feed.stop();
  expect(told).toEqual(['KAFKA_UNAVAILABLE']);
});

it('of a span of time takes what lies in it, and nothing that a fetch brings besides', async () => {
  const { kafka, sought } = kafkaOf(9);
  const offsets: string[] = [];
  await TopicFeed.readSpan(
    kafka,
    'positions',
    { fromMs: 2_500, toMs: 6_000 },
    ({ offset }) => void offsets.push(offset),
  );
  expect([offsets, sought]).toEqual([['3', '4', '5'], ['3']]);
});

it('of a span without records joins no group', async () => {
  const { kafka, fetchWaitsMs } = kafkaOf(9);
  for (const fromMs of [3_000, 20_000])
    await TopicFeed.readSpan(kafka, 'positions', { fromMs, toMs: fromMs }, () => expect.fail('there is no record'));
  expect(fetchWaitsMs).toEqual([]);
});
