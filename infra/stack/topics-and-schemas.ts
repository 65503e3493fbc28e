/**
 * What the services find on Kafka and the registry. Loaded when it's asked for: without topics a stack starts without
 * the client libraries.
 */

import type { Topology } from '#infra/process/settings.ts';
import { replicationOf } from './servers.ts';

export async function makeTopics(kafka: string, partitions: number, topology: Topology): Promise<void> {
  const { ensureTopics } = await import('#exchange/topics/admin.ts');
  await ensureTopics({ brokers: kafka.split(','), partitions, replicationFactor: replicationOf(topology) });
}

export async function registerAll(registry: string): Promise<void> {
  const { registerSchemas } = await import('#exchange/topics/registry.ts');
  await registerSchemas(registry);
}
