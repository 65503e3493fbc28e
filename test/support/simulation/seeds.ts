/**
 * The tests of one half of the seeds. Two files have a half each, so that two workers share them. SEED=n runs one seed,
 * in both; SEEDS=n the first n.
 */

import { describe, expect, it } from 'vitest';
import { type Counts, firstFault, storyOf } from './run.ts';
import { readSimulationSettings } from './settings.ts';
import { AS_IT_IS } from './variant.ts';
import { World } from './world.ts';

const SEEDS_OF_A_TEST = 1_000;

/** What the seeds of a half must have tried, each of them at least ten times for each thousand. */
const TRIED = [
  'is killed',
  'ends',
  'is stopped',
  'is continued',
  'is expelled',
  'starts',
  'is sent back to the start of the log by its client',
  'is cut off, and a replica takes over,',
  'redis is emptied',
  'redis goes back',
  'a shard of redis goes back',
  'redis is full',
  'redis is away',
  'kafka is away',
  'dead letters is away',
  'registry is away',
  'call lost before',
  'call lost after',
  'call late',
  'commit',
  'commit refused',
  'look-ups',
  'holding the partition',
  'kafka refused a batch',
  'unreadable record of the exchange',
  'reading again from the stored position: position_refused',
  'reading again from the stored position: store_unavailable',
  'reading again from the stored position: fetched_elsewhere',
  'stored position can’t be loaded yet',
  'no_person_key',
  'wrong_partition',
  'tombstone',
  'not_wire_format',
  'unknown_schema_id',
  'not_an_event',
  'truncated_or_garbled',
  'breaks_a_rule',
  'bad_tag',
  'a process’s own record bears a tag that fails',
  'somebody is erased',
  'an event is written again',
  'another process takes an instance up',
  'a watermark is forged',
  'a registration is forged',
  'the clock leaps by a minute',
  'the clock leaps by days',
  'a letter is replayed well',
  'a letter is replayed, and unreadable again',
  'a letter is discarded',
  'a letter is discarded by a note alone',
  'a rebuilt generation becomes live',
  'commit to a former generation refused',
  'redis goes back to where a reader stands',
  'a record bears the key that is stolen',
  'a key that was stolen is revoked',
];
const TRIES_MIN_OF_A_TEST = 10;

/** @param half the first half of the seeds, or the second */
export function testSeeds(half: 'first' | 'second'): void {
  const { seed, seeds } = readSimulationSettings();
  const middle = Math.ceil(seeds / 2);
  const [from, through] = half === 'first' ? [1, middle] : [middle + 1, seeds];
  const starts = seed !== null ? [seed] : rangeOf(from, through);
  const counts: Counts = new Map();

  describe(`the materialiser, simulated, ${half} half of the seeds`, () => {
    it.each(starts)('does what the log says from seed %i on', async (start) => {
      const found = await firstFault(start, seed !== null ? 1 : Math.min(SEEDS_OF_A_TEST, through - start + 1), {
        counts,
      });
      expect(found === null ? null : await storyOf(found)).toBeNull();
    });

    it('takes the same way again for the same seed', async () => {
      const [first, second] = [
        await new World(starts[0] ?? 1, AS_IT_IS, true).run(),
        await new World(starts[0] ?? 1, AS_IT_IS, true).run(),
      ];
      expect(second).toEqual(first);
      expect(first.trace.length).toBeGreaterThan(3);
    });

    it('tries everything that it is there for', () => {
      const thousands = seed !== null ? 0 : Math.floor((through - from + 1) / SEEDS_OF_A_TEST); // fewer needn't
      const missed = TRIED.filter((what) => (counts.get(what) ?? 0) < thousands * TRIES_MIN_OF_A_TEST);
      expect(missed.map((what) => `${what}: ${counts.get(what) ?? 0}`)).toEqual([]);
    });
  });
}

const rangeOf = (from: number, through: number): number[] =>
  Array.from(
    { length: Math.ceil((through - from + 1) / SEEDS_OF_A_TEST) },
    (_, index) => from + index * SEEDS_OF_A_TEST,
  );
