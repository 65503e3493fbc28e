/** Tags: each its own slot, and partitions evenly over whatever shards there are. */

import { describe, expect, it } from 'vitest';
import { PARTITIONS_MAX, SLOTS, slotOf, tagOf } from '#exchange/view/hash-slot.ts';

const all = Array.from({ length: PARTITIONS_MAX }, (_, partition) => partition);

/**
 * Partitions on each shard, where shards hold equal ranges of slots, as `redis-cli --cluster create` deals them out.
 */
function spread(partitions: number, shards: number, tag = tagOf): number[] {
  const counts = Array<number>(shards).fill(0);
  const ends = counts.map((_, shard) => Math.round(((shard + 1) * SLOTS) / shards) - 1);
  for (const partition of all.slice(0, partitions)) {
    const shard = ends.findIndex((end) => slotOf(tag(partition)) <= end);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  return counts;
}

const difference = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);

describe('a slot', () => {
  it('is what the specification of Redis Cluster says for its example', () => {
    expect(slotOf('123456789')).toBe(0x31c3 % SLOTS);
  });
});

describe('tags', () => {
  it('never change: they are part of every key', () => {
    expect(all.slice(0, 8).map((partition) => tagOf(partition))).toEqual([
      '0QG',
      '1cb',
      '2uf',
      '3io',
      '4sf',
      '5oo',
      '6yk',
      '7eb',
    ]);
  });
  it('begin with the partition’s number, are short, and lie in slots of their own', () => {
    for (const partition of all) expect(tagOf(partition)).toMatch(new RegExp(`^${partition}[a-zA-Z]{0,3}$`));
    expect(new Set(all.map((partition) => slotOf(tagOf(partition)))).size).toBe(PARTITIONS_MAX);
  });
  it.each([8, 16, 32, 64, 128, 256, 512, 1_024])(
    'spread %i partitions over 2 to 8 shards as evenly as numbers allow',
    (partitions) => {
      for (let shards = 2; shards <= 8; shards += 1)
        expect(difference(spread(partitions, shards)), `${shards} shards`).toBeLessThanOrEqual(1);
    },
  );
  it.each([12, 24, 48, 100, 1_000])(
    'spread %i partitions, no power of two, with a difference of a few',
    (partitions) => {
      for (let shards = 2; shards <= 8; shards += 1)
        expect(difference(spread(partitions, shards)), `${shards} shards`).toBeLessThanOrEqual(4);
    },
  );
  it('are needed: plain numbers spread badly', () => {
    expect(difference(spread(64, 6, String))).toBe(7);
  });
});
