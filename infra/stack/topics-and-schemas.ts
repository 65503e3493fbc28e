/**
 * What the services find on Kafka and the registry. Loaded when it's asked for: without topics a stack starts without
 * the client libraries.
 */

import type { Topology } from '#infra/process/settings.ts';
import type { KafkaAccess } from '#platform/kafka/client.ts';
import { replicationOf } from './servers.ts';

/** @param serviceEnv says which edition of the log the stack's services work with */
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
    { readKeysDir, readLogEdition },
    { publishKeysOf },
  ] = await Promise.all([
    import('#exchange/topics/admin.ts'),
    import('#exchange/topics/cut-off.ts'),
    import('#platform/kafka/client.ts'),
    import('#platform/log.ts'),
    import('#exchange/topics/log.ts'),
    import('#platform/config.ts'),
    import('#exchange/topics/publish-keys.ts'),
  ]);
  const log = logOf(readLogEdition(serviceEnv));
  await ensureTopics({ log, kafka, partitions, replicationFactor: replicationOf(topology) });
  // A log that begins now is tagged from its first record on. One that has records already is the operator's to judge.
  const client = createKafka(kafka, 'hutong-topics', createLogger('topics', 'error'));
  const admin = client.admin();
  await admin.connect();
  try {
    await stateCutOff(client, admin, log, 'empty');
    await publishKeysOf(client, readKeysDir(serviceEnv));
  } finally {
    await admin.disconnect();
  }
}

export async function registerAll(registry: string): Promise<void> {
  const { registerSchemas } = await import('#exchange/topics/registry.ts');
  await registerSchemas(registry);
}
