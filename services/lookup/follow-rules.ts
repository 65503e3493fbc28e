/**
 * Reads the published rules from their topic into the book in force, for as long as the look-up runs. Kafka being away
 * keeps no look-up from answering: it goes on by the rules it has.
 */

import { POLICIES_TOPIC } from '#exchange/topics/topics.ts';
import { describeError } from '#platform/errors.ts';
import { createTopicReader, groupOf, type Kafka, onGivenUp } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { fullJitterMs } from '#platform/limits/backoff.ts';
import type { Logger } from '#platform/log.ts';
import type { PublishedRules } from './published-rules.ts';

const LOOK_EVERY_MS = 1_000;
const CONNECT_RETRY_MS = 4_000;

export function followRules(
  kafka: Kafka,
  book: PublishedRules,
  logger: Logger,
  now: () => number,
): { stop: () => Promise<void> } {
  const consumer = createTopicReader(kafka, groupOf(kafka, 'rules'));
  const admin = kafka.admin();
  let nextOffset = 0;
  let connected = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const askedAtMs = now();
    const [end] = await endsOf(admin, [POLICIES_TOPIC]);
    // Where records were deleted by hand, an empty topic has been read whatever its end says.
    if (end !== undefined && (nextOffset >= end.high || end.low >= end.high)) book.seen(askedAtMs);
  };
  const start = async (): Promise<void> => {
    await Promise.all([admin.connect(), consumer.connect()]);
    await consumer.subscribe({ topics: [POLICIES_TOPIC], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        await book.takeNewest(
          batch.messages.map(({ value, offset, timestamp }) => ({
            value,
            offset: Number(offset),
            publishedAtMs: Number(timestamp),
          })),
        );
        nextOffset = Number(batch.lastOffset()) + 1;
      },
    });
  };
  onGivenUp(consumer, (error) => {
    logger.warn({ error: describeError(error) }, 'reading the published rules begins anew');
    connected = false;
  });
  const keepLooking = async (): Promise<void> => {
    while (!stopped) {
      try {
        if (!connected) await start();
        connected = true;
        await look();
      } catch (error) {
        logger.warn({ error: describeError(error) }, 'the published rules are out of sight');
      }
      await new Promise((resolve) => {
        timer = setTimeout(resolve, connected ? LOOK_EVERY_MS : fullJitterMs(CONNECT_RETRY_MS, Math.random()));
      });
    }
  };
  void keepLooking();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await Promise.allSettled([consumer.disconnect(), admin.disconnect()]);
    },
  };
}
