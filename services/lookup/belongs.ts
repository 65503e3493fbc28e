/**
 * Whether a look-up belongs to the exchange that it reads: its partitions, its secrets, and the Kafka cluster whose
 * positions stand beside the views. With others it would find nobody, and say a plain `no_evidence` of everybody. Kafka
 * being away keeps no look-up from answering; then it is asked again.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '#core/view/snapshot.ts';
import { checkPartitions } from '#exchange/topics/admin.ts';
import type { Log } from '#exchange/topics/log.ts';
import { requireKeysOfLog } from '#exchange/topics/republication.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { fullJitterMs } from '#platform/limits/backoff.ts';
import type { Logger } from '#platform/log.ts';
import type { ViewSource } from './view-source.ts';

/** So long a start waits for it. */
const FIRST_LOOK_MS_MAX = 15_000;
const RETRY_MS = 4_000;

/** What a look-up was told that it belongs to. */
export interface Belongs {
  readonly log: Log;
  readonly partitions: number;
  readonly secrets: readonly Buffer[];
}

/** The id of the exchange's Kafka cluster, once it is known. */
export class KnownCluster {
  id: string | null = null;
}

/**
 * Resolves once they were compared, or can't be for now.
 * @param fatal gets LOG_OTHER_PLAN or KAFKA_TOPIC_MISSING, whenever it's found out
 */
export async function compareWithLog(
  kafka: Kafka,
  belongs: Belongs,
  cluster: KnownCluster,
  logger: Logger,
  fatal: (error: unknown) => void,
): Promise<void> {
  const compared = untilCompared(kafka, belongs, cluster, logger).catch(fatal);
  await Promise.race([compared, delay(FIRST_LOOK_MS_MAX, undefined, { ref: false })]);
}

/** @throws HutongError LOG_OTHER_PLAN, KAFKA_TOPIC_MISSING */
async function untilCompared(kafka: Kafka, belongs: Belongs, cluster: KnownCluster, logger: Logger): Promise<void> {
  for (;;) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      await compare(kafka, admin, belongs);
      ({ clusterId: cluster.id } = await admin.describeCluster());
      return;
    } catch (error) {
      if (error instanceof HutongError && NOT_OURS.has(error.code)) throw error;
      logger.warn({ error: describeError(error) }, 'the log is out of sight: whether it is ours isn’t known yet');
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await delay(fullJitterMs(RETRY_MS, Math.random()), undefined, { ref: false });
  }
}

const NOT_OURS: ReadonlySet<string> = new Set(['LOG_OTHER_PLAN', 'KAFKA_TOPIC_MISSING']);

async function compare(kafka: Kafka, admin: Admin, { log, partitions, secrets }: Belongs): Promise<void> {
  await checkPartitions(admin, log, partitions);
  await requireKeysOfLog(kafka, admin, log, secrets);
}

/** @throws HutongError OTHER_EXCHANGE where the position is of another cluster than the exchange's */
export function requireOurs(position: Position | null, cluster: KnownCluster): void {
  const found = position?.clusterId;
  if (found === undefined || cluster.id === null || found === cluster.id) return;
  throw new HutongError('OTHER_EXCHANGE', 'the views in this Redis are of another Kafka cluster', {
    retriable: false,
    hint: 'HUTONG_REDIS and HUTONG_KAFKA name parts of two exchanges: set both to those of one',
  });
}

/** The same source, failing with OTHER_EXCHANGE where a view's position is of another cluster than the exchange's. */
export function ofExchange(source: ViewSource, cluster: KnownCluster): ViewSource {
  const required = <S extends Awaited<ReturnType<ViewSource['read']>>>(snapshot: S): S => {
    requireOurs(snapshot.position, cluster);
    return snapshot;
  };
  return {
    read: async (key) => required(await source.read(key)),
    readMany: async (keys) => (await source.readMany(keys)).map(required),
  };
}
