/** Walks over the live views of all people, as they are stored: with what is withdrawn. It writes nothing. */

import type { PersonView } from '#core/view/view.ts';
import { decodeView } from '#exchange/view/codec.ts';
import { type Generation, parseGeneration, type ViewKeys } from '#exchange/view/keys.ts';
import { countKeys, scanGenerations } from '#exchange/view/scan.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, type Redis, type RedisAccess, redisUnavailable } from '#platform/redis.ts';
import { startBar } from './bar.ts';

export interface LiveViews {
  readonly redis: RedisAccess;
  readonly viewKeys: ViewKeys;
  /** All by default. */
  readonly peopleMax?: number;
  /** For the bar. */
  readonly doing: string;
}

/** In Redis' own order, which is as good as drawn by lot. @returns how many there were */
export async function eachLiveView(
  { redis: access, viewKeys, peopleMax = Number.POSITIVE_INFINITY, doing }: LiveViews,
  use: (view: PersonView) => void,
): Promise<number> {
  const redis = await connectRedis(access, createLogger('cli', 'error'));
  let bar: ReturnType<typeof startBar> | undefined;
  try {
    bar = startBar(doing, '{value} people', Math.min(peopleMax, await countKeys(redis)));
    let people = 0;
    const live = new Map<number, Generation>();
    for await (const keys of scanGenerations(redis, viewKeys)) {
      await noteLive(redis, viewKeys, live, keys);
      const views = keys
        .filter(({ personKey, partition, generation }) => personKey !== null && live.get(partition) === generation)
        .slice(0, peopleMax - people);
      // One by one: in a cluster they lie in different places. Pipelined by the client all the same.
      for (const bytes of await Promise.all(views.map(({ key }) => redis.getBuffer(key))).catch(away))
        if (bytes !== null) use(decodeView(bytes));
      people += views.length;
      bar.update(people);
      if (people >= peopleMax) break;
    }
    return people;
  } finally {
    bar?.stop();
    redis.disconnect();
  }
}

/** A rebuild's second generation holds the same people once more: only the live one counts. */
async function noteLive(
  redis: Redis,
  viewKeys: ViewKeys,
  live: Map<number, Generation>,
  keys: readonly { readonly partition: number }[],
): Promise<void> {
  const unknown = [...new Set(keys.map(({ partition }) => partition))].filter((partition) => !live.has(partition));
  await Promise.all(
    unknown.map(async (partition) => live.set(partition, parseGeneration(await redis.get(viewKeys.live(partition))))),
  ).catch(away);
}

function away(cause: unknown): never {
  throw redisUnavailable(cause);
}
