/**
 * One partition's serial worker: the consume-merge-commit loop. It joins the shared topics of its partition, does one
 * step at a time, and holds no truth of its own: position and views are what is stored, and a step that finds another
 * position stored is thrown away and everything read again. It knows Kafka, Redis and the clock only as interfaces.
 */

import { randomBytes } from 'node:crypto';
import { NO_LEAKS, withLeaks } from '#core/view/leaks.ts';
import type { ExchangeFreshness, Freshness, Position } from '#core/view/snapshot.ts';
import { Sightings, type StoredSightings } from '#core/vouch/sightings.ts';
import type { TagCheck } from '#exchange/keys/check.ts';
import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import type { SettlementNote } from '#exchange/topics/letters.ts';
import type { Log } from '#exchange/topics/log.ts';
import { forRecordsInHand, type SchemaSource } from '#exchange/topics/registry.ts';
import type { LoadedPartition, StoredPosition, ViewStore } from '#exchange/view/store.ts';
import { dispositionOf } from '#platform/errors.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { countsOf } from './counting.ts';
import type { DeadLetter, DeadLetterSink } from './dead-letters.ts';
import type { ExchangeState } from './exchange-tail.ts';
import { advance, type Chunk, newestMsOf, readRecords } from './read-records.ts';
import { claimsFound, sight } from './sight.ts';
import { acceptedUpTo, changedViews, type Effect, effectsByPerson, judge } from './step.ts';

export type { Chunk } from './read-records.ts';

export interface WorkerOptions {
  readonly log: Log;
  readonly partition: number;
  readonly partitions: number;
  readonly commitEventsMax: number;
  readonly store: ViewStore;
  readonly schemas: SchemaSource;
  readonly tags: TagCheck;
  readonly keys: ReadsKeys;
  readonly deadLetters: DeadLetterSink;
  readonly exchange: ExchangeState;
  /** Waits, and ends early when the signal says so. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** After each step: what became visible. */
  readonly onCommitted: (effects: readonly Effect[], freshness: Committed) => void;
  /** The stored position isn't where this worker is: it has stopped and waits for `begin`. */
  readonly onReload: (error: unknown) => void;
  readonly onFatal: (error: unknown) => void;
  readonly onRetry: (error: unknown) => void;
}

export interface Committed {
  readonly position: Position;
  readonly generation: LoadedPartition['generation'];
  readonly freshness: Freshness;
}

const WRITER_BYTES = 8;
const RETRY_MS = { first: 50, max: 2_000 } as const;

export class PartitionWorker {
  readonly #options: WorkerOptions;
  #position: Position | null = null;
  #stored: StoredPosition = '';
  #writer = '';
  #generation: LoadedPartition['generation'] = 0;
  #watermarks: LoadedPartition['freshness']['watermarks'] = [];
  #acceptedUpToMs = 0;
  #leaks: LoadedPartition['freshness']['leaks'] = NO_LEAKS;
  #sightings: StoredSightings | undefined;
  #queue: Chunk[] = [];
  /** Of the erasures: taken before all others. */
  #erasures: Chunk[] = [];
  /** While the erasures haven't been read up to here, nothing else is taken. */
  #erasuresEnd = 0;
  /** By topic, where what was offered ends: ahead of the position by what waits and by the step under way. */
  #expected = new Map<string, number>();
  #queued = 0;
  #tick = false;
  #pump: Promise<void> | null = null;
  #halted = new AbortController();

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#halted.abort();
  }

  get partition(): number {
    return this.#options.partition;
  }

  /** Records that wait; whoever feeds the worker stops above a bound. */
  get queued(): number {
    return this.#queued;
  }

  get position(): Position | null {
    return this.#position;
  }

  get isRunning(): boolean {
    return !this.#halted.signal.aborted;
  }

  /** The offset that the next chunk of a topic must start from. */
  expectedOffset(topic: string): number {
    return this.#expected.get(topic) ?? this.#position?.topics[topic]?.nextOffset ?? 0;
  }

  /**
   * Begins from what is stored.
   * @param start the stored position, or where the log begins if there is none
   * @param erasuresEnd where the erasures end now: they are read up to here before anything else, so that none of them
   *   takes what was accepted after it
   */
  begin(loaded: LoadedPartition, start: Position, erasuresEnd: number): void {
    this.#stored = loaded.stored;
    this.#writer = randomBytes(WRITER_BYTES).toString('hex');
    this.#generation = loaded.generation;
    this.#position = start;
    this.#watermarks = loaded.freshness.watermarks;
    this.#acceptedUpToMs = loaded.freshness.acceptedUpToMs;
    // What is known before the first record is folded gets into no view; of all else, some may be there.
    const isFirst = loaded.position === null;
    this.#leaks = withLeaks(isFirst ? NO_LEAKS : loaded.freshness.leaks, this.#options.keys.leaks, { isFirst });
    this.#sightings = loaded.sightings;
    this.#erasuresEnd = erasuresEnd;
    this.#expected = new Map();
    this.#queue = [];
    this.#erasures = [];
    this.#queued = 0;
    this.#halted = new AbortController();
  }

  offer(chunk: Chunk): void {
    (chunk.topic === this.#options.log.topicOf.erasures ? this.#erasures : this.#queue).push(chunk);
    this.#expected.set(chunk.topic, chunk.nextOffset);
    this.#queued += chunk.records.length;
    this.#run();
  }

  /** Makes a step even without records: watermarks come into force, and a store that went back is found out. */
  tick(): void {
    this.#tick = true;
    this.#run();
  }

  /** Resolves when the step under way has ended; what was queued is dropped. */
  async halt(): Promise<void> {
    this.#halted.abort();
    this.#queue = [];
    this.#erasures = [];
    this.#queued = 0;
    await this.#pump;
  }

  #run(): void {
    // With nothing to do it would have ended before it is known here, and never be begun again.
    if (this.#hasWork()) this.#pump ??= this.#steps();
  }

  #hasWork(): boolean {
    return this.isRunning && (this.#tick || this.#nextQueue() !== null);
  }

  async #steps(): Promise<void> {
    try {
      // What one fetch brought of all topics is offered in one turn, and the erasures in it may come last.
      await Promise.resolve();
      while (this.#hasWork()) {
        this.#tick = false;
        await this.#stepOrStop();
      }
    } finally {
      // In the turn of the last look at the queue: a chunk that comes a turn later must find that nobody runs.
      this.#pump = null;
    }
  }

  async #stepOrStop(): Promise<void> {
    try {
      await this.#step(this.#takeChunks());
    } catch (error) {
      if (!this.isRunning) return;
      this.#halted.abort();
      if (dispositionOf(error) === 'crash') this.#options.onFatal(error);
      else this.#options.onReload(error);
    }
  }

  /** The queue that the next chunk is taken from; null when there is none that may be taken. */
  #nextQueue(): Chunk[] | null {
    if (this.#erasures.length > 0) return this.#erasures;
    const isHeld = (this.#position?.topics[this.#options.log.topicOf.erasures]?.nextOffset ?? 0) < this.#erasuresEnd;
    return isHeld || this.#queue.length === 0 ? null : this.#queue;
  }

  /** Whole chunks while they fit, else a part of the first. */
  #takeChunks(): readonly Chunk[] {
    const taken: Chunk[] = [];
    let room = this.#options.commitEventsMax;
    while (room > 0) {
      const queue = this.#nextQueue();
      const chunk = queue?.[0];
      if (queue === null || chunk === undefined) break;
      if (chunk.records.length <= room) {
        taken.push(chunk);
        queue.shift();
        room -= chunk.records.length;
      } else {
        const first = chunk.records.slice(0, room);
        const rest = chunk.records.slice(room);
        taken.push({ ...chunk, records: first, nextOffset: (first.at(-1) as IncomingRecord).offset + 1 });
        queue[0] = { ...chunk, records: rest };
        room = 0;
      }
    }
    this.#queued -= taken.reduce((sum, { records }) => sum + records.length, 0);
    return taken;
  }

  async #step(chunks: readonly Chunk[]): Promise<void> {
    const { log, partition, partitions, tags, keys, store, exchange, onCommitted } = this.#options;
    const before = this.#position as Position;
    const position = advance(before, chunks);
    await this.#persist(() => keys.readThrough(newestMsOf(chunks)));
    const read = await readRecords(chunks, { log, partitions, tags, schemas: this.#schemasInHand() });
    const { effects, letters, notes } = judge(read.map(({ record, decoded }) => [record, decoded]));
    const sightings = new Sightings(this.#sightings);
    const marking = { sightings, exchange, position: before };
    await this.#write(await this.#persist(() => sight(read, letters, marking)), notes);
    const people = effectsByPerson(effects);
    const views = await store.readViews(
      { partition, generation: this.#generation, expected: this.#stored },
      [...people.values()].map(([{ key }]) => key),
    );
    const accepted = acceptedUpTo(effects, this.#acceptedUpToMs);
    const known = await this.#knownAt(position, sightings);
    const leaks = withLeaks(this.#leaks, keys.leaks, { isFirst: false });
    const freshness = { ...known, acceptedUpToMs: accepted.afterMs, leaks };
    this.#stored = await store.commit({
      partition,
      generation: this.#generation,
      expected: this.#stored,
      position,
      writer: this.#writer,
      freshness,
      counts: countsOf({ effects, letters }),
      sightings: sightings.stored,
      views: changedViews(people, views, accepted),
    });
    this.#position = position;
    this.#acceptedUpToMs = accepted.afterMs;
    this.#watermarks = freshness.watermarks;
    this.#leaks = leaks;
    this.#sightings = sightings.stored;
    onCommitted(effects, { position, generation: this.#generation, freshness });
  }

  #schemasInHand(): SchemaSource {
    const { cached, fetch } = forRecordsInHand(this.#options.schemas);
    return { cached, fetch: (schemaId) => this.#persist(() => fetch(schemaId)) };
  }

  async #write(letters: readonly DeadLetter[], notes: readonly SettlementNote[]): Promise<void> {
    const { deadLetters, exchange } = this.#options;
    await Promise.all([
      ...letters.map((letter) => this.#persist(() => deadLetters.write(letter))),
      ...notes.map((note) => this.#persist(() => deadLetters.note(note))),
    ]);
    for (const { key, marked, record } of letters) if (key === null) exchange.markIncomplete(marked, record);
  }

  /** No watermark is in force beside which it isn't known what it claims: another may come while that is written. */
  async #knownAt(position: Position, sightings: Sightings): Promise<ExchangeFreshness> {
    const { partition, deadLetters, exchange } = this.#options;
    for (;;) {
      const found = claimsFound(sightings, exchange, partition, position);
      if (found.length === 0) return exchange.freshnessAt(partition, position, this.#watermarks);
      for (const one of found) {
        await this.#persist(() => deadLetters.claimed(one));
        exchange.markFound(one);
      }
    }
  }

  /** Nothing has been committed yet, so waiting is safe: a registry or broker that is away holds the partition. */
  async #persist<T>(attempt: () => Promise<T>): Promise<T> {
    for (let waitMs: number = RETRY_MS.first; ; waitMs = Math.min(2 * waitMs, RETRY_MS.max)) {
      try {
        return await attempt();
      } catch (error) {
        if (dispositionOf(error) !== 'retry' || !this.isRunning) throw error;
        this.#options.onRetry(error);
        await this.#options.sleep(waitMs, this.#halted.signal);
      }
    }
  }
}
