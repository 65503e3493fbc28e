/**
 * Instances of the materialiser with one plausible mistake each, composed of the service's own parts: what the
 * simulation must find. Never used by a service.
 */

import type { Position } from '#core/view/snapshot.ts';
import type { PersonView } from '#core/view/view.ts';
import type { ExchangeState } from '#exchange/fold/exchange-tail.ts';
import { type Chunk, PartitionWorker, type WorkerOptions } from '#exchange/fold/partition-worker.ts';
import { type LoadedPartition, NO_POSITION, type StoredPosition, type ViewStore } from '#exchange/view/store.ts';
import { HutongError } from '#platform/errors.ts';
import { LOG } from '#test/support/first-edition.ts';
import { UNCHECKED, UNSIGNED } from '#test/support/keys.ts';
import { PLANTED_CLAIMS } from './planted-claims.ts';
import { BeginsWithAnything, TakesErasuresLast } from './planted-erasures.ts';
import { PLANTED_LEAKS } from './planted-leaks.ts';
import { PLANTED_WITHDRAWALS } from './planted-withdrawals.ts';
import {
  BEGINNINGS_AFTER_ERASURES,
  ERASURES_AMONG_MUCH_ELSE,
  MARKS_WHILE_PARTITIONS_CHANGE_HANDS,
  PARTITIONS_THAT_CHANGE_HANDS,
  type Storm,
} from './storm.ts';
import { AS_IT_IS, exchangeOtherwise, lettersOtherwise, storeOtherwise, type Variant } from './variant.ts';

const isRefused = (error: unknown): boolean => error instanceof HutongError && error.code === 'POSITION_REFUSED';

/** A refused step is written nevertheless, from whatever is stored now. */
function retriesFromMemory(store: ViewStore): ViewStore {
  return storeOtherwise(store, {
    commit: async (step) => {
      for (let expected = step.expected; ; expected = (await store.loadPartition(step.partition)).stored) {
        try {
          return await store.commit({ ...step, expected });
        } catch (error) {
          if (!isRefused(error)) throw error;
        }
      }
    },
  });
}

/** Loads what is stored, and goes on from where it was. */
function keepsItsPlace(store: ViewStore): ViewStore {
  const places = new Map<number, Position>();
  return storeOtherwise(store, {
    loadPartition: async (partition): Promise<LoadedPartition> => {
      const loaded = await store.loadPartition(partition);
      return { ...loaded, position: places.get(partition) ?? loaded.position };
    },
    commit: async (step): Promise<StoredPosition> => {
      const stored = await store.commit(step);
      places.set(step.partition, step.position);
      return stored;
    },
  });
}

/** Keeps the views that it wrote in memory, and doesn't read them again. */
function keepsViews(store: ViewStore): ViewStore {
  const views = new Map<string, PersonView>();
  const nameOf = (partition: number, key: Buffer): string => `${partition} ${key.toString('latin1')}`;
  return storeOtherwise(store, {
    readViews: async (from, keys) => {
      const read = await store.readViews(from, keys);
      return read.map((view, index) => views.get(nameOf(from.partition, keys[index] as Buffer)) ?? view);
    },
    commit: async (step) => {
      const stored = await store.commit(step);
      for (const [key, view] of step.views) views.set(nameOf(step.partition, key), view);
      return stored;
    },
  });
}

/**
 * Each topic has steps of its own, from where the partition stands now: two of them may be under way at once. What the
 * real worker keeps for the whole partition, its position and what it compares with, they share.
 */
class WorkerOfEachTopic extends PartitionWorker {
  readonly #workers: ReadonlyMap<string, PartitionWorker>;
  #stored: StoredPosition = NO_POSITION;
  #shared: Position | null = null;
  #erasuresEnd = 0;
  /** What comes after the erasures, as it should. */
  #waiting: Chunk[] = [];

  constructor(options: WorkerOptions) {
    super(options);
    const { store } = options;
    const sharing = (topic: string): ViewStore =>
      storeOtherwise(store, {
        readViews: (from, keys) => store.readViews({ ...from, expected: this.#stored }, keys),
        commit: async (step) => {
          const position = this.#advanced(topic, step.position);
          this.#stored = await store.commit({ ...step, expected: this.#stored, position });
          this.#shared = position;
          if (this.#isOpen) for (const chunk of this.#waiting.splice(0)) this.offer(chunk);
          return this.#stored;
        },
      });
    this.#workers = new Map(
      LOG.topics.map((topic) => [
        topic,
        new PartitionWorker({
          ...options,
          store: sharing(topic),
          exchange: this.#exchangeFor(topic, options.exchange),
        }),
      ]),
    );
  }

  override get queued(): number {
    return this.#all.reduce((sum, { queued }) => sum + queued, 0);
  }
  override get position(): Position | null {
    return this.#shared;
  }
  override get isRunning(): boolean {
    return this.#all.every(({ isRunning }) => isRunning);
  }
  override expectedOffset(topic: string): number {
    return (
      this.#waiting.findLast((chunk) => chunk.topic === topic)?.nextOffset ??
      this.#workers.get(topic)?.expectedOffset(topic) ??
      0
    );
  }
  override begin(loaded: LoadedPartition, start: Position, erasuresEnd: number): void {
    [this.#stored, this.#shared, this.#erasuresEnd, this.#waiting] = [loaded.stored, start, erasuresEnd, []];
    for (const worker of this.#all) worker.begin(loaded, start, 0);
  }
  override offer(chunk: Chunk): void {
    if (chunk.topic === LOG.topicOf.erasures || this.#isOpen) this.#workers.get(chunk.topic)?.offer(chunk);
    else this.#waiting.push(chunk);
  }
  override tick(): void {
    this.#workers.get('tests')?.tick();
  }
  override async halt(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.halt()));
  }

  get #isOpen(): boolean {
    return (this.#shared?.topics[LOG.topicOf.erasures]?.nextOffset ?? 0) >= this.#erasuresEnd;
  }
  get #all(): readonly PartitionWorker[] {
    return [...this.#workers.values()];
  }
  /** The shared position, with this topic's own offset. */
  #advanced(topic: string, own: Position): Position {
    const shared = this.#shared ?? own;
    return { ...shared, topics: { ...shared.topics, [topic]: own.topics[topic] as Position['topics'][string] } };
  }
  #exchangeFor(topic: string, state: ExchangeState): ExchangeState {
    return exchangeOtherwise(state, {
      freshnessAt: (partition, position, before) =>
        state.freshnessAt(partition, this.#advanced(topic, position), before),
    });
  }
}

/** After a reload it still expects what comes after the chunks that it dropped. */
class ForgetfulOfDrops extends PartitionWorker {
  readonly #ends = new Map<string, number>();
  override offer(chunk: Chunk): void {
    this.#ends.set(chunk.topic, chunk.nextOffset);
    super.offer(chunk);
  }
  override expectedOffset(topic: string): number {
    return this.#ends.get(topic) ?? super.expectedOffset(topic);
  }
}

const EVERYTHING: Position['topics'] = Object.fromEntries(
  LOG.topics.map((topic) => [topic, { topicId: '', nextOffset: Number.MAX_SAFE_INTEGER }]),
);

const claimsEarly = (state: ExchangeState): ExchangeState =>
  exchangeOtherwise(state, {
    freshnessAt: (partition, position, before) =>
      state.freshnessAt(partition, { ...position, topics: EVERYTHING }, before),
  });

/** By name, and with the storm without which few seeds would show it. */
export const PLANTED_VARIANTS: Readonly<Record<string, { readonly variant: Variant; readonly storm?: Storm }>> = {
  'the store doesn’t compare positions': { variant: { ...AS_IT_IS, commit: 'without comparison' } },
  'a refused step is tried again from memory': { variant: { ...AS_IT_IS, store: retriesFromMemory } },
  'the position isn’t read again after a rewind': { variant: { ...AS_IT_IS, store: keepsItsPlace } },
  'views are kept in memory over a rewind': { variant: { ...AS_IT_IS, store: keepsViews } },
  'two topics of a partition are stepped at once': {
    variant: { ...AS_IT_IS, worker: (options) => new WorkerOfEachTopic(options) },
  },
  'views are written before their position, not with it': {
    variant: { ...AS_IT_IS, commit: 'views first' },
  },
  'the position skips what was dropped': {
    variant: { ...AS_IT_IS, worker: (options) => new ForgetfulOfDrops(options) },
  },
  'what is fetched from elsewhere is taken': { variant: { ...AS_IT_IS, checksFetchedOffset: false } },
  'tags aren’t checked': { variant: { ...AS_IT_IS, tags: () => UNCHECKED } },
  ...PLANTED_WITHDRAWALS,
  ...PLANTED_CLAIMS,
  ...PLANTED_LEAKS,
  'signatures aren’t checked': { variant: { ...AS_IT_IS, signatures: UNSIGNED } },
  'control records aren’t passed': { variant: { ...AS_IT_IS, tellsOfControlRecords: false } },
  'the position moves on before the dead letter is written': {
    variant: {
      ...AS_IT_IS,
      deadLetters: (sink, process) =>
        lettersOtherwise(sink, {
          write: async (letter) => {
            process.elsewhere(() => process.deliver(() => void sink.write(letter).catch(() => undefined)));
          },
        }),
    },
  },
  'a dead letter that fails is given up': {
    variant: {
      ...AS_IT_IS,
      deadLetters: (sink) => lettersOtherwise(sink, { write: (letter) => sink.write(letter).catch(() => undefined) }),
    },
  },
  'a registry that is away is taken for one that doesn’t know the schema': {
    variant: {
      ...AS_IT_IS,
      schemas: (schemas) => ({
        cached: (id) => schemas.cached(id),
        fetch: (id) => schemas.fetch(id).catch(() => null),
      }),
    },
  },
  'a watermark is in force before the position has passed its offsets': {
    variant: { ...AS_IT_IS, exchange: claimsEarly },
  },
  'watermarks that were in force are forgotten': {
    variant: {
      ...AS_IT_IS,
      exchange: (state) =>
        exchangeOtherwise(state, {
          freshnessAt: (partition, position) => ({ ...state.freshnessAt(partition, position, []), watermarks: [] }),
        }),
    },
  },
  'a record of nobody known marks nothing until its letter comes round': {
    variant: {
      ...AS_IT_IS,
      exchange: (state) => exchangeOtherwise(state, { markIncomplete: () => undefined }),
    },
  },
  'a settlement’s note is written after the position moved': {
    variant: {
      ...AS_IT_IS,
      deadLetters: (sink, process) =>
        lettersOtherwise(sink, {
          note: async (note) => {
            process.elsewhere(() => process.deliver(() => void sink.note(note).catch(() => undefined)));
          },
        }),
    },
  },
  'the pointer to the live generation isn’t compared': {
    variant: { ...AS_IT_IS, commit: 'without the pointer' },
  },
  'views are read ahead of their position': {
    storm: PARTITIONS_THAT_CHANGE_HANDS,
    variant: { ...AS_IT_IS, commit: 'views of any position' },
  },
  'the erasures aren’t read first at the beginning': {
    storm: BEGINNINGS_AFTER_ERASURES,
    variant: { ...AS_IT_IS, worker: (options) => new BeginsWithAnything(options) },
  },
  'erasures aren’t taken first': {
    storm: ERASURES_AMONG_MUCH_ELSE,
    variant: { ...AS_IT_IS, worker: (options) => new TakesErasuresLast(options) },
  },
  'an instance takes over without knowing what the one before knew': {
    storm: MARKS_WHILE_PARTITIONS_CHANGE_HANDS,
    variant: { ...AS_IT_IS, catchesUp: false },
  },
};
