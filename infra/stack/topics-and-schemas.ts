/**
 * What the services find on Kafka and the registry. Loaded when it's asked for: without topics a stack starts without
 * the client libraries.
 */

import type { Topology } from '#infra/process/settings.ts';
import { replicationOf } from './servers.ts';

/** @param serviceEnv says which edition of the log the stack's services work with */
export async function makeTopics(
  kafka: string,
  serviceEnv: Readonly<Record<string, string>>,
  partitions: number,
  topology: Topology,
): Promise<void> {
  const [{ ensureTopics }, { logOf }, { readLogEdition }] = await Promise.all([
    import('#exchange/topics/admin.ts'),
    import('#exchange/topics/log.ts'),
    import('#platform/config.ts'),
  ]);
  const log = logOf(readLogEdition(serviceEnv));
  await ensureTopics({ log, brokers: kafka.split(','), partitions, replicationFactor: replicationOf(topology) });
}

export async function registerAll(registry: string): Promise<void> {
  const { registerSchemas } = await import('#exchange/topics/registry.ts');
  await registerSchemas(registry);
}
