/**
 * The materialiser's side of the view: load a partition's position, read people's views, commit a step. It decides
 * nothing: what is written, and from which position, comes from the caller.
 */

import type { PersonKey } from '#core/field/identity.ts';
import type { Freshness, Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import type { StoredSightings } from '#core/vouch/sightings.ts';
import type { Log } from '#exchange/topics/log.ts';
import { HutongError } from '#platform/errors.ts';
import { type Redis, redisFailure } from '#platform/redis.ts';
import { decodeView, encodeView } from './codec.ts';
import { COMMIT_SCRIPT } from './commit-script.ts';
import { NOTHING_COUNTED, type StepCounts } from './counts.ts';
import { type Generation, parseBuilding, parseGeneration, ViewKeys } from './keys.ts';
import { digestOf, freshnessText, parseFreshness, withdrawalsText } from './stored-freshness.ts';
import { parseSightings, sightingsText } from './stored-sightings.ts';

/** A position as it is stored; compared byte by byte, so it is only ever made by `storedPosition`. */
export type StoredPosition = string;
export const NO_POSITION: StoredPosition = '';

export interface LoadedPartition {
  readonly generation: Generation;
  readonly stored: StoredPosition;
  readonly position: Position | null;
  /** What is withdrawn is not a partition's: whoever writes knows it from its topic. */
  readonly freshness: Omit<Freshness, 'withdrawals'>;
  /** Undefined: none are stored. */
  readonly sightings?: StoredSightings | undefined;
}

export interface Step {
  readonly partition: number;
  readonly generation: Generation;
  readonly expected: StoredPosition;
  readonly position: Position;
  /**
   * Who writes, for as long as it has the partition: by it every step of another is found out, even one without
   * records.
   */
  readonly writer?: string;
  readonly freshness: Freshness;
  /** What its records add to what the log has said. */
  readonly counts?: StepCounts;
  /** For whoever has the partition next; no look-up asks for them. */
  readonly sightings?: StoredSightings;
  readonly views: readonly (readonly [PersonKey, PersonView])[];
}

export interface ViewStore {
  loadPartition(partition: number): Promise<LoadedPartition>;
  /**
   * In the order of the keys; an empty view for whoever has none.
   * @param from the position that the views must be of: views of a later one, written back after the store went back
   *   to this one, would hold what their position doesn't cover
   * @throws HutongError POSITION_REFUSED when another position is stored; REDIS_UNAVAILABLE
   */
  readViews(
    from: Pick<Step, 'partition' | 'generation' | 'expected'>,
    keys: readonly PersonKey[],
  ): Promise<PersonView[]>;
  /**
   * @returns the position as it now stands
   * @throws HutongError POSITION_REFUSED when another position is stored, or the generation isn't the one to write any
   *   more; REDIS_FULL when nothing was applied; REDIS_UNAVAILABLE when it isn't known whether the step was, and the
   *   position must be loaded again
   */
  commit(step: Step): Promise<StoredPosition>;
}

/** Keys in a fixed order, so that equal positions of one writer are equal text. */
export function storedPosition({ clusterId, topics }: Position, writer?: string): StoredPosition {
  const entries = Object.keys(topics)
    .sort()
    .map((topic) => [topic, { topicId: topics[topic]?.topicId, nextOffset: topics[topic]?.nextOffset }]);
  return JSON.stringify({ clusterId, topics: Object.fromEntries(entries), writer });
}

/** Of what whoever wrote it stored. */
export function parsePosition(stored: StoredPosition): Position {
  const { clusterId, topics } = JSON.parse(stored) as Position;
  return { clusterId, topics };
}

/** Which generation a store writes: the one that look-ups read, or the one that a rebuild fills. */
export type Writes = 'live' | 'building';

export class RedisViewStore implements ViewStore {
  readonly #redis: Redis;
  readonly #keys: ViewKeys;
  readonly #writes: Writes;

  constructor(redis: Redis, log: Log, writes: Writes = 'live') {
    this.#redis = redis;
    this.#keys = new ViewKeys(log);
    this.#writes = writes;
    redis.defineCommand('hutongCommit', { lua: COMMIT_SCRIPT });
  }

  /** @throws HutongError REBUILD_ENDED when nothing is being built there any more */
  async loadPartition(partition: number): Promise<LoadedPartition> {
    const generation = await this.#generationOf(partition);
    const [stored, freshness, sightings] = await this.#ask(() =>
      this.#redis.mget(
        this.#keys.position(generation, partition),
        this.#keys.freshness(generation, partition),
        this.#keys.sightings(generation, partition),
      ),
    );
    const { withdrawals: _digest, ...known } = parseFreshness(freshness);
    return {
      generation,
      stored: stored ?? NO_POSITION,
      position: stored ? parsePosition(stored) : null,
      freshness: known,
      sightings: parseSightings(sightings),
    };
  }

  async readViews(
    { partition, generation, expected }: Parameters<ViewStore['readViews']>[0],
    keys: readonly PersonKey[],
  ): Promise<PersonView[]> {
    if (keys.length === 0) return [];
    const [stored, ...values] = await this.#ask(() =>
      this.#redis.mgetBuffer([
        this.#keys.position(generation, partition),
        ...keys.map((key) => this.#keys.view(generation, partition, key)),
      ]),
    );
    if ((stored?.toString() ?? NO_POSITION) !== expected) throw refused(partition);
    return values.map((value) => (value === null ? EMPTY_VIEW : decodeView(value)));
  }

  async commit(step: Step): Promise<StoredPosition> {
    const { partition, generation, expected, position, writer, freshness, sightings, views } = step;
    const { added, reached } = step.counts ?? NOTHING_COUNTED;
    const keys: (string | Buffer)[] = [
      this.#pointerOf(partition),
      this.#keys.position(generation, partition),
      this.#keys.freshness(generation, partition),
      this.#keys.withdrawals(generation, partition),
      this.#keys.counts(generation, partition),
      this.#keys.sightings(generation, partition),
    ];
    const next = storedPosition(position, writer);
    const fresh = freshnessText(freshness);
    const values = [String(generation), expected, next, fresh, digestOf(freshness.withdrawals)];
    const seen = sightingsText(sightings);
    const counts = [added.length, reached.length, ...[...added, ...reached].flat()].map(String);
    const encoded = views.map(([key, view]) => {
      keys.push(this.#keys.view(generation, partition, key));
      return encodeView(view);
    });
    const commit = (withdrawals: string): Promise<number> =>
      this.#ask(() =>
        this.#withCommit.hutongCommit(keys.length, ...keys, ...values, withdrawals, seen, ...counts, ...encoded),
      );
    // They change seldom: mostly the digest says that they are there.
    const applied = await commit('');
    if ((applied === 2 ? await commit(withdrawalsText(freshness.withdrawals)) : applied) !== 1)
      throw refused(partition);
    return next;
  }

  get #withCommit(): WithCommit {
    return this.#redis as unknown as WithCommit;
  }

  #pointerOf(partition: number): string {
    return this.#writes === 'live' ? this.#keys.live(partition) : this.#keys.building(partition);
  }

  async #generationOf(partition: number): Promise<Generation> {
    const pointer = await this.#ask(() => this.#redis.get(this.#pointerOf(partition)));
    if (this.#writes === 'live') return parseGeneration(pointer);
    const building = parseBuilding(pointer);
    if (building !== null) return building;
    throw new HutongError('REBUILD_ENDED', `nothing is being built in partition ${partition} any more`, {
      retriable: false,
      hint: 'it was switched to or given up elsewhere, or Redis has lost it: start the rebuild again',
    });
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
  return new HutongError(
    'POSITION_REFUSED',
    `partition ${partition} is stored at another position or in another generation`,
    { retriable: true },
  );
}

interface WithCommit {
  hutongCommit(keyCount: number, ...keysAndValues: (string | Buffer)[]): Promise<number>;
}
