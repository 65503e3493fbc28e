/** Waits until a follower has reached the end that the log had when the waiting began, with a bar and the time left. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Options, Presets, SingleBar } from 'cli-progress';
import type { LogEnd } from '../connected.ts';
import type { LogFollower } from './log-follower.ts';

const LOOK_EVERY_MS = 100;

/** @param ends of the partitions that are followed */
export async function catchUp(follower: LogFollower, ends: readonly LogEnd[], label: string): Promise<void> {
  const total = ends.reduce((sum, { low, high }) => sum + high - low, 0);
  const bar = new SingleBar({ ...BAR, format: `${label} {bar} {percentage} % | {value} of {total} records | {eta_formatted} left` }, Presets.shades_classic);
  bar.start(total, consumed(follower, ends));
  try {
    await follower.during(
      (async () => {
        while (!ends.every((end) => reached(follower, end) >= end.high)) {
          bar.update(consumed(follower, ends));
          await delay(LOOK_EVERY_MS);
        }
        bar.update(total);
      })(),
    );
  } finally {
    bar.stop();
  }
}

function reached(follower: LogFollower, { topic, partition, low }: LogEnd): number {
  return follower.positionOf(partition)?.topics[topic]?.nextOffset ?? low;
}

function consumed(follower: LogFollower, ends: readonly LogEnd[]): number {
  return ends.reduce((sum, end) => sum + Math.min(reached(follower, end), end.high) - end.low, 0);
}

const BAR: Options = { stream: process.stderr, clearOnComplete: true, noTTYOutput: false, etaBuffer: 100 };
