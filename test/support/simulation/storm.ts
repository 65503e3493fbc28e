/**
 * What a run can be made to meet, so that a situation shows that is rare when chance alone decides. It only adds to
 * what the seed draws: when each thing happens, and to whom, is the seed's choice still.
 */

import type { Random } from '#exercises/town/random.ts';
import type { Kind } from './chaos.ts';
import type { Scheduler } from './scheduler.ts';

/** What of a run a storm stirs up. */
interface Stormy {
  readonly random: Random;
  readonly scheduler: Scheduler;
  event(): void;
  erase(): void;
  poison(): void;
  leap(): void;
}

const WRITTEN = ['event', 'erase', 'poison', 'leap'] as const satisfies readonly (keyof Stormy)[];
type Written = (typeof WRITTEN)[number];

/** Something that comes about so often, between these shares of the time in which things go wrong. */
interface Happening {
  readonly what: Kind | Written;
  readonly times: number;
  readonly from: number;
  readonly to: number;
}
export type Storm = readonly Happening[];

/**
 * Erasures, then a minute that passes, and then instances that begin from nothing: only whoever reads the erasures
 * first doesn't come to them too late.
 */
export const BEGINNINGS_AFTER_ERASURES: Storm = [
  { what: 'erase', times: 10, from: 0.1, to: 0.4 },
  { what: 'leap', times: 2, from: 0.4, to: 0.5 },
  { what: 'event', times: 10, from: 0.5, to: 0.9 },
  { what: 'emptyRedis', times: 4, from: 0.6, to: 1 },
];

/** Much is written while minutes pass: an erasure that waits for its turn comes too late. */
export const ERASURES_AMONG_MUCH_ELSE: Storm = [
  { what: 'event', times: 60, from: 0, to: 1 },
  { what: 'erase', times: 10, from: 0.2, to: 0.9 },
  { what: 'leap', times: 4, from: 0.3, to: 1 },
];

/** Partitions change hands again and again, and who has lost one goes on for a while: two write the same views. */
export const PARTITIONS_THAT_CHANGE_HANDS: Storm = [
  { what: 'event', times: 40, from: 0, to: 1 },
  { what: 'startAnother', times: 2, from: 0, to: 0.2 },
  { what: 'expel', times: 12, from: 0.1, to: 1 },
];

/** The same, and what marks provinces comes meanwhile: the next to have a partition must know of it. */
export const MARKS_WHILE_PARTITIONS_CHANGE_HANDS: Storm = [
  { what: 'startAnother', times: 2, from: 0, to: 0.2 },
  { what: 'poison', times: 24, from: 0.1, to: 1 },
  { what: 'expel', times: 12, from: 0.1, to: 1 },
];

export function brew(storm: Storm, world: Stormy, act: (kind: Kind) => void, durationMs: number): void {
  const { random, scheduler } = world;
  for (const { what, times, from, to } of storm)
    for (let time = 0; time < times; time += 1)
      scheduler.after(random.between(Math.round(from * durationMs), Math.round(to * durationMs)), () =>
        isWritten(what) ? world[what]() : act(what),
      );
}

function isWritten(what: Kind | Written): what is Written {
  return WRITTEN.some((one) => one === what);
}
