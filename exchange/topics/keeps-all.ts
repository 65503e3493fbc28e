/**
 * Whether the shared topics keep all that they were given. The view is a function of the whole log: one that drops its
 * oldest records can't be rebuilt or verified, and one compacted by person would keep a person's last dose alone.
 */

import kafkajs from 'kafkajs';
import { HutongError } from '#platform/errors.ts';
import type { Admin } from '#platform/kafka/client.ts';
import type { Log } from './log.ts';

/** What each setting must be for nothing to be dropped. */
const KEEPS_ALL = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' } as const;

/** The settings by which shared topics would drop records: `tests retention.ms=604800000`; empty when they keep all. */
export async function keepsAllFaults(admin: Admin, { topics }: Log): Promise<readonly string[]> {
  const { resources } = await admin
    .describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: Object.keys(KEEPS_ALL),
      })),
    })
    .catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', 'the topics’ settings could not be read', { retriable: true, cause });
    });
  return resources.flatMap(({ resourceName, configEntries }) =>
    configEntries
      .filter(({ configName, configValue }) => KEEPS_ALL[configName as keyof typeof KEEPS_ALL] !== configValue)
      .map(({ configName, configValue }) => `${resourceName} ${configName}=${configValue}`),
  );
}

/** @throws HutongError LOG_DROPS_HISTORY, KAFKA_UNAVAILABLE */
export async function requireHistory(admin: Admin, log: Log): Promise<void> {
  const faults = await keepsAllFaults(admin, log);
  if (faults.length === 0) return;
  throw new HutongError('LOG_DROPS_HISTORY', `shared topics would drop history: ${faults.join(', ')}`, {
    retriable: false,
    hint: `set ${Object.entries(KEEPS_ALL)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')} on them; what was dropped already must come from a backup`,
  });
}
