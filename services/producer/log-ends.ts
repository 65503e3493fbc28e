/** Asks Kafka where the shared topics end; what a producer instance starts its watermarks from. */

import type { Log } from '#exchange/topics/log.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { topicEnds } from '#platform/kafka/ends.ts';
import type { LogEnds } from './publisher.ts';

export async function logEndsOf(admin: Admin, { topics }: Log, partitions: number): Promise<LogEnds> {
  const entries = await Promise.all(
    topics.map(async (topic) => {
      const ends = await topicEnds(admin, topic);
      return [
        topic,
        Array.from({ length: partitions }, (_, partition) =>
          Number(ends.find((end) => end.partition === partition)?.high ?? 0),
        ),
      ] as const;
    }),
  );
  return Object.fromEntries(entries) as unknown as LogEnds;
}
