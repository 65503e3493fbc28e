/** What the commands about the view are connected to: the log, the registry and Redis. */
import { HutongError } from '#platform/errors.ts';
import { createLogger, type Logger } from '#platform/log.ts';
import { type Admin, createKafka, type Kafka } from '#topics/kafka.ts';
import { RegistrySchemas } from '#topics/registry.ts';
import { SHARED_TOPICS } from '#topics/topics.ts';
import { connectRedis, type Redis } from '#view/redis.ts';

export interface Addresses {
  readonly kafka: string;
  readonly registry: string;
  readonly redis: string;
}

export interface Connected {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly schemas: RegistrySchemas;
  readonly redis: Redis;
  /** Of each shared topic. */
  readonly partitions: number;
  readonly logger: Logger;
  readonly close: () => Promise<void>;
}

/** @throws HutongError of whatever isn't there */
export async function connect({ kafka: brokers, registry, redis: address }: Addresses): Promise<Connected> {
  const logger = createLogger('view', 'silent');
  const [host = '', port = ''] = address.split(':');
  const redis = await connectRedis({ host, port: Number(port) }, logger);
  const kafka = createKafka(brokers.split(','), 'hutong-view', logger);
  const admin = kafka.admin();
  const close = async (): Promise<void> => {
    await admin.disconnect();
    redis.disconnect();
  };
  try {
    await admin.connect().catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', `kafka at ${brokers} did not answer`, { retriable: true, cause, hint: 'is Kafka up and reachable?' });
    });
    const schemas = new RegistrySchemas(registry);
    await schemas.currentIds();
    return { kafka, admin, schemas, redis, partitions: await countPartitions(admin), logger, close };
  } catch (error) {
    await close();
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
