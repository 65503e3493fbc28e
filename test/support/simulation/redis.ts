/**
 * Redis in memory, and its client as a process sees it. It knows MGET and the commit script, runs each as a whole, can
 * be emptied, and can go back to what it held earlier, as a restart from an older snapshot or a late replica does.
 */

import type { Redis } from 'ioredis';
import type { Position } from '#core/view/snapshot.ts';
import type { SwitchOutcome } from '#exchange/view/generations.ts';
import type { SimProcess } from './process.ts';

/**
 * How the script is carried out: as it is, without one of its comparisons, or with the views apart from the position;
 * or that reading views doesn't compare.
 */
export type CommitMode =
  | 'whole'
  | 'without comparison'
  | 'without the pointer'
  | 'views first'
  | 'views of any position';

/** What a partition held before a commit, and at which position. */
interface Past {
  readonly position: string;
  readonly values: ReadonlyMap<string, Buffer>;
}
const PASTS_MAX = 6;

export class SimRedis {
  readonly #mode: CommitMode;
  readonly #onChanged: (partition: number) => void;
  readonly #count: (what: string) => void;
  /** By the key's bytes in latin1. */
  #values = new Map<string, Buffer>();
  #snapshots: ReadonlyMap<string, Buffer>[] = [];
  readonly #pasts = new Map<number, Past[]>();
  /** Somebody reads views of a position that is past for him: the moment at which going back would do most harm. */
  onStaleRead: (back: () => void) => void = () => undefined;
  /** Refuses writes, as at `maxmemory`. */
  isFull = false;

  constructor(mode: CommitMode, onChanged: (partition: number) => void, count: (what: string) => void) {
    this.#mode = mode;
    this.#onChanged = onChanged;
    this.#count = count;
  }

  get(key: string | Buffer): Buffer | null {
    return this.#values.get(nameOf(key)) ?? null;
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  /** The commit script in TypeScript: see view/commit-script.ts. @param second runs the second half of a torn commit */
  commit(keyCount: number, all: readonly (string | Buffer)[], second: (run: () => void) => void): number {
    if (this.isFull) throw new Error('OOM command not allowed when used memory > maxmemory');
    const [pointer = '', position = '', freshness = '', withdrawals = '', counts = '', sightings = '', ...views] = all
      .slice(0, keyCount)
      .map(nameOf);
    const [generation, expected, next, state, digest, withdrawn, seen, grow, reach, ...others] = all
      .slice(keyCount)
      .map((value) => (typeof value === 'string' ? Buffer.from(value) : value)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      ...Buffer[],
    ];
    const partition = partitionOfKey(position);
    const isNamed = (this.#values.get(pointer)?.toString() ?? '1') === generation.toString();
    const isThere = (this.#values.get(position)?.toString() ?? '') === expected.toString();
    if ((this.#mode !== 'without the pointer' && !isNamed) || (this.#mode !== 'without comparison' && !isThere)) {
      this.#count(isNamed ? 'commit refused' : 'commit to a former generation refused');
      return 0;
    }
    const isAnother = this.#values.get(withdrawals)?.subarray(0, digest.length).equals(digest) !== true;
    if (digest.length > 0 && isAnother && withdrawn.length === 0) return 2;
    this.#count('commit');
    this.#keepPast(partition, this.#values.get(position)?.toString() ?? '');
    if (digest.length > 0 && isAnother) this.#values.set(withdrawals, withdrawn);
    if (seen.length > 0) this.#values.set(sightings, seen);
    const [grown, reached] = [Number(grow), Number(grow) + Number(reach)];
    this.#addTo(counts, others.slice(0, 2 * reached), grown);
    const bytes = others.slice(2 * reached);
    for (const [index, view] of views.entries()) this.#values.set(view, bytes[index] as Buffer);
    const finish = (): void => {
      this.#values.set(freshness, state);
      this.#values.set(position, next);
      this.#onChanged(partition);
    };
    if (this.#mode === 'views first') {
      this.#onChanged(partition);
      second(finish);
    } else finish();
    return 1;
  }

  /** A hash as its fields in JSON: all that is in one is small. @param grown how many of the fields grow */
  #addTo(key: string, fieldsAndNumbers: readonly Buffer[], grown: number): void {
    if (fieldsAndNumbers.length === 0) return;
    const hash = this.hash(key);
    for (let index = 0; index < fieldsAndNumbers.length; index += 2) {
      const field = String(fieldsAndNumbers[index]);
      const by = Number(fieldsAndNumbers[index + 1]);
      const before = Number(hash[field] ?? 0);
      hash[field] = String(index / 2 < grown ? before + by : Math.max(before, by));
    }
    this.#values.set(key, Buffer.from(JSON.stringify(hash)));
  }

  hash(key: string): Record<string, string> {
    return JSON.parse(this.get(key)?.toString() ?? '{}') as Record<string, string>;
  }

  /** What a rebuild has filled a generation with. */
  set(key: string | Buffer, value: string | Buffer): void {
    this.#values.set(nameOf(key), Buffer.from(value));
  }

  /** The switch's script in TypeScript: see view/generations.ts. Positions are of one log. */
  #switch(keys: readonly string[], given: readonly string[]): SwitchOutcome {
    const [live, building, ofLive, ofBuilding, after, seenLive, seenBuilding, seenAfter] = given;
    const text = (key: string | undefined): string => this.get(key ?? '')?.toString() ?? '';
    const [pointer = '', pointerOfBuilt = '', position, positionOfBuilt, freshness, freshnessOfBuilt = ''] = keys;
    const [withdrawals = '', withdrawalsOfBuilt = '', sightings, sightingsOfBuilt = ''] = keys.slice(6);
    if ((text(pointer) || '1') !== live || text(pointerOfBuilt) !== building) return 'ended';
    const offsetsIn = (key: string | undefined): number[] =>
      Object.values((JSON.parse(text(key) || '{"topics":{}}') as Position).topics).map(({ nextOffset }) => nextOffset);
    const reached = offsetsIn(positionOfBuilt);
    if (reached.length === 0 || offsetsIn(position).some((offset, index) => (reached[index] ?? 0) < offset))
      return 'behind';
    if (text(freshness) !== ofLive || text(freshnessOfBuilt) !== ofBuilding) return 'behind';
    if (text(sightings) !== seenLive || text(sightingsOfBuilt) !== seenBuilding) return 'behind';
    if (seenAfter !== '') this.set(sightingsOfBuilt, seenAfter ?? '');
    if (text(withdrawals) !== '') this.set(withdrawalsOfBuilt, text(withdrawals));
    this.set(freshnessOfBuilt, after ?? '');
    this.set(pointer, building ?? '');
    this.#values.delete(pointerOfBuilt);
    this.#onChanged(partitionOfKey(pointer));
    return 'switched';
  }

  takeSnapshot(): void {
    this.#snapshots.push(new Map(this.#values));
  }

  /** Goes back to one of its snapshots: wholly, or in a single partition, as when one shard fails over. */
  goBack(choose: (count: number) => number, partition: number | null, partitions: number): void {
    const snapshot = this.#snapshots[choose(this.#snapshots.length)] ?? new Map<string, Buffer>();
    const isOther = (key: string): boolean => partition !== null && partitionOfKey(key) !== partition;
    this.#replace(snapshot, isOther);
    for (let changed = 0; changed < partitions; changed += 1) this.#onChanged(changed);
  }

  #keepPast(partition: number, position: string): void {
    const pasts = this.#pasts.get(partition) ?? [];
    this.#pasts.set(partition, pasts);
    pasts.push({ position, values: new Map([...this.#values].filter(([key]) => partitionOfKey(key) === partition)) });
    if (pasts.length > PASTS_MAX) pasts.shift();
  }

  /** As a replica does that lacks the newest commits. */
  #goBackTo(partition: number, { values }: Past): void {
    this.#replace(values, (key) => partitionOfKey(key) !== partition);
    this.#onChanged(partition);
  }

  #replace(past: ReadonlyMap<string, Buffer>, isOther: (key: string) => boolean): void {
    this.#values = new Map([
      ...[...this.#values].filter(([key]) => isOther(key)),
      ...[...past].filter(([key]) => !isOther(key)),
    ]);
  }

  /** Views with the position that they are of. @param known as the reader thinks that it is */
  #readViews(keys: readonly (string | Buffer)[], known: string): (Buffer | null)[] {
    const [position, ...views] = keys.map((key) => this.get(key));
    const partition = partitionOfKey(nameOf(keys[0] as string));
    const past = this.#pasts.get(partition)?.findLast((each) => each.position === known);
    const isStale = (position?.toString() ?? '') !== known;
    if (isStale && past !== undefined) this.onStaleRead(() => this.#goBackTo(partition, past));
    return [this.#mode === 'views of any position' && isStale ? Buffer.from(known) : (position ?? null), ...views];
  }

  empty(): void {
    this.#values = new Map();
    this.#snapshots = [];
  }

  /** The client of a process: each command takes its time, and may fail or be carried out late. */
  clientOf(process: SimProcess): Redis {
    const mget = (keys: readonly (string | Buffer)[]) => process.call('redis', () => keys.map((key) => this.get(key)));
    /** By the position's key, as this process last loaded or wrote it. */
    const known = new Map<string, string>();
    const load = async (keys: readonly string[]): Promise<(string | null)[]> => {
      const loaded = (await mget(keys)).map((value) => value?.toString() ?? null);
      known.set(keys[0] as string, loaded[0] ?? '');
      return loaded;
    };
    const commit = (keyCount: number, all: readonly (string | Buffer)[]): number => {
      const applied = this.commit(keyCount, all, (run) => process.elsewhere(run));
      if (applied === 1) known.set(nameOf(all[1] as string), String(all[keyCount + 2]));
      return applied;
    };
    const client = {
      defineCommand: () => undefined,
      get: async (key: string) => (await mget([key]))[0]?.toString() ?? null,
      mget: (...keys: string[]) => load(keys),
      mgetBuffer: (keys: readonly (string | Buffer)[]) =>
        process.call('redis', () => this.#readViews(keys, known.get(nameOf(keys[0] as string)) ?? '')),
      hutongCommit: (keyCount: number, ...all: (string | Buffer)[]) =>
        process.call('redis', () => commit(keyCount, all)),
    };
    return client as unknown as Redis;
  }

  /** A client of somebody else, who is answered at once. */
  atOnce(): Redis {
    const client = {
      defineCommand: () => undefined,
      mget: async (...keys: string[]) => keys.map((key) => this.get(key)?.toString() ?? null),
      mgetBuffer: async (...keys: (string | Buffer)[]) => keys.map((key) => this.get(key)),
      set: async (key: string, value: string) => this.set(key, value),
      hutongSwitch: async (...given: string[]) => this.#switch(given.slice(0, 10), given.slice(10)),
    };
    return client as unknown as Redis;
  }
}

function nameOf(key: string | Buffer): string {
  return typeof key === 'string' ? key : key.toString('latin1');
}

/** The hash tag begins with it. */
function partitionOfKey(key: string): number {
  return Number.parseInt(key.slice(key.indexOf('{') + 1), 10);
}
