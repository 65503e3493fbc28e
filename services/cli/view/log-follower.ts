/**
 * Follows the shared topics from where a store says, by the materialiser's own loop: what a record does to a view is
 * written there and nowhere else. It commits to nothing but the store that it's given, and makes no province fresh.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { NO_FRESHNESS, type Position } from '#core/view/snapshot.ts';
import type { DeadLetterSink } from '#exchange/fold/dead-letters.ts';
import type { LetterMarks } from '#exchange/fold/letter-marks.ts';
import { PartitionHost, QUEUE_RECORDS_MAX } from '#exchange/fold/partition-host.ts';
import { PartitionWorker } from '#exchange/fold/partition-worker.ts';
import type { RecordPlace } from '#exchange/topics/letters.ts';
import type { ViewStore } from '#exchange/view/store.ts';
import { describeError, dispositionOf } from '#platform/errors.ts';
import { groupOf } from '#platform/kafka/client.ts';
import { connectLogConsumer } from '#platform/kafka/log-consumer.ts';
import { Metrics } from '#platform/metrics.ts';
import type { Connected } from '#services/cli/shared/connected.ts';
import { closeAll, unlessItStandsStill } from '#services/cli/shared/standstill.ts';

const TICK_MS = 1_000;
/** It may be held up by a Redis under load for longer than a materialiser should be. */
const SESSION_TIMEOUT_MS = 30_000;
/** Twice a materialiser's: fewer, larger steps, each of which blocks Redis for about 5 ms. */
const COMMIT_EVENTS_MAX = 2_000;

export interface FollowerOptions {
  readonly connected: Connected;
  readonly store: ViewStore;
  readonly deadLetters: DeadLetterSink;
  readonly wanted: ReadonlySet<number>;
  /** Provinces that are incomplete by what the follower alone has read. */
  readonly marks?: LetterMarks;
  /** Whether there was a letter about it before. */
  readonly isKnown?: (record: RecordPlace) => boolean;
}

export class LogFollower {
  readonly #host: PartitionHost;
  readonly #failed: Promise<never>;
  readonly #stop: () => Promise<void>;

  private constructor(host: PartitionHost, failed: Promise<never>, stop: () => Promise<void>) {
    this.#host = host;
    this.#failed = failed;
    this.#stop = stop;
  }

  static async start({
    connected,
    store,
    deadLetters,
    wanted,
    marks,
    isKnown = () => false,
  }: FollowerOptions): Promise<LogFollower> {
    const { log, kafka, admin, schemas, partitions, logger, trouble } = connected;
    const { tags, keys } = await connected.followingTags();
    const { promise: failed, reject: fail } = Promise.withResolvers<never>();
    failed.catch(() => undefined); // whoever waits for something here gets it
    const groupId = groupOf(kafka, 'view');
    const starting = { what: 'following the log', progress: () => 0, trouble };
    const { consumer, cluster } = await unlessItStandsStill(
      connectLogConsumer(kafka, groupId, SESSION_TIMEOUT_MS, fail),
      starting,
    );
    const guarded = failingOnce(store, fail);
    const host = new PartitionHost({
      log,
      consumer,
      cluster,
      admin,
      store: guarded,
      exchange: { caughtUp: () => Promise.resolve() },
      queueRecordsMax: QUEUE_RECORDS_MAX,
      metrics: new Metrics(),
      logger,
      wanted,
      sleep: (ms) => delay(ms),
      backOff: (ms) => delay(ms),
      onStopped: fail,
      createWorker: (partition, { onReload, onStep }) =>
        new PartitionWorker({
          log,
          partition,
          partitions,
          commitEventsMax: COMMIT_EVENTS_MAX,
          store: guarded,
          schemas,
          tags,
          keys,
          deadLetters,
          exchange: {
            freshnessAt: (of, position) => ({
              ...NO_FRESHNESS,
              incompleteProvinces: marks?.incompleteAt(of, position) ?? [],
            }),
            markIncomplete: () => undefined,
            claimed: () => ({ kind: 'later' }),
            hasLetter: (record) => isKnown(record),
            markFound: () => undefined,
            caughtUp: () => Promise.resolve(),
          },
          sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
          onCommitted: onStep,
          onReload,
          onFatal: fail,
          onRetry: (error) => logger.warn({ partition, error: describeError(error) }, 'holding the partition'),
        }),
    });
    await unlessItStandsStill(host.start(), starting).catch(async (error: unknown) => {
      await closeAll(() => host.stop());
      throw error;
    });
    const ticking = setInterval(() => host.tick(), TICK_MS);
    return new LogFollower(host, failed, async () => {
      clearInterval(ticking);
      await host.stop();
      await keys.stop();
      await admin.deleteGroups([groupId]).catch(() => undefined); // it ends by itself in a while
    });
  }

  /** Null before the partition's beginning is known. */
  positionOf(partition: number): Position | null {
    return this.#host.workers.get(partition)?.position ?? null;
  }

  /** Leaves off following all other partitions. */
  restrictTo(partitions: ReadonlySet<number>): void {
    this.#host.restrictTo(partitions);
  }

  /** The result of the work, or what stopped the following meanwhile. */
  during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failed]);
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}

/** A partition whose beginning can't be loaded for good must end the command, not be tried for ever. */
function failingOnce(store: ViewStore, fail: (error: unknown) => void): ViewStore {
  return {
    loadPartition: (partition) =>
      store.loadPartition(partition).catch((error: unknown) => {
        if (dispositionOf(error) !== 'crash') throw error;
        fail(error);
        return new Promise(() => undefined);
      }),
    readViews: (from, keys) => store.readViews(from, keys),
    commit: (step) => store.commit(step),
  };
}
