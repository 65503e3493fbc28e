/** Which withdrawals are in force in each partition's live view, as a look-up would read it. It changes nothing. */

import type { InForce } from '#core/withdrawals/in-force.ts';
import type { Log } from '#exchange/topics/log.ts';
import { parseGeneration, ViewKeys } from '#exchange/view/keys.ts';
import { parseFreshness, parseWithdrawals } from '#exchange/view/stored-freshness.ts';
import { until } from '#platform/limits/until.ts';
import { type Redis, redisUnavailable } from '#platform/redis.ts';

const LOOK_EVERY_MS = 50;
/** A partition that isn't materialised for so long isn't at work. */
const IN_FORCE_MS_MAX = 15_000;

/** @returns the partitions in which it doesn't hold in time. @throws HutongError REDIS_UNAVAILABLE */
export async function partitionsWithout(
  { redis, log, partitions }: { readonly redis: Redis; readonly log: Log; readonly partitions: number },
  holds: (inForce: InForce) => boolean,
): Promise<readonly number[]> {
  const keys = new ViewKeys(log);
  let without: readonly number[] = Array.from({ length: partitions }, (_, partition) => partition);
  const look = async (): Promise<boolean> => {
    const read = await Promise.all(
      without.map(async (partition) => ({ partition, inForce: await inForceIn(redis, keys, partition) })),
    );
    without = read.filter(({ inForce }) => inForce === null || !holds(inForce)).map(({ partition }) => partition);
    return without.length === 0;
  };
  await until(look, { everyMs: LOOK_EVERY_MS, waitMsMax: IN_FORCE_MS_MAX });
  return without;
}

/** Null: the partition has just moved on. */
async function inForceIn(redis: Redis, keys: ViewKeys, partition: number): Promise<InForce | null> {
  try {
    const generation = parseGeneration(await redis.get(keys.live(partition)));
    const [freshness, withdrawals] = await redis.mget(
      keys.freshness(generation, partition),
      keys.withdrawals(generation, partition),
    );
    return parseWithdrawals(parseFreshness(freshness).withdrawals, withdrawals ?? null);
  } catch (cause) {
    throw redisUnavailable(cause);
  }
}
