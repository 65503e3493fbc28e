/** Measures how far each owned partition is behind the end of the log, and how old the provinces' watermarks are. */

import type { PartitionHost } from '#exchange/fold/partition-host.ts';
import type { Log } from '#exchange/topics/log.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import type { Observations } from './observations.ts';

export async function measureLag(
  admin: Admin,
  { topics }: Log,
  { workers }: PartitionHost,
  observations: Observations,
): Promise<void> {
  observations.watermarkAges(workers, Date.now());
  for (const topic of topics) {
    const ends = await endsOf(admin, [topic]).catch(() => []); // while Kafka is away the last values stand
    for (const { partition, high } of ends) {
      const nextOffset = workers.get(partition)?.position?.topics[topic]?.nextOffset;
      if (nextOffset !== undefined) observations.lag(topic, partition, high - nextOffset);
    }
  }
}
