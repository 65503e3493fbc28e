/**
 * A partition's surroundings in memory: a log of the shared topics, a store with its position, and a worker between
 * them.
 */

import type { PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import {
  type ExchangeFreshness,
  type Freshness,
  type InstanceWatermark,
  type Position,
  NO_FRESHNESS,
} from '#core/view/snapshot.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import type { Claimed, StoredSightings } from '#core/vouch/sightings.ts';
import type { DeadLetter } from '#exchange/fold/dead-letters.ts';
import { type Chunk, PartitionWorker, type WorkerOptions } from '#exchange/fold/partition-worker.ts';
import { personOf } from '#exchange/fold/step.ts';
import type { ClaimFound, SettlementNote } from '#exchange/topics/letters.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import {
  type LoadedPartition,
  NO_POSITION,
  parsePosition,
  type Step,
  type StoredPosition,
  storedPosition,
  type ViewStore,
} from '#exchange/view/store.ts';
import { HutongError } from '#platform/errors.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { LOG } from '#test/support/first-edition.ts';
import { READ_ALREADY, UNCHECKED } from '#test/support/keys.ts';
import { fetched, outgoing, schemaSource, unnamed } from '#test/unit/platform/kafka/support.ts';

export const START: Position = {
  clusterId: 'c',
  topics: {
    tests: { topicId: 't', nextOffset: 0 },
    vaccinations: { topicId: 'v', nextOffset: 0 },
    codes: { topicId: 'k', nextOffset: 0 },
    erasures: { topicId: 'e', nextOffset: 0 },
  },
};
export const offsetsOf = (position: Position | null) => LOG.topics.map((topic) => position?.topics[topic]?.nextOffset);
export const unavailable = (code: 'REDIS_UNAVAILABLE' | 'REGISTRY_UNAVAILABLE' | 'KAFKA_UNAVAILABLE') =>
  new HutongError(code, 'away', { retriable: true });

/** How a commit ends: applied; refused; lost before or after it was applied. */
export type CommitEnd = 'applied' | 'lost before' | 'lost after';

export class MemoryStore implements ViewStore {
  stored: StoredPosition = NO_POSITION;
  freshness: Freshness = NO_FRESHNESS;
  sightings: StoredSightings | undefined;
  views = new Map<string, PersonView>();
  readonly commits: Step[] = [];
  nextEnd: CommitEnd = 'applied';
  readFailsWith: Error | null = null;
  /** Runs before each commit; may take its time. */
  beforeCommit: (step: Step) => Promise<void> | void = () => undefined;

  get position(): Position | null {
    return this.stored === NO_POSITION ? null : parsePosition(this.stored);
  }
  async loadPartition(): Promise<LoadedPartition> {
    const { stored, position, freshness, sightings } = this;
    return { generation: FIRST_GENERATION, stored, position, freshness, sightings };
  }
  async readViews(
    { expected }: { readonly expected: StoredPosition },
    keys: readonly PersonKey[],
  ): Promise<PersonView[]> {
    if (this.readFailsWith !== null) throw this.readFailsWith;
    if (keys.length > 0 && expected !== this.stored)
      throw new HutongError('POSITION_REFUSED', 'another position', { retriable: true });
    return keys.map((key) => this.views.get(personOf(key)) ?? EMPTY_VIEW);
  }
  async commit(step: Step): Promise<StoredPosition> {
    await this.beforeCommit(step);
    const end = this.nextEnd;
    this.nextEnd = 'applied';
    if (end === 'lost before') throw unavailable('REDIS_UNAVAILABLE');
    if (step.expected !== this.stored)
      throw new HutongError('POSITION_REFUSED', 'another position', { retriable: true });
    this.commits.push(step);
    this.stored = storedPosition(step.position, step.writer);
    this.freshness = step.freshness;
    this.sightings = step.sightings;
    for (const [key, view] of step.views) this.views.set(personOf(key), view);
    if (end === 'lost after') throw unavailable('REDIS_UNAVAILABLE');
    return this.stored;
  }
  /** What Redis holds now, to go back to. */
  snapshot(): () => void {
    const { stored, freshness, sightings } = this;
    const views = new Map(this.views);
    return () => Object.assign(this, { stored, freshness, sightings, views: new Map(views) });
  }
}

/** The partition's part of the shared topics; offsets may have gaps, as those of control records. */
export class MemoryLog {
  readonly records: Record<string, IncomingRecord[]> = { tests: [], vaccinations: [], codes: [], erasures: [] };
  /** By `<topic> <offset>`. */
  readonly events = new Map<string, PersonEvent>();

  append(
    key: PersonKey,
    event: PersonEvent,
    { gap = 0, isNamed = true, ...changed }: Partial<IncomingRecord> & { gap?: number; isNamed?: boolean } = {},
  ): IncomingRecord {
    const record = isNamed ? outgoing(key, event) : unnamed(outgoing(key, event));
    const of = this.records[record.topic] ?? [];
    const placed: IncomingRecord = {
      ...fetched(record, this.endOf(record.topic) + gap, event.acceptedAtMs + 1_000),
      ...changed,
    };
    of.push(placed);
    this.events.set(`${placed.topic} ${placed.offset}`, event);
    return placed;
  }
  endOf(topic: string): number {
    return (this.records[topic]?.at(-1)?.offset ?? -1) + 1;
  }
  /** A fetch of at most so many records from an offset. */
  chunk(topic: string, fromOffset: number, recordsMax = Number.POSITIVE_INFINITY): Chunk {
    const records = (this.records[topic] ?? []).filter(({ offset }) => offset >= fromOffset).slice(0, recordsMax);
    return { topic, records, nextOffset: (records.at(-1)?.offset ?? fromOffset - 1) + 1 };
  }
}

/** Of an exchange without processes that claim. */
export const NO_CLAIMS = {
  claimed: (): Claimed => ({ kind: 'nothing' }),
  hasLetter: (): boolean => false,
  markFound: (): void => undefined,
  caughtUp: async (): Promise<void> => undefined,
};

export interface Rig {
  readonly worker: PartitionWorker;
  readonly store: MemoryStore;
  /** What happened, in order: `commit`, `letter`, `note`, `marks 43`, `reload`, `fatal`, `retry`, `sleep 50`. */
  readonly happened: string[];
  readonly letters: DeadLetter[];
  readonly notes: SettlementNote[];
  readonly found: ClaimFound[];
  readonly errors: unknown[];
  /** Ends the waits under way. */
  wake(): void;
  begin(): Promise<void>;
}

export function rigOf(given: Partial<WorkerOptions> = {}): Rig {
  const store = new MemoryStore();
  const happened: string[] = [];
  const letters: DeadLetter[] = [];
  const notes: SettlementNote[] = [];
  const found: ClaimFound[] = [];
  const errors: unknown[] = [];
  const sleepers = new Set<() => void>();
  const marked = new Set<ProvinceCode | null>();
  const note = (what: string) => (error: unknown) => {
    happened.push(what);
    errors.push(error);
  };
  const worker = new PartitionWorker({
    log: LOG,
    partition: 0,
    partitions: 1,
    commitEventsMax: 1_000,
    tags: UNCHECKED,
    keys: READ_ALREADY,
    store,
    schemas: schemaSource(),
    deadLetters: {
      write: async (letter) => {
        letters.push(letter);
        happened.push('letter');
      },
      note: async (its) => {
        notes.push(its);
        happened.push('note');
      },
      claimed: async (its) => {
        found.push(its);
        happened.push('found claimed');
      },
    },
    exchange: {
      freshnessAt: (_partition, position, before): ExchangeFreshness => ({
        watermarks: watermarksAt(position, before),
        incompleteProvinces: [...marked],
        withdrawals: [],
      }),
      markIncomplete: (province) => {
        if (province === 'nobody') return;
        marked.add(province);
        happened.push(`marks ${province}`);
      },
      ...NO_CLAIMS,
    },
    sleep: (ms, signal) => {
      happened.push(`sleep ${ms}`);
      return new Promise((resolve) => {
        sleepers.add(resolve);
        signal.addEventListener('abort', () => resolve());
      });
    },
    onCommitted: () => happened.push('commit'),
    onReload: note('reload'),
    onFatal: note('fatal'),
    onRetry: note('retry'),
    ...given,
  });
  return {
    worker,
    store,
    happened,
    letters,
    notes,
    found,
    errors,
    wake: () => {
      for (const wake of sleepers) wake();
      sleepers.clear();
    },
    begin: async () => {
      const loaded = await store.loadPartition();
      worker.begin(loaded, loaded.position ?? START, 0);
    },
  };
}

/** One instance whose watermark is as high as the position, in the manner of the real tracker. */
function watermarksAt(position: Position, before: readonly InstanceWatermark[]): InstanceWatermark[] {
  return [
    {
      province: '43',
      instance: '43-a',
      throughMs: Math.max(before[0]?.throughMs ?? 0, position.topics['tests']?.nextOffset ?? 0),
    },
  ];
}
