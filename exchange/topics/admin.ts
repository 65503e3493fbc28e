/**
 * Makes the topics, and refuses to go on where one exists in another shape: two shared topics that differ in their
 * partitions would break a person's order.
 */

import type { Admin } from 'kafkajs';
import { HutongError } from '#platform/errors.ts';
import { createKafka } from '#platform/kafka/client.ts';
import { until } from '#platform/limits/until.ts';
import { createLogger } from '#platform/log.ts';
import type { Log } from './log.ts';
import { topicsOf } from './topics.ts';

const KNOWN_MS_MAX = 30_000;

export interface EnsureTopicsOptions {
  readonly log: Log;
  readonly brokers: readonly string[];
  readonly partitions: number;
  readonly replicationFactor?: number;
}

/** @throws HutongError KAFKA_TOPIC_MISSING when a topic exists with another number of partitions. */
export async function ensureTopics({
  log,
  brokers,
  partitions,
  replicationFactor = 1,
}: EnsureTopicsOptions): Promise<void> {
  const admin = createKafka(brokers, 'hutong-topics', createLogger('topics', 'error')).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topicsOf(log).filter(({ topic }) => !existing.has(topic));
    await admin.createTopics({
      waitForLeaders: false, // it fails when it asks a broker that hasn't heard of the topics yet
      topics: missing.map((settings) => ({
        topic: settings.topic,
        numPartitions: settings.partitions ?? partitions,
        replicationFactor,
        configEntries: Object.entries(settings.config).map(([name, value]) => ({ name, value })),
      })),
    });
    await untilKnown(() => checkPartitions(admin, log, partitions));
  } finally {
    await admin.disconnect();
  }
}

/** A topic that was just made is known to one broker before the others. */
async function untilKnown(check: () => Promise<void>): Promise<void> {
  let failure: unknown;
  const succeeds = (): Promise<boolean> =>
    check().then(
      () => true,
      (error: unknown) => {
        if (error instanceof HutongError) throw error;
        failure = error;
        return false;
      },
    );
  if (!(await until(succeeds, { everyMs: 100, waitMsMax: KNOWN_MS_MAX }))) throw failure;
}

/** @throws HutongError KAFKA_TOPIC_MISSING */
export async function checkPartitions(admin: Admin, log: Log, partitions: number): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: topicsOf(log).map(({ topic }) => topic) });
  for (const settings of topicsOf(log)) {
    const found = topics.find(({ name }) => name === settings.topic)?.partitions.length ?? 0;
    const wanted = settings.partitions ?? partitions;
    if (found !== wanted) {
      throw new HutongError('KAFKA_TOPIC_MISSING', `topic ${settings.topic} has ${found} partitions, not ${wanted}`, {
        retriable: false,
        hint: 'set HUTONG_PARTITIONS to what the topics were made with; for more partitions: hutong log republish',
      });
    }
  }
}
