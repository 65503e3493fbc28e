/**
 * The materialiser's side of the view: load a partition's position, read people's views, commit a step. It decides
 * nothing: what is written, and from which position, comes from the caller.
 */
import type { PersonKey } from '#core/identity.ts';
import { type Freshness, NO_FRESHNESS, type Position } from '#core/snapshot.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view.ts';
import { HutongError } from '#platform/errors.ts';
import { decodeView, encodeView } from './codec.ts';
import { COMMIT_SCRIPT } from './commit-script.ts';
import { freshnessKey, positionKey, viewKey } from './keys.ts';
import { type Redis, redisFailure } from './redis.ts';

/** A position as it is stored; compared byte by byte, so it is only ever made by `storedPosition`. */
export type StoredPosition = string;
export const NO_POSITION: StoredPosition = '';

export interface LoadedPartition {
  readonly stored: StoredPosition;
  readonly position: Position | null;
  readonly freshness: Freshness;
}

export interface Step {
  readonly partition: number;
  readonly expected: StoredPosition;
  readonly position: Position;
  readonly freshness: Freshness;
  readonly views: readonly (readonly [PersonKey, PersonView])[];
}

export interface ViewStore {
  loadPartition(partition: number): Promise<LoadedPartition>;
  /**
   * In the order of the keys; an empty view for whoever has none.
   * @param expected the position that the views must be of: views of a later one, written back after the store went back
   *   to this one, would hold what their position doesn't cover
   * @throws HutongError POSITION_REFUSED when another position is stored; REDIS_UNAVAILABLE
   */
  readViews(partition: number, expected: StoredPosition, keys: readonly PersonKey[]): Promise<PersonView[]>;
  /**
   * @returns the position as it now stands
   * @throws HutongError POSITION_REFUSED when another position is stored; REDIS_FULL when nothing was applied;
   *   REDIS_UNAVAILABLE when it isn't known whether the step was, and the position must be loaded again
   */
  commit(step: Step): Promise<StoredPosition>;
}

/** Keys in a fixed order, so that equal positions are equal text. */
export function storedPosition({ clusterId, topics }: Position): StoredPosition {
  const entries = Object.keys(topics).sort().map((topic) => [topic, { topicId: topics[topic]?.topicId, nextOffset: topics[topic]?.nextOffset }]);
  return JSON.stringify({ clusterId, topics: Object.fromEntries(entries) });
}

export class RedisViewStore implements ViewStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
    redis.defineCommand('hutongCommit', { lua: COMMIT_SCRIPT });
  }

  async loadPartition(partition: number): Promise<LoadedPartition> {
    const [stored, freshness] = await this.#ask(() => this.#redis.mget(positionKey(partition), freshnessKey(partition)));
    return {
      stored: stored ?? NO_POSITION,
      position: stored ? (JSON.parse(stored) as Position) : null,
      freshness: freshness ? (JSON.parse(freshness) as Freshness) : NO_FRESHNESS,
    };
  }

  async readViews(partition: number, expected: StoredPosition, keys: readonly PersonKey[]): Promise<PersonView[]> {
    if (keys.length === 0) return [];
    const [stored, ...values] = await this.#ask(() => this.#redis.mgetBuffer([positionKey(partition), ...keys.map((key) => viewKey(partition, key))]));
    if ((stored?.toString() ?? NO_POSITION) !== expected) throw refused(partition);
    return values.map((value) => (value === null ? EMPTY_VIEW : decodeView(value)));
  }

  async commit({ partition, expected, position, freshness, views }: Step): Promise<StoredPosition> {
    const keys: (string | Buffer)[] = [positionKey(partition), freshnessKey(partition)];
    const next = storedPosition(position);
    const values: (string | Buffer)[] = [expected, next, JSON.stringify(freshness)];
    for (const [key, view] of views) {
      keys.push(viewKey(partition, key));
      values.push(encodeView(view));
    }
    const applied = await this.#ask(() => (this.#redis as unknown as WithCommit).hutongCommit(keys.length, ...keys, ...values));
    if (applied !== 1) throw refused(partition);
    return next;
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (cause) {
      throw redisFailure(cause);
    }
  }
}

function refused(partition: number): HutongError {
  return new HutongError('POSITION_REFUSED', `partition ${partition} is stored at another position`, { retriable: true });
}

interface WithCommit {
  hutongCommit(keyCount: number, ...keysAndValues: (string | Buffer)[]): Promise<number>;
}
