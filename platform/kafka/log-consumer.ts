/**
 * The consumer under a partition host: in a group that shares out partition numbers, not partitions of topics, and
 * whose committed offsets decide nothing.
 */

import type { Cluster } from 'kafkajs';
import type { HutongError } from '#platform/errors.ts';
import { type Consumer, consumerRetries, type Kafka, onGivenUp } from './client.ts';
import { coPartitionAssigner } from './co-partition-assigner.ts';

/** Longer waits save requests to an idle broker; a record that arrives ends the wait. */
const FETCH_WAIT_MS = 250;

export interface LogConsumer {
  readonly consumer: Consumer;
  /** Known once the group has spoken for the first time. */
  readonly cluster: () => Cluster;
}

export async function connectLogConsumer(
  kafka: Kafka,
  groupId: string,
  sessionTimeoutMs: number,
  fail: (error: HutongError) => void,
): Promise<LogConsumer> {
  let cluster: Cluster | null = null;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
    rebalanceTimeout: sessionTimeoutMs,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    retry: consumerRetries(),
    partitionAssigners: [
      coPartitionAssigner((known) => {
        cluster = known;
      }),
    ],
  });
  onGivenUp(consumer, fail);
  await consumer.connect();
  return { consumer, cluster: () => cluster as Cluster };
}
