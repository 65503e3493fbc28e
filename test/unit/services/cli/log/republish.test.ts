/** The end of a copy: it comes, whatever happens between a commit and what is known of it. */

import { describe, expect, it } from 'vitest';
import type { Admin, Consumer, EachBatchPayload } from '#platform/kafka/client.ts';
import { commandOf } from '#services/cli/log/plan.ts';
import { Progress } from '#services/cli/log/progress.ts';
import { consume } from '#services/cli/log/republish.ts';
import { LOG } from '#test/support/first-edition.ts';

type EachBatch = (payload: EachBatchPayload) => Promise<void>;

/** A consumer whose batches a test hands out; what is committed, by `tests 0`. */
function fakeConsumer(): {
  readonly consumer: Consumer;
  readonly committed: Map<string, number>;
  readonly running: Promise<EachBatch>;
} {
  const committed = new Map<string, number>();
  const running = Promise.withResolvers<EachBatch>();
  const consumer = {
    events: { CRASH: 'crash', START_BATCH_PROCESS: 'start' },
    on: () => undefined,
    connect: async () => undefined,
    subscribe: async () => undefined,
    run: async ({ eachBatch }: { eachBatch: EachBatch }) => running.resolve(eachBatch),
    commitOffsets: async (offsets: { topic: string; partition: number; offset: string }[]) => {
      for (const { topic, partition, offset } of offsets) committed.set(`${topic} ${partition}`, Number(offset));
    },
  };
  return { consumer: consumer as unknown as Consumer, committed, running: running.promise };
}

const batch = (lastOffset: number, heartbeat: () => Promise<void> = async () => undefined): EachBatchPayload =>
  ({
    batch: { topic: 'tests', partition: 0, messages: [], lastOffset: () => String(lastOffset) },
    resolveOffset: () => undefined,
    heartbeat,
  }) as unknown as EachBatchPayload;

const adminWith = (offset: number): Admin =>
  ({
    fetchOffsets: async () => [
      {
        topic: 'tests',
        partitions: [
          { partition: 0, offset: String(offset) },
          { partition: 1, offset: '-1' },
        ],
      },
    ],
  }) as unknown as Admin;

describe('a copy', () => {
  it('that lost its partition right after the last commit hung for ever', async () => {
    const { consumer, committed, running } = fakeConsumer();
    const ended = consume(
      consumer,
      LOG,
      async () => undefined,
      new Progress(new Map([['tests 0', { next: 0, high: 10 }]])),
    );
    const rebalance = new Error('the group is rebalancing');
    await expect((await running)(batch(9, () => Promise.reject(rebalance)))).rejects.toBe(rebalance);
    expect(committed.get('tests 0')).toBe(10);
    await ended;
  });
  it('whose partitions another run took over hung for ever: what anyone has committed is passed', async () => {
    const { consumer, running } = fakeConsumer();
    const progress = new Progress(new Map([['tests 0', { next: 0, high: 10 }]]));
    const ended = consume(consumer, LOG, async () => undefined, progress);
    await running;
    await progress.reconcile(adminWith(4), LOG, 'group');
    expect([progress.isDone, progress.moves]).toEqual([false, 1]);
    await progress.reconcile(adminWith(4), LOG, 'group');
    expect(progress.moves).toBe(1);
    await progress.reconcile(adminWith(10), LOG, 'group');
    await ended;
  });
  it('counts nothing as copied that isn’t committed', async () => {
    const { consumer, running } = fakeConsumer();
    const progress = new Progress(new Map([['tests 0', { next: 0, high: 10 }]]));
    void consume(consumer, LOG, () => Promise.reject(new Error('kafka refused the batch')), progress);
    await expect((await running)(batch(9))).rejects.toThrow('refused');
    expect(progress.isDone).toBe(false);
  });
});

describe('the command that goes on with a copy', () => {
  it('repeats all that makes up its plan, also what was left to a default', () => {
    const plan = { edition: 2, partitions: 8, keyVersion: null, fingerprints: [], withoutErased: false };
    expect(commandOf(plan)).toBe('hutong log republish --partitions 8');
    expect(commandOf({ ...plan, edition: 4, keyVersion: 2, withoutErased: true }, ['--kafka k:1'])).toBe(
      'HUTONG_LOG_EDITION=3 hutong log republish --partitions 8 --key-version 2 --without-erased --kafka k:1',
    );
  });
});
