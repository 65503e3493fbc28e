/** What the commands of operators are connected to: the log with its registry, and Redis. */

import { kafkaAccess, redisAccess, registryAccess } from '#exchange/identity/operator.ts';
import { type KeyTimes, RecordTags, type TagCheck } from '#exchange/keys/check.ts';
import { type KeyRing, readKeyRing, requireKeyRing } from '#exchange/keys/ring.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { readCutOff } from '#exchange/topics/cut-off.ts';
import { KeysFeed } from '#exchange/topics/keys-feed.ts';
import { readKeys } from '#exchange/topics/known-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type PublicKeys, readPublicKeys } from '#exchange/topics/public-keys.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { readKeysDir } from '#platform/config.ts';
import { HutongError } from '#platform/errors.ts';
import { type Admin, createKafka, type Kafka, type KafkaAccess } from '#platform/kafka/client.ts';
import type { Logger } from '#platform/log.ts';
import { connectRedis, type Redis } from '#platform/redis.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { closeAll } from './standstill.ts';
import { Trouble } from './trouble.ts';

export interface LogAddresses {
  readonly kafka: string;
  readonly registry: string;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
}

export interface Addresses extends LogAddresses {
  readonly redis: string;
}

export interface ConnectedLog {
  readonly log: Log;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly schemas: RegistrySchemas;
  /** The keys at hand. @throws HutongError CONFIG_INVALID of a file that is no key */
  readonly ring: () => KeyRing;
  /** How signatures are checked. @throws HutongError CONFIG_INVALID without the operator's public key */
  readonly signatures: () => Promise<PublicKeys>;
  /** How records are checked. @throws HutongError CONFIG_INVALID without any key; KAFKA_UNAVAILABLE */
  readonly tags: () => Promise<TagCheck>;
  /** The same for who reads on for long: with what must have been read before a record is checked. Stop it. */
  readonly followingTags: () => Promise<{ readonly tags: TagCheck; readonly keys: KeysFeed }>;
  /** Of each shared topic. */
  readonly partitions: number;
  /** Of what goes wrong meanwhile; it is said by the command, once, if it fails. */
  readonly logger: Logger;
  readonly trouble: Trouble;
  readonly access: KafkaAccess;
  readonly close: () => Promise<void>;
}

export interface Connected extends ConnectedLog {
  readonly redis: Redis;
}

/** What a command has of Kafka that must work without a registry. */
export type ConnectedKafka = Omit<ConnectedLog, 'schemas' | 'signatures'>;

/** @throws HutongError of whatever isn't there */
export async function connectKafka(
  log: Log,
  { kafka: addresses, tls }: Omit<LogAddresses, 'registry'>,
): Promise<ConnectedKafka> {
  const trouble = new Trouble();
  const { logger } = trouble;
  const access = kafkaAccess(addresses, tls);
  const kafka = createKafka(access, 'hutong-cli', logger);
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
    const partitions = await countPartitions(admin, log);
    const ring = (): KeyRing => readKeyRing(readKeysDir());
    const by = async (times: KeyTimes): Promise<TagCheck> =>
      new RecordTags(requireKeyRing(readKeysDir()), await readCutOff(kafka, admin, log), times);
    const tags = async (): Promise<TagCheck> => by(await readKeys(kafka, requireAnchors(readKeysDir())));
    const followingTags = async (): Promise<{ readonly tags: TagCheck; readonly keys: KeysFeed }> => {
      const keys = await KeysFeed.follow(kafka, requireAnchors(readKeysDir()));
      return { tags: await by(keys.known), keys };
    };
    return { ring, tags, followingTags, log, kafka, admin, partitions, logger, trouble, access, close };
  } catch (error) {
    await closeAll(close);
    throw sayable(error);
  }
}

/** @throws HutongError of whatever isn't there */
export async function connectLog(log: Log, addresses: LogAddresses): Promise<ConnectedLog> {
  const connected = await connectKafka(log, addresses);
  try {
    const schemas = new RegistrySchemas(registryAccess(addresses.registry, addresses.tls));
    await schemas.currentIds();
    const signatures = (): Promise<PublicKeys> => readPublicKeys(connected.kafka, requireAnchors(readKeysDir()));
    return { ...connected, schemas, signatures };
  } catch (error) {
    await closeAll(connected.close);
    throw sayable(error);
  }
}

/** @throws HutongError of whatever isn't there */
export async function connect(log: Log, addresses: Addresses): Promise<Connected> {
  const connected = await connectLog(log, addresses);
  try {
    const redis = await connectRedis(redisAccess(addresses.redis, addresses.tls), connected.logger);
    const close = async (): Promise<void> => {
      redis.disconnect();
      await connected.close();
    };
    return { ...connected, redis, close };
  } catch (error) {
    await closeAll(connected.close);
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

async function countPartitions(admin: Admin, log: Log): Promise<number> {
  const existing = new Set(await admin.listTopics());
  const missing = log.topics.filter((topic) => !existing.has(topic));
  if (missing.length > 0)
    throw new HutongError(
      'KAFKA_TOPIC_MISSING',
      `edition ${log.edition} of the log has no topics ${missing.join(', ')}`,
      { retriable: false, hint: missingHint(log) },
    );
  const { topics } = await admin.fetchTopicMetadata({ topics: [...log.topics] });
  const counts = new Set(topics.map(({ partitions }) => partitions.length));
  const [count] = counts;
  if (count === undefined || counts.size > 1)
    throw new HutongError(
      'KAFKA_TOPIC_MISSING',
      `the shared topics ${log.topics.join(', ')} differ in their partitions`,
      { retriable: false },
    );
  return count;
}

function missingHint({ edition }: Log): string {
  if (edition === 1) return 'make up makes them; or another Kafka is meant (--kafka)';
  const setting = edition === 2 ? '' : `HUTONG_LOG_EDITION=${edition - 1} `;
  return (
    `${setting}hutong log republish makes it from edition ${edition - 1}; or another edition is meant ` +
    `(HUTONG_LOG_EDITION is ${edition})`
  );
}
