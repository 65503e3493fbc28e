/** The operator's way to the Kafka of a run directory, for what needs no registry; and where the keys of one lie. */

import { join } from 'node:path';
import { kafkaAccess } from '#exchange/identity/operator.ts';
import { readKeysDir } from '#platform/config.ts';
import { createKafka, type Kafka } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import { ownTls } from './launched.ts';

export const keysIn = (runDir: string): string => readKeysDir(undefined, join(runDir, 'keys'));

/** @param brokers host:port[,host:port] */
export function asOperator(
  brokers: string,
  runDir: string,
): { readonly access: ReturnType<typeof kafkaAccess>; readonly kafka: Kafka } {
  const access = kafkaAccess(brokers, ownTls(runDir));
  return { access, kafka: createKafka(access, 'hutong-cli', createLogger('cli', 'silent')) };
}
