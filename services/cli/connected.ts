/** What the commands of operators are connected to: the log with its registry, and Redis. */
import { parseAddresses } from '#platform/address.ts';
import { HutongError } from '#platform/errors.ts';
import { createLogger, type Logger } from '#platform/log.ts';
import { type Admin, createKafka, type Kafka } from '#topics/kafka.ts';
import { RegistrySchemas } from '#topics/registry.ts';
import { topicEnds } from '#topics/topic-ends.ts';
import { SHARED_TOPICS } from '#topics/topics.ts';
import { connectRedis, type Redis } from '#view/redis.ts';

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
  readonly logger: Logger;
  readonly close: () => Promise<void>;
}

export interface Connected extends ConnectedLog {
  readonly redis: Redis;
}

/** @throws HutongError of whatever isn't there */
export async function connectLog({ kafka: brokers, registry }: LogAddresses): Promise<ConnectedLog> {
  // What goes wrong is said by the command, once.
  const logger = createLogger('cli', 'silent');
  const kafka = createKafka(brokers.split(','), 'hutong-cli', logger);
  const admin = kafka.admin();
  const close = (): Promise<void> => admin.disconnect();
  try {
    await admin.connect().catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', `kafka at ${brokers} did not answer`, { retriable: true, cause, hint: 'is Kafka up and reachable?' });
    });
    const schemas = new RegistrySchemas(registry);
    await schemas.currentIds();
    return { kafka, admin, schemas, partitions: await countPartitions(admin), logger, close };
  } catch (error) {
    await close();
    throw error;
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
    await log.close();
    throw error;
  }
}

async function countPartitions(admin: Admin): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...SHARED_TOPICS] });
  const counts = new Set(topics.map(({ partitions }) => partitions.length));
  const [count] = counts;
  if (count === undefined || counts.size > 1) throw new HutongError('KAFKA_TOPIC_MISSING', `the shared topics ${SHARED_TOPICS.join(', ')} differ in their partitions`, { retriable: false });
  return count;
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
    SHARED_TOPICS.map(async (topic) => (await topicEnds(admin, topic)).map(({ partition, low, high }) => ({ topic, partition, low: Number(low), high: Number(high) }))),
  );
  return ends.flat();
}
