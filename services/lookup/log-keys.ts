/**
 * Holds a look-up's secrets against those that the keys of its log are made with: with others it would find nobody, and
 * say a plain `no_evidence` of everybody. Kafka being away keeps no look-up from answering; then it is asked again.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#exchange/topics/log.ts';
import { requireKeysOfLog } from '#exchange/topics/republication.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { fullJitterMs } from '#platform/limits/backoff.ts';
import type { Logger } from '#platform/log.ts';

/** So long a start waits for it. */
const FIRST_LOOK_MS_MAX = 15_000;
const RETRY_MS = 4_000;

/** Resolves once they were compared, or can't be for now. @param fatal gets LOG_OTHER_PLAN, whenever it's found out */
export async function compareKeysWithLog(
  kafka: Kafka,
  log: Log,
  secrets: readonly Buffer[],
  logger: Logger,
  fatal: (error: unknown) => void,
): Promise<void> {
  if (log.edition === 1) return;
  const compared = untilCompared(kafka, log, secrets, logger).catch(fatal);
  await Promise.race([compared, delay(FIRST_LOOK_MS_MAX, undefined, { ref: false })]);
}

/** @throws HutongError LOG_OTHER_PLAN */
async function untilCompared(kafka: Kafka, log: Log, secrets: readonly Buffer[], logger: Logger): Promise<void> {
  for (;;) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      return await requireKeysOfLog(kafka, admin, log, secrets);
    } catch (error) {
      if (error instanceof HutongError && error.code === 'LOG_OTHER_PLAN') throw error;
      logger.warn({ error: describeError(error) }, 'the plan of the log’s keys is out of sight');
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await delay(fullJitterMs(RETRY_MS, Math.random()), undefined, { ref: false });
  }
}
