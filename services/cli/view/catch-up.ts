/**
 * Waits until a follower has reached the end that the log had when the waiting began, with a bar and the time left; and
 * fails when the follower stands still.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { type Options, Presets, SingleBar } from 'cli-progress';
import type { PartitionEnds } from '#platform/kafka/ends.ts';
import { STANDSTILL_MS_MAX, unlessItStandsStill } from '#services/cli/shared/standstill.ts';
import type { Trouble } from '#services/cli/shared/trouble.ts';
import type { LogFollower } from './log-follower.ts';

const LOOK_EVERY_MS = 100;

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
  const bar = new SingleBar(
    { ...BAR, format: `${label} {bar} {percentage} % | {value} of {total} records | {eta_formatted} left` },
    Presets.shades_classic,
  );
  bar.start(total, consumed(follower, ends));
  let isOver = false;
  const following = async (): Promise<void> => {
    while (!isOver && !ends.every((end) => reached(follower, end) >= end.high)) {
      bar.update(consumed(follower, ends));
      await delay(LOOK_EVERY_MS);
    }
  };
  try {
    await follower.during(
      unlessItStandsStill(following(), {
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

const BAR: Options = { stream: process.stderr, clearOnComplete: true, noTTYOutput: false, etaBuffer: 100 };
