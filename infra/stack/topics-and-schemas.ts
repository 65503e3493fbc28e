/**
 * What the services find on Kafka and the registry. Loaded when it's asked for: without topics a stack starts without
 * the client libraries.
 */

import type { Topology } from '#infra/process/settings.ts';
import type { HttpAccess } from '#platform/fetch-as.ts';
import type { KafkaAccess } from '#platform/kafka/client.ts';
import { replicationOf } from './servers.ts';

/**
 * Makes the topics, and notes with which partitions and secrets the first edition is begun: whoever comes with others
 * is turned away.
 * @param serviceEnv says which edition of the log the stack's services work with, and with which secrets
 */
export async function makeTopics(
  kafka: KafkaAccess,
  serviceEnv: Readonly<Record<string, string>>,
  partitions: number,
  topology: Topology,
): Promise<void> {
  const [
    { ensureTopics },
    { stateCutOff },
    { createKafka },
    { createLogger },
    { logOf },
    { readConfig },
    { noteFirstEdition },
    { publishKeysOf },
  ] = await Promise.all([
    import('#exchange/topics/admin.ts'),
    import('#exchange/topics/cut-off.ts'),
    import('#platform/kafka/client.ts'),
    import('#platform/log.ts'),
    import('#exchange/topics/log.ts'),
    import('#platform/config.ts'),
    import('#exchange/topics/editions.ts'),
    import('#exchange/topics/publish-keys.ts'),
  ]);
  const { logEdition, personKeySecrets: secrets, keysDir } = readConfig({ ...serviceEnv });
  const log = logOf(logEdition);
  await ensureTopics({ log, kafka, partitions, replicationFactor: replicationOf(topology) });
  const client = createKafka(kafka, 'hutong-topics', createLogger('topics', 'error'));
  const admin = client.admin();
  await admin.connect();
  try {
    if (logEdition === 1) await noteFirstEdition(client, admin, partitions, secrets);
    // A log that begins now is tagged from its first record on. One that has records is the operator's to judge.
    await stateCutOff(client, admin, log, 'empty');
    await publishKeysOf(client, keysDir);
  } finally {
    await admin.disconnect();
  }
}

export async function registerAll(registry: HttpAccess): Promise<void> {
  const { registerSchemas } = await import('#exchange/topics/registry.ts');
  await registerSchemas(registry);
}
