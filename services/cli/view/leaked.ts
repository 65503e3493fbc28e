/**
 * Which generations were folded before a leak of a key was known, so that they may hold what is withdrawn with it. It
 * asks the topic `keys` anew each time, and changes nothing.
 */

import { leaksWithin, withLeaks } from '#core/view/leaks.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { readKeys } from '#exchange/topics/known-keys.ts';
import type { Generations } from '#exchange/view/generations.ts';
import type { Generation } from '#exchange/view/keys.ts';
import { readKeysDir } from '#platform/config.ts';
import type { Connected } from '#services/cli/shared/connected.ts';

/**
 * @param folded by partition
 * @returns the partitions; one of which nothing is stored yet isn't among them
 * @throws HutongError CONFIG_INVALID without the operator's public key; KAFKA_UNAVAILABLE; REDIS_UNAVAILABLE
 */
export async function partitionsWithLeaks(
  { kafka }: Pick<Connected, 'kafka'>,
  generations: Pick<Generations, 'leaksOf'>,
  folded: ReadonlyMap<number, Generation>,
): Promise<ReadonlySet<number>> {
  const known = (await readKeys(kafka, requireAnchors(readKeysDir()))).leaks;
  const found = await Promise.all(
    [...folded].map(async ([partition, generation]) => {
      const stored = await generations.leaksOf(partition, generation);
      return stored !== null && leaksWithin(withLeaks(stored, known, { isFirst: false })).length > 0 ? [partition] : [];
    }),
  );
  return new Set(found.flat());
}
