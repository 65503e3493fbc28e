/**
 * Removes generations that are neither live nor being built, a few keys at a time. It may be broken off and begun
 * again; whether a generation may go is asked in the very step that removes.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#exchange/topics/log.ts';
import { Generations } from '#exchange/view/generations.ts';
import { type Generation, ViewKeys } from '#exchange/view/keys.ts';
import { scanKeys } from '#exchange/view/scan.ts';
import { type Redis, redisUnavailable } from '#platform/redis.ts';
import { walk } from './walk.ts';

const KEYS_AT_ONCE = 500;
/** After each removal: look-ups come first. */
const PAUSE_MS = 2;

/** @returns how many keys were removed. @throws HutongError REDIS_UNAVAILABLE */
export async function sweep(redis: Redis, log: Log): Promise<number> {
  const generations = new Generations(redis, log);
  const kept = new Map<number, ReadonlySet<Generation | null>>();
  let removed = 0;
  for await (const keys of walk(redis, new ViewKeys(log), 'removing what is no longer live')) {
    for (const partition of new Set(keys.map((key) => key.partition))) {
      if (kept.has(partition)) continue;
      const { live, building } = await generations.pointers(partition);
      kept.set(partition, new Set([live, building]));
    }
    const stale = keys.filter(({ partition, generation }) => kept.get(partition)?.has(generation) === false);
    for (const some of Map.groupBy(stale, ({ partition, generation }) => `${generation} ${partition}`).values()) {
      removed += await removeSome(generations, some);
    }
  }
  return removed;
}

/** Views of earlier editions of the log. @returns how many keys were removed. @throws HutongError REDIS_UNAVAILABLE */
export async function sweepFormerEditions(redis: Redis, log: Log): Promise<number> {
  const viewKeys = new ViewKeys(log);
  let removed = 0;
  for await (const keys of scanKeys(redis, '*{*')) {
    const former = keys.filter((key) => viewKeys.isOfFormerEdition(key));
    // One by one: in a cluster they lie in different places. Pipelined by the client all the same.
    const counts = await Promise.all(former.map((key) => redis.unlink(key))).catch((cause: unknown) => {
      throw redisUnavailable(cause);
    });
    removed += counts.reduce((sum, count) => sum + count, 0);
    await delay(PAUSE_MS);
  }
  return removed;
}

async function removeSome(
  generations: Generations,
  keys: readonly { readonly partition: number; readonly generation: Generation; readonly key: Buffer }[],
): Promise<number> {
  let removed = 0;
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    const [first, ...others] = keys.slice(at, at + KEYS_AT_ONCE);
    if (first === undefined) break;
    removed += await generations.remove(
      first.partition,
      first.generation,
      [first, ...others].map(({ key }) => key),
    );
    await delay(PAUSE_MS);
  }
  return removed;
}
