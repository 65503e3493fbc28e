/**
 * Which of Redis Cluster's 16,384 slots a key lies in, and a text for each partition by which its slot is chosen, so
 * that partitions spread evenly over shards. What a tag is must never change: it's part of every key.
 */

import calculateSlot from 'cluster-key-slot';

export const SLOTS = 16_384;

/** As many partitions as ten bits can number. */
export const PARTITIONS_MAX = 1_024;

/** The slot of a key's tag: what ioredis itself reckons with, so that both always mean the same shard. */
export const slotOf: (tag: string) => number = calculateSlot;

/**
 * The partition's number and the first letters behind it with which the first ten bits of the slot are the partition's
 * in reverse order. Counted so, partitions 0 to n-1 lie at equal distances over all slots if n is a power of two, and
 * nearly so if not; and shards hold contiguous ranges of slots. (With plain numbers as tags, the shards of a cluster of
 * six would hold 7 to 14 of 64 partitions; with these, 10 or 11.)
 * @param partition below PARTITIONS_MAX
 */
export function tagOf(partition: number): string {
  const known = tags.get(partition);
  if (known !== undefined) return known;
  const wanted = reversedBits(partition);
  for (const letters of suffixes()) {
    const tag = `${partition}${letters}`;
    if (Math.floor((slotOf(tag) * PARTITIONS_MAX) / SLOTS) === wanted) {
      tags.set(partition, tag);
      return tag;
    }
  }
  throw new RangeError(`there is no tag for partition ${partition}`);
}

const tags = new Map<number, string>();

function reversedBits(partition: number): number {
  let reversed = 0;
  for (let bit = 1; bit < PARTITIONS_MAX; bit *= 2) reversed = reversed * 2 + (partition & bit ? 1 : 0);
  return reversed;
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Every text of up to three letters, the shorter ones first: a tag is part of every person's key. */
function* suffixes(): Generator<string> {
  let texts = [''];
  for (let length = 0; length <= 3; length += 1) {
    yield* texts;
    texts = texts.flatMap((text) => LETTERS.map((letter) => text + letter));
  }
}
