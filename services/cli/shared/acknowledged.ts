/**
 * A command's wait for Kafka. The producer itself tries for ever, which suits a service and nobody who sits and waits.
 */

import { HutongError } from '#platform/errors.ts';
import { within } from '#platform/limits/within.ts';

const ACKNOWLEDGED_MS_MAX = 30_000;

/** @throws HutongError KAFKA_UNAVAILABLE: whether Kafka took it isn't known then */
export function acknowledged<T>(work: Promise<T>): Promise<T> {
  return within(
    work,
    ACKNOWLEDGED_MS_MAX,
    () =>
      new HutongError('KAFKA_UNAVAILABLE', `kafka did not answer within ${ACKNOWLEDGED_MS_MAX / 1_000} s`, {
        retriable: true,
        hint: 'do it again once Kafka answers: what it has taken isn’t done twice',
      }),
  );
}
