/**
 * A walk over all generations in Redis with a bar and the time left, by the number of keys that there are at its start.
 */

import { type Options, Presets, SingleBar } from 'cli-progress';
import type { ViewKeys } from '#exchange/view/keys.ts';
import { countKeys, scanGenerations, type ScannedKey } from '#exchange/view/scan.ts';
import type { Redis } from '#platform/redis.ts';

/** @throws HutongError REDIS_UNAVAILABLE */
export async function* walk(redis: Redis, viewKeys: ViewKeys, label: string): AsyncGenerator<readonly ScannedKey[]> {
  const bar = new SingleBar(
    { ...BAR, format: `${label} {bar} {percentage} % | {value} of {total} keys | {eta_formatted} left` },
    Presets.shades_classic,
  );
  bar.start(await countKeys(redis), 0);
  try {
    for await (const keys of scanGenerations(redis, viewKeys)) {
      yield keys;
      bar.increment(keys.length);
    }
  } finally {
    bar.stop();
  }
}

const BAR: Options = { stream: process.stderr, clearOnComplete: true, noTTYOutput: false, etaBuffer: 100 };
