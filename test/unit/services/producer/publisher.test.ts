/**
 * One producer instance: its watermark never claims an event that is not in the log, and it starts and stops in order.
 */

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeOwnValue } from '#exchange/topics/records.ts';
import { HutongError } from '#platform/errors.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { FakeBroker, schemaSource, turns } from '#test/unit/platform/kafka/support.ts';
import { endsAt, fakeTimers, idOf, NO_LOG, PARTITIONS, PublisherRig } from './support.ts';

beforeEach(fakeTimers);
afterEach(() => void vi.useRealTimers());

const KEY = Buffer.from('0123456789abcdef');
const PARTITION = partitionOf(KEY, PARTITIONS);
const offsetsAt = (nextOffset: number) => [
  {
    topic: 'tests',
    nextOffsets: Array.from({ length: PARTITIONS }, (_, partition) => (partition === PARTITION ? nextOffset : 0)),
  },
  { topic: 'vaccinations', nextOffsets: [0, 0] },
  { topic: 'codes', nextOffsets: [0, 0] },
  { topic: 'erasures', nextOffsets: [0, 0] },
];

async function started(rig = new PublisherRig()): Promise<PublisherRig> {
  await rig.start();
  return rig;
}

describe('the start', () => {
  it('registers the instance, and writes a watermark once it is told where the log ends', async () => {
    const rig = new PublisherRig(new FakeBroker({ automatic: false }));
    const { broker } = rig;
    const registered = rig.publisher.register(3, 'p');
    await turns();
    expect(broker.batches.map((batch) => batch.map(({ topic, key }) => `${topic} ${key?.toString()}`))).toEqual([
      ['producers 43-a'],
    ]);
    broker.acknowledge();
    await registered;
    await turns();
    expect(broker.batches).toHaveLength(1);
    const begun = rig.publisher.begin(NO_LOG);
    await turns();
    expect(broker.batches[1]?.map(({ topic }) => topic)).toEqual(['watermarks', 'vouchers']);
    broker.acknowledge();
    await begun;
    await expect(decodeOwnValue(broker.recordsOf('producers')[0]?.value ?? null, schemaSource())).resolves.toEqual({
      province: '43',
      instance: '43-a',
      epoch: 3,
      process: 'p',
    });
    expect(await rig.watermarks()).toMatchObject([{ epoch: 3 }]);
  });
  it('claims nothing below what an earlier process of the instance may have written', async () => {
    const rig = new PublisherRig();
    await rig.start(endsAt({ tests: [7, 3], vaccinations: [0, 5], codes: [1, 0], erasures: [0, 0] }));
    await rig.publish(KEY).done;
    await vi.advanceTimersByTimeAsync(1_000);
    const [first, second] = await rig.watermarks();
    expect(first?.offsets).toEqual([
      { topic: 'tests', nextOffsets: [7, 3] },
      { topic: 'vaccinations', nextOffsets: [0, 5] },
      { topic: 'codes', nextOffsets: [1, 0] },
      { topic: 'erasures', nextOffsets: [0, 0] },
    ]);
    expect(second?.offsets).toEqual(first?.offsets); // the fake log has fewer records than the ends say
  });
  it('fails when the first watermark can’t be written: others’ would pass for the whole province', async () => {
    const rig = new PublisherRig(new FakeBroker({ automatic: false }));
    const done = rig.start();
    const failure = done.catch((error: unknown) => error);
    await turns();
    rig.broker.acknowledge();
    for (let refusals = 0; refusals < 3; refusals += 1) {
      await turns();
      rig.broker.refuse();
    }
    expect(await failure).toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
    expect(vi.getTimerCount()).toBe(0);
  });
  it('fails when the instance can’t be registered', async () => {
    const rig = new PublisherRig(new FakeBroker({ automatic: false }));
    const failure = rig.start().catch((error: unknown) => error);
    for (let refusals = 0; refusals < 3; refusals += 1) {
      await turns();
      rig.broker.refuse();
    }
    expect(await failure).toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a watermark', () => {
  it('is written each second, with the broker’s time while nothing waits', async () => {
    const rig = await started();
    for (let second = 0; second < 3; second += 1) {
      rig.pass(1_000);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    const through = (await rig.watermarks()).map(({ throughMs }) => throughMs - (rig.broker.nowMs - 3_000));
    expect(through).toEqual([0, 1_000, 2_000, 3_000]);
  });
  it('has the offsets of what was acknowledged', async () => {
    const rig = await started();
    await rig.publish(KEY).done;
    await rig.publish(KEY).done;
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await rig.watermarks()).map(({ offsets }) => offsets)).toEqual([offsetsAt(0), offsetsAt(2)]);
  });
  it('reaches no further than the acceptance of the oldest event that isn’t acknowledged', async () => {
    const rig = await started();
    rig.broker.automatic = false;
    const { event, done } = rig.publish(KEY);
    await turns();
    rig.pass(5_000);
    const later = rig.publish(KEY).done;
    await vi.advanceTimersByTimeAsync(1_000);
    rig.broker.automatic = true;
    rig.broker.acknowledge();
    await Promise.all([done, later]);
    const [, held] = await rig.watermarks();
    expect(held).toMatchObject({ throughMs: event.acceptedAtMs, offsets: offsetsAt(0) });
  });
  it('doesn’t queue up behind an older one while Kafka is slow', async () => {
    const rig = await started();
    rig.broker.automatic = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rig.publisher.waiting).toBe(1);
    rig.broker.acknowledge();
    await turns();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(rig.publisher.waiting).toBe(1);
  });
  it('that is refused costs nothing but itself', async () => {
    const rig = await started();
    rig.broker.automatic = false;
    await vi.advanceTimersByTimeAsync(1_000);
    for (let refusals = 0; refusals < 3; refusals += 1) {
      rig.broker.refuse();
      await turns();
    }
    rig.broker.automatic = true;
    await rig.publish(KEY).done;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await rig.watermarks()).toHaveLength(2);
  });
});

describe('an event that Kafka has acknowledged', () => {
  it('is called accepted once this process is known to be its instance still', async () => {
    const rig = await started();
    const { promise, resolve } = Promise.withResolvers<void>();
    rig.held = promise;
    let isAccepted = false;
    const done = rig.publish(KEY).done.then(() => void (isAccepted = true));
    await turns();
    expect([rig.broker.recordsOf('tests', PARTITION).length, isAccepted]).toEqual([1, false]);
    resolve();
    await done;
    expect(isAccepted).toBe(true);
  });
  it('isn’t called accepted by a process that another has taken the place of', async () => {
    const rig = await started();
    rig.held = Promise.reject(new HutongError('PRODUCER_SUPERSEDED', 'another process', { retriable: false }));
    await expect(rig.publish(KEY).done).rejects.toMatchObject({ code: 'PRODUCER_SUPERSEDED' });
  });
});

describe('the longest wait', () => {
  it('is that of the oldest record that Kafka has not acknowledged', async () => {
    const rig = new PublisherRig();
    expect(rig.publisher.oldestWaitMs).toBe(0);
    await started(rig);
    rig.broker.automatic = false;
    const { done } = rig.publish(KEY);
    rig.pass(700);
    expect(rig.publisher.oldestWaitMs).toBe(700);
    await turns();
    rig.broker.acknowledge();
    await done;
    expect(rig.publisher.oldestWaitMs).toBe(0);
  });
});

describe('the stop', () => {
  it('sends what waits, then a last watermark that covers it, then closes', async () => {
    const rig = await started();
    const { done } = rig.publish(KEY);
    await rig.publisher.stop();
    await done;
    expect((await rig.watermarks()).at(-1)).toMatchObject({
      throughMs: rig.publisher.clock.nowMs(),
      offsets: offsetsAt(1),
    });
    expect(rig.broker.calls.at(-1)).toBe('close');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('whatever the broker does', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ what: fc.constant('publish' as const), ms: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1_500 }) }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constant('acknowledge' as const), ms: fc.constant(0) }) },
    fc.record({ what: fc.constantFrom('refuse' as const, 'refuse, but append' as const), ms: fc.constant(0) }),
  );
  it('every event accepted before a watermark lies in the log below its offsets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, batchRecordsMax) => {
          const rig = await started(new PublisherRig(new FakeBroker(), { batchRecordsMax }));
          const { broker } = rig;
          broker.automatic = false;
          const accepted: Promise<{ eventId: string; acceptedAtMs: number; partition: number } | null>[] = [];
          for (const { what, ms } of steps) {
            if (what === 'publish') {
              const key = Buffer.alloc(16, accepted.length);
              const { event, done } = rig.publish(key, { eventId: randomUUID() });
              accepted.push(
                done.then(
                  () => ({
                    eventId: event.eventId,
                    acceptedAtMs: event.acceptedAtMs,
                    partition: partitionOf(key, PARTITIONS),
                  }),
                  () => null,
                ),
              );
            }
            rig.pass(ms);
            await vi.advanceTimersByTimeAsync(ms);
            if (what === 'acknowledge' && broker.isAsked) broker.acknowledge();
            if (what.startsWith('refuse') && broker.isAsked) broker.refuse({ appended: what !== 'refuse' });
            await turns(1);
          }
          broker.automatic = true;
          if (broker.isAsked) broker.acknowledge();
          await rig.publisher.stop();
          const inLog = (await Promise.all(accepted)).filter((event) => event !== null);
          for (const { throughMs, offsets } of await rig.watermarks()) {
            for (const { eventId, acceptedAtMs, partition } of inLog.filter(
              (event) => event.acceptedAtMs < throughMs,
            )) {
              const offset = broker.recordsOf('tests', partition).findIndex((record) => idOf(record) === eventId);
              expect(offset, `event of ${acceptedAtMs}, watermark through ${throughMs}`).toBeGreaterThanOrEqual(0);
              expect(offset).toBeLessThan(offsets[0]?.nextOffsets[partition] ?? 0);
            }
          }
          expect(broker.underWayMax).toBe(1);
        },
      ),
      { numRuns: 80 },
    );
  });
});
