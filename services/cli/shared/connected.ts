/** What the commands of operators are connected to: the log with its registry, and Redis. */

import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { LOG_EDITION, SHARED_TOPICS } from '#exchange/topics/topics.ts';
import { parseAddresses } from '#platform/address.ts';
import { HutongError } from '#platform/errors.ts';
import { type Admin, createKafka, type Kafka } from '#platform/kafka/client.ts';
import { topicEnds } from '#platform/kafka/ends.ts';
import type { Logger } from '#platform/log.ts';
import { connectRedis, type Redis } from '#platform/redis.ts';
import { closeAll } from './standstill.ts';
import { Trouble } from './trouble.ts';

export interface LogAddresses {
  readonly kafka: string;
  readonly registry: string;
}

export interface Addresses extends LogAddresses {
  readonly redis: string;
}

export interface ConnectedLog {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly schemas: RegistrySchemas;
  /** Of each shared topic. */
  readonly partitions: number;
  /** Of what goes wrong meanwhile; it is said by the command, once, if it fails. */
  readonly logger: Logger;
  readonly trouble: Trouble;
  readonly brokers: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Connected extends ConnectedLog {
  readonly redis: Redis;
}

/** @throws HutongError of whatever isn't there */
export async function connectLog({ kafka: addresses, registry }: LogAddresses): Promise<ConnectedLog> {
  const trouble = new Trouble();
  const { logger } = trouble;
  const brokers = addresses.split(',');
  const kafka = createKafka(brokers, 'hutong-cli', logger);
  const admin = kafka.admin();
  const close = (): Promise<void> => admin.disconnect();
  try {
    await admin.connect().catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', `kafka at ${addresses} did not answer`, {
        retriable: true,
        cause,
        hint: 'is Kafka up and reachable?',
      });
    });
    const partitions = await countPartitions(admin);
    const schemas = new RegistrySchemas(registry);
    await schemas.currentIds();
    return { kafka, admin, schemas, partitions, logger, trouble, brokers, close };
  } catch (error) {
    await closeAll(close);
    throw sayable(error);
  }
}

/** @throws HutongError of whatever isn't there */
export async function connect(addresses: Addresses): Promise<Connected> {
  const log = await connectLog(addresses);
  try {
    const redis = await connectRedis(parseAddresses(addresses.redis), log.logger);
    const close = async (): Promise<void> => {
      redis.disconnect();
      await log.close();
    };
    return { ...log, redis, close };
  } catch (error) {
    await closeAll(log.close);
    throw error;
  }
}

/** A failure of the Kafka client as one that a command can say; any other as it is. */
export function sayable(error: unknown): unknown {
  if (!(error instanceof Error && error.name.startsWith('KafkaJS'))) return error;
  return new HutongError('KAFKA_UNAVAILABLE', `kafka failed: ${error.message}`, {
    retriable: true,
    cause: error,
    hint: 'is Kafka up and reachable? Give the command again then: it goes on from where it was',
  });
}

async function countPartitions(admin: Admin): Promise<number> {
  const existing = new Set(await admin.listTopics());
  const missing = SHARED_TOPICS.filter((topic) => !existing.has(topic));
  if (missing.length > 0)
    throw new HutongError(
      'KAFKA_TOPIC_MISSING',
      `edition ${LOG_EDITION} of the log has no topics ${missing.join(', ')}`,
      { retriable: false, hint: missingHint() },
    );
  const { topics } = await admin.fetchTopicMetadata({ topics: [...SHARED_TOPICS] });
  const counts = new Set(topics.map(({ partitions }) => partitions.length));
  const [count] = counts;
  if (count === undefined || counts.size > 1)
    throw new HutongError(
      'KAFKA_TOPIC_MISSING',
      `the shared topics ${SHARED_TOPICS.join(', ')} differ in their partitions`,
      { retriable: false },
    );
  return count;
}

function missingHint(): string {
  if (LOG_EDITION === 1) return 'make up makes them; or another Kafka is meant (--kafka)';
  const setting = LOG_EDITION === 2 ? '' : `HUTONG_LOG_EDITION=${LOG_EDITION - 1} `;
  return (
    `${setting}hutong log republish makes it from edition ${LOG_EDITION - 1}; or another edition is meant ` +
    `(HUTONG_LOG_EDITION is ${LOG_EDITION})`
  );
}

export interface LogEnd {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** Where the log of the shared topics begins and ends now, by topic and partition. */
export async function logEnds(admin: Admin): Promise<readonly LogEnd[]> {
  const ends = await Promise.all(
    SHARED_TOPICS.map(async (topic) =>
      (await topicEnds(admin, topic)).map(({ partition, low, high }) => ({
        topic,
        partition,
        low: Number(low),
        high: Number(high),
      })),
    ),
  );
  return ends.flat();
}
