/**
 * Walks over the keys in Redis, a bounded number at a time. Redis may name a key twice, and one that comes or goes
 * meanwhile or not at all: whoever walks must be right either way.
 */

import { mastersOf, type Redis, redisUnavailable } from '#platform/redis.ts';
import type { Generation, KeyParts, ViewKeys } from './keys.ts';

const KEYS_AT_ONCE = 1_000;

export interface ScannedKey extends KeyParts {
  readonly key: Buffer;
}

/** All keys of views, positions and freshness. @throws HutongError REDIS_UNAVAILABLE */
export async function* scanGenerations(
  redis: Redis,
  keys: ViewKeys,
  generation?: Generation,
): AsyncGenerator<readonly ScannedKey[]> {
  for await (const found of scanKeys(redis, keys.pattern(generation))) {
    yield found.flatMap((key) => {
      const parts = keys.parse(key);
      return parts === null ? [] : [{ key, ...parts }];
    });
  }
}

/** Of every server that holds keys. @throws HutongError REDIS_UNAVAILABLE */
export async function* scanKeys(redis: Redis, pattern: string): AsyncGenerator<readonly Buffer[]> {
  for (const master of mastersOf(redis)) {
    let cursor = '0';
    do {
      const [next, keys]: [Buffer, Buffer[]] = await master
        .scanBuffer(cursor, 'MATCH', pattern, 'COUNT', KEYS_AT_ONCE)
        .catch((cause: unknown) => {
          throw redisUnavailable(cause);
        });
      yield keys;
      cursor = next.toString();
    } while (cursor !== '0');
  }
}

/** How many keys all servers hold. @throws HutongError REDIS_UNAVAILABLE */
export async function countKeys(redis: Redis): Promise<number> {
  const sizes = await Promise.all(mastersOf(redis).map((master) => master.dbsize())).catch((cause: unknown) => {
    throw redisUnavailable(cause);
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
