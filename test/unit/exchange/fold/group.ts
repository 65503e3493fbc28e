/** A consumer group of one partition in memory: what a host asks of the client, and what the client fetches. */

import type { Cluster } from 'kafkajs';
import { PartitionHost } from '#exchange/fold/partition-host.ts';
import { storedPosition } from '#exchange/view/store.ts';
import type { Admin, Consumer, EachBatchPayload } from '#platform/kafka/client.ts';
import { Metrics } from '#platform/metrics.ts';
import { LOG } from '#test/support/first-edition.ts';
import { answer, clusterThatAnswers, text, topic } from '#test/unit/platform/kafka/metadata-answer.ts';
import { SILENT, turns } from '#test/unit/platform/kafka/support.ts';
import { MemoryLog, type Rig, rigOf } from './support.ts';

export const KEY = Buffer.from('aaaaaaaaaaaaaaaa');
const CLUSTER = answer(
  topic(text('tests'), Buffer.alloc(16, 1), 1),
  topic(text('vaccinations'), Buffer.alloc(16, 2), 1),
  topic(text('codes'), Buffer.alloc(16, 3), 1),
  topic(text('erasures'), Buffer.alloc(16, 4), 1),
);
const idOf = (byte: number) => Buffer.alloc(16, byte).toString('base64url');
export const positionAt = (tests: number) =>
  storedPosition({
    clusterId: 'cluster-1',
    topics: {
      tests: { topicId: idOf(1), nextOffset: tests },
      vaccinations: { topicId: idOf(2), nextOffset: 0 },
      codes: { topicId: idOf(3), nextOffset: 0 },
      erasures: { topicId: idOf(4), nextOffset: 0 },
    },
  });

type Listener = (event: { payload: object }) => void;

/** One partition, 0, as the client shows it. */
export class Group {
  readonly asked: string[] = [];
  readonly listeners = new Map<string, Listener>();
  readonly metrics = new Metrics();
  readonly log = new MemoryLog();
  low = 0;
  high = 100;
  erasuresEnd = 0;
  rig: Rig | null = null;
  /** That this copy knows of the exchange what is on its topics. */
  caughtUp: Promise<void> = Promise.resolve();
  readonly store = rigOf().store;
  readonly host: PartitionHost;
  eachBatch: (payload: EachBatchPayload) => Promise<void> = async () => undefined;

  constructor() {
    const partitionsOf = (list: { topic: string; partitions?: number[] }[]) =>
      list.map((each) => `${each.topic} ${each.partitions?.join()}`).join(', ');
    const consumer = {
      events: { GROUP_JOIN: 'join', START_BATCH_PROCESS: 'batch' },
      on: (name: string, listener: Listener) => this.listeners.set(name, listener),
      subscribe: async () => undefined,
      run: async ({ eachBatch }: { eachBatch: Group['eachBatch'] }) => {
        this.eachBatch = eachBatch;
      },
      pause: (list: { topic: string; partitions: number[] }[]) => this.asked.push(`pause ${partitionsOf(list)}`),
      resume: (list: { topic: string; partitions: number[] }[]) => this.asked.push(`resume ${partitionsOf(list)}`),
      seek: ({ topic: name, partition, offset }: { topic: string; partition: number; offset: string }) =>
        this.asked.push(`seek ${name} ${partition} to ${offset}`),
      commitOffsets: async (list: { topic: string; offset: string }[]) =>
        void this.asked.push(`commit ${list.map((each) => `${each.topic} ${each.offset}`).join(', ')}`),
      disconnect: async () => void this.asked.push('disconnect'),
    };
    const admin = {
      fetchTopicOffsets: async (name: string) => [
        {
          partition: 0,
          low: String(name === LOG.topicOf.erasures ? 0 : this.low),
          high: String(name === LOG.topicOf.erasures ? this.erasuresEnd : this.high),
          offset: String(this.high),
        },
      ],
    };
    this.host = new PartitionHost({
      log: LOG,
      consumer: consumer as unknown as Consumer,
      cluster: () => clusterThatAnswers(CLUSTER) as Cluster,
      admin: admin as unknown as Admin,
      store: this.store,
      exchange: { caughtUp: () => this.caughtUp },
      metrics: this.metrics,
      logger: SILENT,
      // The pause between fetches is not waited for; the wait before another try is.
      sleep: () => Promise.resolve(),
      queueRecordsMax: 10_000,
      backOff: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      createWorker: (_partition, { onReload, onStep }) => {
        this.rig = rigOf({ store: this.store, onReload, onCommitted: onStep, commitEventsMax: 4_000 });
        return this.rig.worker;
      },
    });
  }
  assign(partitions: readonly number[]): void {
    this.listeners.get('join')?.({
      payload: {
        memberAssignment: { tests: partitions, vaccinations: partitions, codes: partitions, erasures: partitions },
      },
    });
  }
  /** A fetch of `tests` arrives; what was resolved of it, if anything. */
  async fetched(fetchedOffset: number, recordsMax?: number, stale = false): Promise<string[]> {
    const resolved: string[] = [];
    const { records, nextOffset } = this.log.chunk('tests', fetchedOffset, recordsMax);
    const messages = records.map(({ offset, appendedAtMs, ...record }) => ({
      ...record,
      offset: String(offset),
      timestamp: String(appendedAtMs),
    }));
    const batch = {
      topic: 'tests',
      partition: 0,
      messages,
      fetchedOffset: String(fetchedOffset),
      lastOffset: () => String(nextOffset - 1),
    };
    await this.eachBatch({
      batch,
      isStale: () => stale,
      resolveOffset: (offset: string) => resolved.push(offset),
    } as unknown as EachBatchPayload);
    await turns();
    return resolved;
  }
  async controlRecords(firstOffset: number | null, lastOffset: number): Promise<void> {
    this.listeners.get('batch')?.({
      payload: {
        topic: 'tests',
        partition: 0,
        batchSize: 0,
        firstOffset: firstOffset === null ? null : String(firstOffset),
        lastOffset: String(lastOffset),
      },
    });
    await turns();
  }
  /** What was asked of the client since the last time. */
  news(): string[] {
    return this.asked.splice(0);
  }
  async gauge(line: string): Promise<boolean> {
    return (await this.metrics.expose()).body.includes(line);
  }
}
