/**
 * A walk over all generations in Redis with a bar and the time left, by the number of keys that there are at its start.
 */

import type { ViewKeys } from '#exchange/view/keys.ts';
import { countKeys, scanGenerations, type ScannedKey } from '#exchange/view/scan.ts';
import type { Redis } from '#platform/redis.ts';
import { startBar } from '#services/cli/shared/bar.ts';

/** @throws HutongError REDIS_UNAVAILABLE */
export async function* walk(redis: Redis, viewKeys: ViewKeys, label: string): AsyncGenerator<readonly ScannedKey[]> {
  const bar = startBar(label, '{value} of {total} keys', await countKeys(redis));
  try {
    for await (const keys of scanGenerations(redis, viewKeys)) {
      yield keys;
      bar.increment(keys.length);
    }
  } finally {
    bar.stop();
  }
}
