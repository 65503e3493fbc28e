/**
 * Between the consumer group and the workers: gives each assigned partition a worker that starts where Redis says,
 * feeds it what is fetched from there and nothing else, and takes it away again. Kafka's committed offsets decide
 * nothing here; they are written for lag tools only.
 */

import type { Log } from '#exchange/topics/log.ts';
import type { ViewStore } from '#exchange/view/store.ts';
import { describeError, dispositionOf, HutongError } from '#platform/errors.ts';
import type { Admin, Cluster, Consumer, EachBatchPayload } from '#platform/kafka/client.ts';
import { incoming, type IncomingRecord } from '#platform/kafka/record.ts';
import { readLogIdentity } from '#platform/kafka/topic-ids.ts';
import type { Logger } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import { Fetching } from './fetching.ts';
import { readBounds, startOf } from './log-bounds.ts';
import type { PartitionWorker } from './partition-worker.ts';

const RELOAD_RETRY_MS = 2_000;
/**
 * Between two fetches. Without it the client fetches whatever little has come, and broker and materialiser spend their
 * time on requests: measured, half of the broker's.
 */
const FETCH_PAUSE_MS = 10;
/** Of records that wait for a partition's worker: more than one fetch may bring. */
export const QUEUE_RECORDS_MAX = 10_000;
const BATCHES_AT_ONCE = 64;

export interface HostOptions {
  readonly log: Log;
  readonly consumer: Consumer;
  readonly cluster: () => Cluster;
  readonly admin: Admin;
  readonly store: ViewStore;
  readonly exchange: { caughtUp(): Promise<void> };
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly sleep: (ms: number) => Promise<void>;
  /** Only these of the partitions that the group gives; all by default. */
  readonly wanted?: ReadonlySet<number>;
  /** A partition can't begin and waits for a person. */
  readonly onStopped?: (error: unknown) => void;
  /** Above this a partition isn't fetched until its worker has caught up. */
  readonly queueRecordsMax: number;
  /** Waits at most so long, and not as long as another instance that failed with this one. */
  readonly backOff: (ceilingMs: number) => Promise<void>;
  readonly createWorker: (partition: number, hooks: WorkerHooks) => PartitionWorker;
}

export interface WorkerHooks {
  readonly onReload: (error: unknown) => void;
  readonly onStep: () => void;
}

type ReloadCause = 'assigned' | 'position_refused' | 'store_unavailable' | 'store_full' | 'fetched_elsewhere';

export class PartitionHost {
  readonly #options: HostOptions;
  readonly #workers = new Map<number, PartitionWorker>();
  readonly #reloading = new Set<number>();
  readonly #fetching: Fetching;
  /** Partitions whose store failed, until they have made a step again. */
  readonly #failing = new Set<number>();
  /** What the group has given to this member; null until it has spoken for the first time. */
  #granted: ReadonlySet<number> | null = null;
  /** What is worked on: the granted ones that are wanted. */
  #assigned: ReadonlySet<number> | null = null;
  #wanted: ReadonlySet<number> | null;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#fetching = new Fetching(options.consumer, options.log);
    this.#wanted = options.wanted ?? null;
  }

  get workers(): ReadonlyMap<number, PartitionWorker> {
    return this.#workers;
  }

  /** True when every assigned partition has a worker that runs. */
  get isRunning(): boolean {
    return (
      this.#assigned !== null &&
      [...this.#assigned].every((partition) => this.#workers.get(partition)?.isRunning === true)
    );
  }

  async start(): Promise<void> {
    const { consumer, log } = this.#options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.#assign(payload.memberAssignment));
    // Control records and aborted batches never reach eachBatch; without this the position would stick below them.
    consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => {
      const { topic, partition, batchSize, firstOffset, lastOffset } = payload;
      const expected = this.#workers.get(partition)?.expectedOffset(topic) ?? -1;
      const covers = firstOffset !== null && Number(firstOffset) <= expected && expected <= Number(lastOffset);
      if (batchSize === 0 && covers) this.#offer(topic, partition, expected, [], Number(lastOffset) + 1);
    });
    await consumer.subscribe({ topics: [...log.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All at once: taking only enqueues, and the client waits for every batch of a fetch before it fetches again.
      partitionsConsumedConcurrently: BATCHES_AT_ONCE,
      eachBatch: async (payload) => {
        this.#take(payload);
        await this.#options.sleep(FETCH_PAUSE_MS);
      },
    });
  }

  /** From now on only these; what a worker that goes has begun ends first. */
  restrictTo(wanted: ReadonlySet<number>): void {
    this.#wanted = wanted;
    if (this.#granted !== null) this.#workOn(this.#granted);
  }

  /** Has every worker make a step, so that watermarks come into force and a rewound Redis is noticed while idle. */
  tick(): void {
    for (const worker of this.#workers.values()) worker.tick();
  }

  /** For lag tools. */
  async commitForLagTools(): Promise<void> {
    const offsets = [...this.#workers].flatMap(([partition, { position }]) =>
      Object.entries(position?.topics ?? {}).map(([topic, { nextOffset }]) => ({
        topic,
        partition,
        offset: String(nextOffset),
      })),
    );
    if (offsets.length > 0) await this.#options.consumer.commitOffsets(offsets).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#granted = this.#assigned = new Set();
    await Promise.all([...this.#workers.values()].map((worker) => worker.halt()));
    await this.commitForLagTools();
    await this.#options.consumer.disconnect();
  }

  // Listeners aren't awaited and fetching begins right after: the pause must be synchronous, the reading can't be.
  #assign(memberAssignment: Record<string, number[]>): void {
    this.#granted = new Set(this.#options.log.topics.flatMap((topic) => memberAssignment[topic] ?? []));
    this.#workOn(this.#granted);
  }

  #workOn(granted: ReadonlySet<number>): void {
    const partitions = this.#wanted === null ? granted : granted.intersection(this.#wanted);
    this.#assigned = partitions;
    for (const partition of granted) this.#fetching.pause(partition);
    for (const [partition, worker] of this.#workers) {
      if (partitions.has(partition)) continue;
      this.#workers.delete(partition);
      this.#options.metrics.gauge('hutong_partition_stopped').remove({ partition: String(partition) });
      for (const topic of this.#options.log.topics)
        this.#options.metrics.gauge('hutong_partition_lag_records').remove({ topic, partition: String(partition) });
      void worker.halt();
    }
    this.#options.logger.info({ partitions: [...partitions] }, 'partitions assigned');
    for (const partition of partitions) {
      const worker = this.#workers.get(partition);
      // A worker that stays goes on from what it has queued; the client forgot where it was.
      if (worker?.isRunning === true) this.#resumeAt(worker);
      else void this.#reload(partition, 'assigned');
    }
  }

  #take({ batch, resolveOffset, isStale }: EachBatchPayload): void {
    const { topic, partition, messages } = batch;
    if (isStale()) return;
    const fetchedOffset = Number((batch as unknown as { fetchedOffset: string }).fetchedOffset);
    const records = messages.map((message) => incoming(topic, partition, message));
    if (this.#offer(topic, partition, fetchedOffset, records, Number(batch.lastOffset()) + 1))
      resolveOffset(batch.lastOffset());
  }

  #offer(
    topic: string,
    partition: number,
    fetchedOffset: number,
    records: readonly IncomingRecord[],
    nextOffset: number,
  ): boolean {
    const worker = this.#workers.get(partition);
    if (worker === undefined || !worker.isRunning || this.#reloading.has(partition)) return false;
    const expected = worker.expectedOffset(topic);
    if (fetchedOffset !== expected) {
      void this.#reload(
        partition,
        'fetched_elsewhere',
        new Error(`fetched ${topic} from ${fetchedOffset}, not from ${expected}`),
      );
      return false;
    }
    worker.offer({ topic, records: records.filter(({ offset }) => offset >= expected), nextOffset });
    if (worker.queued > this.#options.queueRecordsMax) this.#fetching.throttle(partition);
    return true;
  }

  async #reload(partition: number, cause: ReloadCause, error?: unknown): Promise<void> {
    if (this.#reloading.has(partition)) return;
    this.#reloading.add(partition);
    const { logger, metrics } = this.#options;
    try {
      this.#fetching.pause(partition);
      await this.#workers.get(partition)?.halt();
      if (cause !== 'assigned')
        logger.warn(
          { partition, cause, error: error === undefined ? undefined : describeError(error) },
          'reading again from the stored position',
        );
      metrics.counter('hutong_positions_reloaded_total').inc({ cause });
      // A store that can be read and not written to must not be asked without end.
      if (isOfStore(cause) && this.#failing.has(partition)) await this.#options.backOff(RELOAD_RETRY_MS);
      if (isOfStore(cause)) this.#failing.add(partition);
      await this.#beginUntilDone(partition);
    } finally {
      this.#reloading.delete(partition);
    }
    const worker = this.#workers.get(partition);
    if (worker !== undefined && this.#owns(partition)) this.#resumeAt(worker);
  }

  async #beginUntilDone(partition: number): Promise<void> {
    const { logger, metrics } = this.#options;
    while (this.#owns(partition)) {
      try {
        await this.#begin(partition);
        metrics.gauge('hutong_partition_stopped').set({ partition: String(partition) }, 0);
        return;
      } catch (error) {
        const disposition = dispositionOf(error);
        if (disposition === 'crash') throw error; // ends the process: nobody handles it
        const stopped = disposition === 'stop_partition';
        metrics.gauge('hutong_partition_stopped').set({ partition: String(partition) }, stopped ? 1 : 0);
        if (stopped) this.#options.onStopped?.(error);
        const hint = error instanceof HutongError ? error.hint : undefined;
        logger[stopped ? 'error' : 'warn'](
          { partition, error: describeError(error), hint },
          stopped ? 'partition stopped: its position is not in the log' : 'stored position can’t be loaded yet',
        );
        await this.#options.backOff(stopped ? 10 * RELOAD_RETRY_MS : RELOAD_RETRY_MS);
      }
    }
  }

  async #begin(partition: number): Promise<void> {
    const { log, store, exchange, cluster, admin, createWorker } = this.#options;
    const [loaded, identity, bounds] = await Promise.all([
      store.loadPartition(partition),
      readLogIdentity(cluster(), log.topics),
      readBounds(admin, log, partition),
    ]);
    await exchange.caughtUp();
    const start = startOf(partition, loaded.position, identity, bounds);
    if (!this.#owns(partition)) return;
    const hooks: WorkerHooks = {
      onReload: (error) => void this.#reload(partition, causeOf(error), error),
      onStep: () => this.#stepped(partition),
    };
    const worker = this.#workers.get(partition) ?? createWorker(partition, hooks);
    this.#workers.set(partition, worker);
    worker.begin(loaded, start, bounds.get(log.topicOf.erasures)?.high ?? 0);
  }

  #stepped(partition: number): void {
    this.#failing.delete(partition);
    const queued = this.#workers.get(partition)?.queued ?? 0;
    if (queued <= this.#options.queueRecordsMax / 2)
      this.#fetching.endThrottle(partition, { resume: !this.#reloading.has(partition) });
  }

  #resumeAt(worker: PartitionWorker): void {
    this.#fetching.resumeAt(worker.partition, (topic) => worker.expectedOffset(topic));
    worker.tick();
  }

  #owns(partition: number): boolean {
    return this.#assigned?.has(partition) === true;
  }
}

function causeOf(error: unknown): ReloadCause {
  const code = error instanceof HutongError ? error.code : null;
  return code === 'POSITION_REFUSED' ? 'position_refused' : code === 'REDIS_FULL' ? 'store_full' : 'store_unavailable';
}

function isOfStore(cause: ReloadCause): boolean {
  return cause === 'store_unavailable' || cause === 'store_full';
}
