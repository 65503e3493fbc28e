/**
 * A command's wait for Kafka. The producer itself tries for ever, which suits a service and nobody who sits and waits.
 */

import { HutongError } from '#platform/errors.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';
import { within } from '#platform/limits/within.ts';
import { closeAll } from './standstill.ts';

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

/** One record, by a connection of its own. @throws HutongError KAFKA_UNAVAILABLE */
export async function append(kafka: Kafka, record: OutgoingRecord): Promise<void> {
  const sender = await acknowledged(KafkaSender.connect(kafka));
  try {
    await acknowledged(sender.send([record]));
  } finally {
    await closeAll(() => sender.close());
  }
}
