/**
 * Makes the topics, and refuses to go on where one exists in another shape: two shared topics that differ in their
 * partitions would break a person's order.
 */

import kafkajs, { type Admin } from 'kafkajs';
import { HutongError } from '#platform/errors.ts';
import { createKafka, type KafkaAccess } from '#platform/kafka/client.ts';
import { untilDone } from '#platform/limits/until.ts';
import { createLogger } from '#platform/log.ts';
import type { Log } from './log.ts';
import { KEPT, POLICIES_TOPIC, PRODUCERS_TOPIC, topicsOf } from './topics.ts';

const KNOWN_MS_MAX = 30_000;

export interface EnsureTopicsOptions {
  readonly log: Log;
  readonly kafka: KafkaAccess;
  readonly partitions: number;
  readonly replicationFactor?: number;
}

/** @throws HutongError KAFKA_TOPIC_MISSING when a topic exists with another number of partitions. */
export async function ensureTopics({
  log,
  kafka,
  partitions,
  replicationFactor = 1,
}: EnsureTopicsOptions): Promise<void> {
  const admin = createKafka(kafka, 'hutong-topics', createLogger('topics', 'error')).admin();
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
    for (const topic of COMPACTED_ONCE) if (existing.has(topic)) await keepAllOf(admin, topic);
    // A topic that was just made is known to one broker before the others.
    await untilDone(() => checkPartitions(admin, log, partitions), {
      everyMs: 100,
      waitMsMax: KNOWN_MS_MAX,
      isFinal: (error) => error instanceof HutongError,
    });
  } finally {
    await admin.disconnect();
  }
}

/**
 * Topics that earlier versions made compacted: whatever was written under an instance's key took that instance's
 * registration away, and each publication of rules the one before it.
 */
const COMPACTED_ONCE = [PRODUCERS_TOPIC, POLICIES_TOPIC] as const;

async function keepAllOf(admin: Admin, topic: string): Promise<void> {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type, name: topic, configNames: ['cleanup.policy'] }],
  });
  if (resources[0]?.configEntries[0]?.configValue === 'delete') return;
  const configEntries = Object.entries(KEPT).map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({ validateOnly: false, resources: [{ type, name: topic, configEntries }] });
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
