/**
 * One instance of the materialiser: the service's own parts, put together as its main.ts does, on a simulated Kafka,
 * Redis and registry. It can be killed at any moment.
 */

import type { Cluster } from 'kafkajs';
import { DeadLetters } from '#exchange/fold/dead-letters.ts';
import { ExchangeTail } from '#exchange/fold/exchange-tail.ts';
import { PartitionHost } from '#exchange/fold/partition-host.ts';
import type { PartitionWorker } from '#exchange/fold/partition-worker.ts';
import { RedisViewStore } from '#exchange/view/store.ts';
import type { Random } from '#exercises/town/random.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { type BatchSender, Outbox, OUTBOX_LIMITS } from '#platform/kafka/outbox.ts';
import type { Logger } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import { LOG } from '#test/support/first-edition.ts';
import { answer, clusterThatAnswers, text, topic } from '#test/unit/platform/kafka/metadata-answer.ts';
import { SimConsumer } from './consumer.ts';
import type { SimGroup } from './group.ts';
import type { SimLog } from './log.ts';
import type { SimProcess } from './process.ts';
import type { SimRedis } from './redis.ts';
import { schemasOf } from './registry.ts';
import { followKeys } from './stolen.ts';
import type { Variant } from './variant.ts';

const TICK_MS = 1_000;
const GROUP_COMMIT_EVERY_TICKS = 3;

export interface MaterialiserInstanceOptions {
  readonly process: SimProcess;
  readonly log: SimLog;
  readonly redis: SimRedis;
  readonly group: SimGroup;
  readonly random: Random;
  readonly partitions: number;
  readonly commitEventsMax: number;
  readonly queueRecordsMax: number;
  readonly fetchRecordsMax: number;
  readonly variant: Variant;
  readonly logger: Logger;
  /** Something that nobody foresaw: the real process would end. */
  readonly onFatal: (error: unknown) => void;
  /** It could not start. */
  readonly onExit: () => void;
}

const NO_METRIC = { inc: () => undefined, set: () => undefined, remove: () => undefined };
const METRICS = { counter: () => NO_METRIC, gauge: () => NO_METRIC } as unknown as Metrics;
const CLUSTER = clusterThatAnswers(
  answer(...LOG.topics.map((name, index) => topic(text(name), Buffer.alloc(16, index + 1), 1))),
);

export class MaterialiserInstance {
  readonly process: SimProcess;
  readonly consumer: SimConsumer;
  readonly #options: MaterialiserInstanceOptions;
  #host: PartitionHost | null = null;
  /** By partition, up to where its worker is to read the erasures before all else. */
  readonly #erasuresEnds: number[] = [];

  constructor(options: MaterialiserInstanceOptions) {
    const { process, log, random, group, fetchRecordsMax, variant } = options;
    this.#options = options;
    this.process = process;
    const expected = (partition: number, name: string): number | undefined =>
      this.#host?.workers.get(partition)?.expectedOffset(name);
    this.consumer = new SimConsumer({
      process,
      log,
      random,
      fetchRecordsMax,
      group,
      erasuresEnd: (partition) => this.#erasuresEnds[partition] ?? 0,
      tellsOfControlRecords: variant.tellsOfControlRecords,
      ...(variant.checksFetchedOffset
        ? {}
        : { fetchedOffset: (fetched) => expected(fetched.partition, fetched.topic) ?? fetched.fetchedOffset }),
    });
    // Without its surroundings a service doesn't come up; whoever runs it starts it again.
    this.#start().catch(() => {
      process.kill();
      options.onExit();
    });
  }

  async #start(): Promise<void> {
    const { process, partitions, redis, log, variant, logger, onFatal, commitEventsMax, queueRecordsMax } =
      this.#options;
    const kafka = { consumer: () => this.#tailConsumer() } as unknown as Kafka;
    const admin = this.#admin();
    const schemas = variant.schemas(schemasOf(process));
    const store = variant.store(new RedisViewStore(redis.clientOf(process), LOG));
    const outbox = new Outbox(this.#sender(), { queueRecordsMax: 1_000, ...OUTBOX_LIMITS }, logger, () => undefined);
    const deadLetters = variant.deadLetters(new DeadLetters(outbox, METRICS), process);
    const sleep = (ms: number): Promise<void> => process.sleep(ms);
    const { keys, read } = followKeys(process, log);
    await read();
    const tags = variant.tags(keys.known);
    const { tail } = await ExchangeTail.start({
      log: LOG,
      kafka,
      admin,
      schemas,
      signatures: variant.signatures,
      keys,
      groupId: 'tail',
      logger,
      sleep,
      now: () => 0,
      onWithdrawals: () => this.#host?.tick(),
      onFatal,
    }); // by the broker's clock alone
    const exchange = variant.exchange(tail);
    const host = new PartitionHost({
      log: LOG,
      consumer: this.consumer.asConsumer,
      cluster: () => this.#cluster(),
      admin,
      store,
      exchange: variant.catchesUp ? tail : { caughtUp: async () => undefined },
      metrics: METRICS,
      logger,
      sleep,
      backOff: sleep,
      queueRecordsMax,
      createWorker: (partition, { onReload, onStep }) =>
        this.#noting(
          variant.worker({
            log: LOG,
            partition,
            partitions,
            commitEventsMax,
            store,
            schemas,
            tags,
            keys,
            deadLetters,
            exchange,
            sleep: (ms, signal) => process.sleep(ms, signal),
            onCommitted: onStep,
            onReload,
            onFatal,
            onRetry: (error) => logger.warn({ partition, error }, 'holding the partition'),
          }),
        ),
    });
    this.#host = host;
    await host.start();
    for (let tick = 1; ; tick += 1) {
      await sleep(TICK_MS);
      host.tick();
      void read().catch(() => undefined);
      if (tick % GROUP_COMMIT_EVERY_TICKS === 0) void host.commitForLagTools();
    }
  }

  #noting(worker: PartitionWorker): PartitionWorker {
    const begin = worker.begin.bind(worker);
    worker.begin = (loaded, start, erasuresEnd) => {
      this.#erasuresEnds[worker.partition] = erasuresEnd;
      begin(loaded, start, erasuresEnd);
    };
    return worker;
  }

  /** Ends as a service does on a signal. */
  async end(): Promise<void> {
    await this.#host?.stop();
    this.process.kill();
  }

  #tailConsumer(): SimConsumer {
    const { process, log, random } = this.#options;
    return new SimConsumer({ process, log, random, fetchRecordsMax: 50, group: null });
  }

  #admin(): Admin {
    const { process, log, partitions } = this.#options;
    const of = (name: string) => ((LOG.topics as readonly string[]).includes(name) ? partitions : 1);
    const ends = (name: string) =>
      Array.from({ length: of(name) }, (_, partition) => ({
        partition,
        low: '0',
        high: String(log.endOf(name, partition)),
        offset: String(log.endOf(name, partition)),
      }));
    return { fetchTopicOffsets: (name: string) => process.call('kafka', () => ends(name)) } as unknown as Admin;
  }

  #cluster(): Cluster {
    const { process } = this.#options;
    const { brokerPool } = CLUSTER as unknown as {
      brokerPool: { brokers: object; findBroker(wanted: object): Promise<object> };
    };
    return {
      brokerPool: {
        brokers: brokerPool.brokers,
        findBroker: async (wanted: object) => brokerPool.findBroker(await process.call('kafka', () => wanted)),
      },
    } as unknown as Cluster;
  }

  #sender(): BatchSender {
    const { process, log } = this.#options;
    return {
      send: (records) =>
        process.call('dead letters', () => {
          const placed = records.map(({ topic: name, partition, ...appended }) =>
            log.append(name, partition, appended),
          );
          return placed.map(({ topic: name, partition, offset, appendedAtMs }) => ({
            topic: name,
            partition,
            nextOffset: offset + 1,
            appendedAtMs,
          }));
        }),
      renew: () => process.call('kafka', () => undefined),
      close: async () => undefined,
    };
  }
}
