/**
 * Redis in memory, and its client as a process sees it. It knows MGET and the commit script, runs each as a whole, can
 * be emptied, and can go back to what it held earlier, as a restart from an older snapshot or a late replica does.
 */
import type { Redis } from 'ioredis';
import type { SimProcess } from './process.ts';

/** How the script is carried out: as it is, without one of its comparisons, or with the views apart from the position. */
export type CommitMode = 'whole' | 'without comparison' | 'without the pointer' | 'views first';

export class SimRedis {
  readonly #mode: CommitMode;
  readonly #onChanged: (partition: number) => void;
  readonly #count: (what: string) => void;
  /** By the key's bytes in latin1. */
  #values = new Map<string, Buffer>();
  #snapshots: ReadonlyMap<string, Buffer>[] = [];
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
    const [pointer = '', position = '', freshness = '', ...views] = all.slice(0, keyCount).map(nameOf);
    const [generation, expected, next, state, ...bytes] = all.slice(keyCount).map((value) => (typeof value === 'string' ? Buffer.from(value) : value)) as [Buffer, Buffer, Buffer, Buffer, ...Buffer[]];
    const partition = partitionOfKey(position);
    const isNamed = (this.#values.get(pointer)?.toString() ?? '1') === generation.toString();
    const isThere = (this.#values.get(position)?.toString() ?? '') === expected.toString();
    if ((this.#mode !== 'without the pointer' && !isNamed) || (this.#mode !== 'without comparison' && !isThere)) {
      this.#count(isNamed ? 'commit refused' : 'commit to a former generation refused');
      return 0;
    }
    this.#count('commit');
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

  takeSnapshot(): void {
    this.#snapshots.push(new Map(this.#values));
  }

  /** Goes back to one of its snapshots: wholly, or in a single partition, as when one shard fails over. */
  goBack(choose: (count: number) => number, partition: number | null, partitions: number): void {
    const snapshot = this.#snapshots[choose(this.#snapshots.length)] ?? new Map<string, Buffer>();
    const isOther = (key: string): boolean => partition !== null && partitionOfKey(key) !== partition;
    this.#values = new Map([...[...this.#values].filter(([key]) => isOther(key)), ...[...snapshot].filter(([key]) => !isOther(key))]);
    for (let changed = 0; changed < partitions; changed += 1) this.#onChanged(changed);
  }

  empty(): void {
    this.#values = new Map();
    this.#snapshots = [];
  }

  /** The client of a process: each command takes its time, and may fail or be carried out late. */
  clientOf(process: SimProcess): Redis {
    const mget = (keys: readonly (string | Buffer)[]) => process.call('redis', () => keys.map((key) => this.get(key)));
    const client = {
      defineCommand: () => undefined,
      get: async (key: string) => (await mget([key]))[0]?.toString() ?? null,
      mget: async (...keys: string[]) => (await mget(keys)).map((value) => value?.toString() ?? null),
      mgetBuffer: (...keys: (string | Buffer | Buffer[])[]) => mget(keys.flat()),
      hutongCommit: (keyCount: number, ...all: (string | Buffer)[]) => process.call('redis', () => this.commit(keyCount, all, (run) => process.elsewhere(run))),
    };
    return client as unknown as Redis;
  }

  /** A look-up's client, which is answered at once. */
  reader(): Redis {
    return { mgetBuffer: async (...keys: (string | Buffer)[]) => keys.map((key) => this.get(key)) } as unknown as Redis;
  }
}

function nameOf(key: string | Buffer): string {
  return typeof key === 'string' ? key : key.toString('latin1');
}

/** The hash tag begins with it. */
function partitionOfKey(key: string): number {
  return Number.parseInt(key.slice(key.indexOf('{') + 1), 10);
}
