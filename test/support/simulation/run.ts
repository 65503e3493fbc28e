/** Runs seeds one after the other, and says of the first that goes wrong what happened in it. */

import type { Storm } from './storm.ts';
import { AS_IT_IS, type Variant } from './variant.ts';
import { World } from './world.ts';

const TRACE_LINES_MAX = 60;

export interface Found {
  readonly seed: number;
  readonly fault: string;
}

/** How often each thing happened, over all the seeds that were run. */
export type Counts = Map<string, number>;

export interface Tried {
  /** By default the program as it is. */
  readonly variant?: Variant;
  /** By default only what the seeds draw. */
  readonly storm?: Storm;
  readonly counts?: Counts;
}

export async function firstFault(
  firstSeed: number,
  seeds: number,
  { variant = AS_IT_IS, storm = [], counts = new Map() }: Tried = {},
): Promise<Found | null> {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const { fault, counts: own } = await new World(seed, variant, false, storm).run();
    for (const [what, count] of Object.entries(own)) counts.set(what, (counts.get(what) ?? 0) + count);
    if (fault !== null) return { seed, fault };
  }
  return null;
}

/** The same run again, told: its last lines, and how to repeat it. */
export async function storyOf({ seed, fault }: Found, variant: Variant = AS_IT_IS): Promise<string> {
  const { trace } = await new World(seed, variant, true).run();
  const left = trace.length - TRACE_LINES_MAX;
  return [
    `seed ${seed}: ${fault}`,
    ...(left > 0 ? [`… ${left} lines before`] : []),
    ...trace.slice(-TRACE_LINES_MAX),
    `SEED=${seed} make simulate repeats it`,
  ].join('\n');
}
