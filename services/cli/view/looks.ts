/** Two states of the same people, read so that each state's views and position belong together. */

import type { PersonKey } from '#core/field/identity.ts';
import type { Position } from '#core/view/snapshot.ts';
import { type Generation, parseGeneration, type ViewKeys } from '#exchange/view/keys.ts';
import { parsePosition } from '#exchange/view/store.ts';
import { parseFreshness } from '#exchange/view/stored-freshness.ts';
import { HutongError } from '#platform/errors.ts';
import { type Redis, redisUnavailable } from '#platform/redis.ts';

export interface State {
  /** Null: nothing was ever materialised. */
  readonly position: Position | null;
  /** What is too old by then counts no more. */
  readonly acceptedUpToMs: number;
  /** In the order of the keys; null for whoever has none. */
  readonly views: readonly (Buffer | null)[];
}

export interface Look {
  readonly live: State;
  readonly other: State;
}

/** @throws HutongError REDIS_UNAVAILABLE; REBUILD_ENDED when another generation is live by now */
export async function lookAtGenerations(
  redis: Redis,
  viewKeys: ViewKeys,
  partition: number,
  live: Generation,
  other: Generation,
  keys: readonly PersonKey[],
): Promise<Look> {
  const [pointer, livePosition, liveFreshness, otherPosition, otherFreshness, ...views] = await ask(redis, [
    viewKeys.live(partition),
    viewKeys.position(live, partition),
    viewKeys.freshness(live, partition),
    viewKeys.position(other, partition),
    viewKeys.freshness(other, partition),
    ...keys.map((key) => viewKeys.view(live, partition, key)),
    ...keys.map((key) => viewKeys.view(other, partition, key)),
  ]);
  if (parseGeneration(pointer) !== live)
    throw new HutongError('REBUILD_ENDED', `generation ${live} of partition ${partition} is no longer live`, {
      retriable: false,
      hint: 'someone else has switched it: start the rebuild again',
    });
  return {
    live: {
      position: parse(livePosition),
      acceptedUpToMs: acceptedUpTo(liveFreshness),
      views: views.slice(0, keys.length),
    },
    other: {
      position: parse(otherPosition),
      acceptedUpToMs: acceptedUpTo(otherFreshness),
      views: views.slice(keys.length),
    },
  };
}

/** Of whichever generation is live. @throws HutongError REDIS_UNAVAILABLE */
export async function lookAtLive(
  redis: Redis,
  viewKeys: ViewKeys,
  partition: number,
  keys: readonly PersonKey[],
): Promise<State> {
  for (let generation: Generation | null = null; ;) {
    const asked: Generation = generation ?? parseGeneration((await ask(redis, [viewKeys.live(partition)]))[0]);
    const [pointer, position, freshness, ...views] = await ask(redis, [
      viewKeys.live(partition),
      viewKeys.position(asked, partition),
      viewKeys.freshness(asked, partition),
      ...keys.map((key) => viewKeys.view(asked, partition, key)),
    ]);
    generation = parseGeneration(pointer);
    if (generation === asked) return { position: parse(position), acceptedUpToMs: acceptedUpTo(freshness), views };
  }
}

async function ask(redis: Redis, keys: readonly (string | Buffer)[]): Promise<(Buffer | null)[]> {
  try {
    return await redis.mgetBuffer([...keys]);
  } catch (cause) {
    throw redisUnavailable(cause);
  }
}

function acceptedUpTo(stored: Buffer | null | undefined): number {
  return parseFreshness(stored?.toString('utf8')).acceptedUpToMs;
}

function parse(stored: Buffer | null | undefined): Position | null {
  return stored === null || stored === undefined ? null : parsePosition(stored.toString('utf8'));
}
