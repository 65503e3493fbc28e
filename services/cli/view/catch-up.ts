/**
 * Waits until a follower has reached the end that the log had when the waiting began, with a bar and the time left; and
 * fails when the follower stands still.
 */

import type { PartitionEnds } from '#platform/kafka/ends.ts';
import { until } from '#platform/limits/until.ts';
import { startBar } from '#services/cli/shared/bar.ts';
import { STANDSTILL_MS_MAX, unlessItStandsStill } from '#services/cli/shared/standstill.ts';
import type { Trouble } from '#services/cli/shared/trouble.ts';
import type { LogFollower } from './log-follower.ts';

export interface CatchUp {
  readonly follower: Pick<LogFollower, 'positionOf' | 'during'>;
  /** Of the partitions that are followed. */
  readonly ends: readonly PartitionEnds[];
  readonly label: string;
  readonly trouble: Trouble;
  readonly standstillMsMax?: number;
}

/** @throws HutongError KAFKA_UNAVAILABLE with what went wrong last, once nothing was consumed for a minute */
export async function catchUp({
  follower,
  ends,
  label,
  trouble,
  standstillMsMax = STANDSTILL_MS_MAX,
}: CatchUp): Promise<void> {
  const total = ends.reduce((sum, { low, high }) => sum + high - low, 0);
  const bar = startBar(label, '{value} of {total} records', total, consumed(follower, ends));
  let isOver = false;
  const isThere = (): boolean => {
    bar.update(consumed(follower, ends));
    return isOver || ends.every((end) => reached(follower, end) >= end.high);
  };
  try {
    await follower.during(
      unlessItStandsStill(until(isThere), {
        what: label,
        progress: () => consumed(follower, ends),
        trouble,
        standstillMsMax,
      }),
    );
    bar.update(total);
  } finally {
    isOver = true;
    bar.stop();
  }
}

function reached(follower: CatchUp['follower'], { topic, partition, low }: PartitionEnds): number {
  return follower.positionOf(partition)?.topics[topic]?.nextOffset ?? low;
}

function consumed(follower: CatchUp['follower'], ends: readonly PartitionEnds[]): number {
  return ends.reduce((sum, end) => sum + Math.min(reached(follower, end), end.high) - end.low, 0);
}
