/**
 * Where a partition may start: at the stored position if the log still is the same and still holds it, at the beginning
 * if nothing was ever stored and nothing of the log is gone. Anything else needs a person; it is never reset silently.
 */

import type { Position } from '#core/view/snapshot.ts';
import type { Log } from '#exchange/topics/log.ts';
import { HutongError } from '#platform/errors.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { endsOf, type PartitionEnds } from '#platform/kafka/ends.ts';
import type { LogIdentity } from '#platform/kafka/topic-ids.ts';

export type LogBounds = Pick<PartitionEnds, 'low' | 'high'>;

/** Of a partition, by shared topic. @throws HutongError KAFKA_UNAVAILABLE */
export async function readBounds(
  admin: Admin,
  { topics }: Log,
  partition: number,
): Promise<ReadonlyMap<string, LogBounds>> {
  const ends = await endsOf(admin, topics).catch((cause: unknown) => {
    throw new HutongError('KAFKA_UNAVAILABLE', 'the ends of the log could not be read', { retriable: true, cause });
  });
  const own = new Map(ends.filter((end) => end.partition === partition).map((end) => [end.topic, end]));
  return new Map(topics.map((topic) => [topic, own.get(topic) ?? { low: 0, high: 0 }]));
}

/** @throws HutongError POSITION_UNREACHABLE */
export function startOf(
  partition: number,
  stored: Position | null,
  { clusterId, topicIds }: LogIdentity,
  bounds: ReadonlyMap<string, LogBounds>,
): Position {
  if (stored !== null && stored.clusterId !== clusterId)
    throw unreachable(partition, 'was stored for another Kafka cluster', REBUILD_HINT);
  const topics = [...bounds].map(([topic, { low, high }]) => {
    const topicId = topicIds.get(topic) as string;
    const known = stored?.topics[topic];
    if (known !== undefined && known.topicId !== topicId)
      throw unreachable(partition, `was stored for an earlier topic ${topic} that was deleted`, REBUILD_HINT);
    const nextOffset = known?.nextOffset ?? 0;
    if (nextOffset < low)
      throw unreachable(
        partition,
        `needs ${topic} from offset ${nextOffset}, but the log begins at ${low}`,
        'restore the log from a backup, or rebuild from a log that holds the history',
      );
    if (nextOffset > high)
      throw unreachable(
        partition,
        `is ${nextOffset} in ${topic}, but the log ends at ${high}`,
        'the log has lost acknowledged records (an unclean leader election?): restore them before going on',
      );
    return [topic, { topicId, nextOffset }] as const;
  });
  return { clusterId, topics: Object.fromEntries(topics) };
}

const REBUILD_HINT =
  'point the materialiser at the Kafka that the view was made from, or start with an empty Redis to ' +
  'build it from this one';

function unreachable(partition: number, why: string, hint: string): HutongError {
  return new HutongError('POSITION_UNREACHABLE', `the position of partition ${partition} ${why}`, {
    retriable: false,
    hint,
  });
}
