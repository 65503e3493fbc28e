/** The scripts that keep a half-built or abandoned generation from being read or written, on a real Redis. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { merge } from '#core/view/merge.ts';
import { type Freshness, NO_FRESHNESS, type Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { Generations } from '#exchange/view/generations.ts';
import { ViewReader } from '#exchange/view/reader.ts';
import { NO_POSITION, RedisViewStore } from '#exchange/view/store.ts';
import { freshnessText } from '#exchange/view/stored-freshness.ts';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, type Redis } from '#platform/redis.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { withdrawal } from '#test/support/withdrawals.ts';

const PARTITIONS = 8;
const KEY = randomBytes(16);
const PARTITION = partitionOf(KEY, PARTITIONS);
const OLD = merge(EMPTY_VIEW, testReported({ result: 'positive' }));
const NEW = merge(EMPTY_VIEW, testReported({ result: 'negative' }));
const FRESHNESS: Freshness = {
  watermarks: [{ province: '43', instance: '43-a', throughMs: 5 }],
  incompleteProvinces: [],
  withdrawals: [withdrawal()],
  acceptedUpToMs: 0,
  leaks: [],
};
let exchange: Exchange;
let redis: Redis;
let generations: Generations;
let live: RedisViewStore;
let building: RedisViewStore;

beforeAll(async () => {
  exchange = await startExchange({ services: [] });
  redis = await connectRedis(operatorRedis(exchange.stack), createLogger('test', 'silent'));
  generations = new Generations(redis, LOG);
  live = new RedisViewStore(redis, LOG);
  building = new RedisViewStore(redis, LOG, 'building');
});

afterAll(async () => {
  redis?.disconnect();
  await exchange?.stop();
});

beforeEach(async () => {
  await emptyRedis(exchange.redis);
});

function positionAt(tests: number, topicId = 'tests-id'): Position {
  return {
    clusterId: 'cluster',
    topics: { tests: { topicId, nextOffset: tests }, vaccinations: { topicId: 'vaccinations-id', nextOffset: 3 } },
  };
}

/** Generation 1 at 10 with the old view; generation 2 at the given offset with the new one. */
async function bothAt(rebuilt: number, topicId?: string): Promise<void> {
  await live.commit({
    partition: PARTITION,
    generation: 1,
    expected: NO_POSITION,
    position: positionAt(10),
    freshness: FRESHNESS,
    views: [[KEY, OLD]],
  });
  const generation = await generations.begin(PARTITION);
  await building.commit({
    partition: PARTITION,
    generation,
    expected: NO_POSITION,
    position: positionAt(rebuilt, topicId),
    freshness: NO_FRESHNESS,
    views: [[KEY, NEW]],
  });
}

test('look-ups read the live generation until the switch, and then the other one with its freshness', async () => {
  await bothAt(12);
  const reader = new ViewReader(redis, LOG, PARTITIONS);
  expect(await reader.read(KEY)).toMatchObject({ view: OLD, position: positionAt(10), freshness: FRESHNESS });
  expect(await generations.switch(PARTITION, 1, 2)).toBe('switched');
  expect(await reader.read(KEY)).toMatchObject({ view: NEW, position: positionAt(12), freshness: FRESHNESS });
  expect(await generations.pointers(PARTITION)).toEqual({ live: 2, building: null });
});

test('what the rebuild alone has passed counts after the switch: whom it marks, how late it was accepted', async () => {
  await live.commit({
    partition: PARTITION,
    generation: 1,
    expected: NO_POSITION,
    position: positionAt(10),
    freshness: { ...FRESHNESS, incompleteProvinces: ['44'], acceptedUpToMs: 7 },
    views: [],
  });
  const generation = await generations.begin(PARTITION);
  await building.commit({
    partition: PARTITION,
    generation,
    expected: NO_POSITION,
    position: positionAt(12),
    freshness: { ...NO_FRESHNESS, incompleteProvinces: ['43', null], acceptedUpToMs: 9 },
    views: [],
  });
  expect(await generations.switch(PARTITION, 1, 2)).toBe('switched');
  expect((await live.loadPartition(PARTITION)).freshness).toEqual({
    watermarks: FRESHNESS.watermarks,
    incompleteProvinces: ['44', '43', null],
    acceptedUpToMs: 9,
    leaks: [],
  });
});

test('a switch ends the mark of those leaks alone that the rebuild knew from its start', async () => {
  const leak = (key: string, of: '43' | '44' | 'national', isOut: boolean) => ({ key, of, sinceMs: 5, isOut });
  await live.commit({
    partition: PARTITION,
    generation: 1,
    expected: NO_POSITION,
    position: positionAt(10),
    freshness: {
      ...FRESHNESS,
      leaks: [
        leak('national-1', 'national', false),
        leak('province-43-1', '43', false),
        leak('province-44-1', '44', false),
      ],
    },
    views: [],
  });
  const generation = await generations.begin(PARTITION);
  expect(await generations.leaksOf(PARTITION, generation)).toBeNull();
  const leaks = [leak('national-1', 'national', true), leak('province-43-1', '43', true)];
  await building.commit({
    partition: PARTITION,
    generation,
    expected: NO_POSITION,
    position: positionAt(12),
    freshness: { ...NO_FRESHNESS, leaks },
    views: [],
  });
  expect(await generations.leaksOf(PARTITION, generation)).toEqual(leaks);
  expect(await generations.switch(PARTITION, 1, 2)).toBe('switched');
  expect((await live.loadPartition(PARTITION)).freshness).toMatchObject({
    incompleteProvinces: [null, '43'],
    leaks: [...leaks, leak('province-44-1', '44', false)],
  });
});

test('a rebuilt view that has not consumed all that the live one has is not switched to', async () => {
  await bothAt(9);
  expect(await generations.switch(PARTITION, 1, 2)).toBe('behind');
  expect(await generations.pointers(PARTITION)).toEqual({ live: 1, building: 2 });
});

test('a view of other topics is not switched to', async () => {
  await bothAt(50, 'a topic that was made again');
  expect(await generations.switch(PARTITION, 1, 2)).toBe('other_log');
});

test('a materialiser whose generation is no longer live changes nothing, and goes on in the live one', async () => {
  await bothAt(10);
  const before = await live.loadPartition(PARTITION);
  await generations.switch(PARTITION, 1, 2);
  const step = { partition: PARTITION, position: positionAt(11), freshness: FRESHNESS, views: [[KEY, OLD]] as const };
  await expect(live.commit({ ...step, generation: before.generation, expected: before.stored })).rejects.toMatchObject({
    code: 'POSITION_REFUSED',
  });
  expect(await redis.exists(KEYS.view(1, PARTITION, KEY))).toBe(1);
  expect((await new ViewReader(redis, LOG, PARTITIONS).read(KEY)).position).toEqual(positionAt(10));

  const after = await live.loadPartition(PARTITION);
  await live.commit({ ...step, generation: after.generation, expected: after.stored });
  expect(await new ViewReader(redis, LOG, PARTITIONS).read(KEY)).toMatchObject({ view: OLD, position: positionAt(11) });
});

test('a rebuilder that wakes up after the switch, or after its rebuild was given up, writes nothing', async () => {
  await bothAt(10);
  const { stored, generation } = await building.loadPartition(PARTITION);
  const step = {
    partition: PARTITION,
    generation,
    expected: stored,
    position: positionAt(11),
    freshness: NO_FRESHNESS,
    views: [[KEY, OLD]] as const,
  };
  expect(await generations.begin(PARTITION)).toBe(3);
  await expect(building.commit(step)).rejects.toMatchObject({ code: 'POSITION_REFUSED' });
  expect(await generations.switch(PARTITION, 1, 2)).toBe('ended');
  const third = await building.loadPartition(PARTITION);
  expect(third).toMatchObject({ generation: 3, stored: NO_POSITION });
  await building.commit({ ...step, generation: 3, expected: third.stored });
  expect(await generations.switch(PARTITION, 1, 3)).toBe('switched');
  await expect(
    building.commit({ ...step, generation: 3, expected: JSON.stringify(positionAt(11)) }),
  ).rejects.toMatchObject({ code: 'POSITION_REFUSED' });
  await expect(building.loadPartition(PARTITION)).rejects.toMatchObject({ code: 'REBUILD_ENDED' });
  expect(await redis.get(KEYS.freshness(3, PARTITION))).toBe(freshnessText(FRESHNESS));
});

test('a rebuild that is given up holds no memory and writes nothing more; its number is not used again', async () => {
  await bothAt(10);
  const { stored, generation } = await building.loadPartition(PARTITION);
  const keys = [KEYS.view(2, PARTITION, KEY)];
  expect(await generations.remove(PARTITION, 2, keys)).toBe(0);
  expect([
    await generations.abandon(PARTITION),
    await generations.abandon(PARTITION),
    await generations.abandon(PARTITION + 1),
  ]).toEqual([2, null, null]);
  expect(await generations.pointers(PARTITION)).toEqual({ live: 1, building: null });
  await expect(
    building.commit({
      partition: PARTITION,
      generation,
      expected: stored,
      position: positionAt(11),
      freshness: NO_FRESHNESS,
      views: [],
    }),
  ).rejects.toMatchObject({ code: 'POSITION_REFUSED' });
  await expect(building.loadPartition(PARTITION)).rejects.toMatchObject({ code: 'REBUILD_ENDED' });
  expect(await generations.switch(PARTITION, 1, 2)).toBe('ended');
  expect(await generations.remove(PARTITION, 2, keys)).toBe(1);
  expect(await new ViewReader(redis, LOG, PARTITIONS).read(KEY)).toMatchObject({ view: OLD });
  expect(await generations.begin(PARTITION)).toBe(3);
  expect(await generations.pointers(PARTITION)).toEqual({ live: 1, building: 3 });
});

test('what is live or being built is never removed, whatever the one who removes believes', async () => {
  await bothAt(10);
  const keysOf = (generation: number): Buffer[] => [KEYS.view(generation, PARTITION, KEY)];
  expect([
    await generations.remove(PARTITION, 1, keysOf(1)),
    await generations.remove(PARTITION, 2, keysOf(2)),
  ]).toEqual([0, 0]);
  await generations.switch(PARTITION, 1, 2);
  expect([
    await generations.remove(PARTITION, 2, keysOf(2)),
    await generations.remove(PARTITION, 1, keysOf(1)),
  ]).toEqual([0, 1]);
  // A Redis that comes back from a state before the switch.
  await redis.del(KEYS.live(PARTITION));
  await redis.set(KEYS.view(1, PARTITION, KEY), 'x');
  expect(await generations.remove(PARTITION, 1, keysOf(1))).toBe(0);
});
