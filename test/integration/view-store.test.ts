/** The atomic step itself, on a real Redis. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { merge } from '#core/view/merge.ts';
import { NO_FRESHNESS, type Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { ViewReader } from '#exchange/view/reader.ts';
import { NO_POSITION, RedisViewStore } from '#exchange/view/store.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { testReported } from '#exercises/town/events.ts';
import { seededRandom } from '#exercises/town/random.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, requireNoEviction, type Redis } from '#platform/redis.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { SimRedis } from '#test/support/simulation/redis.ts';

const PARTITIONS = 8;
let exchange: Exchange;
let redis: Redis;

beforeAll(async () => {
  exchange = await startExchange({ services: [] });
  redis = await connectRedis(operatorRedis(exchange.stack), createLogger('test', 'silent'));
});

afterAll(async () => {
  redis?.disconnect();
  await exchange?.stop();
});

function positionAt(nextOffset: number): Position {
  return {
    clusterId: 'cluster',
    topics: { tests: { topicId: 'tests-id', nextOffset }, vaccinations: { topicId: 'vaccinations-id', nextOffset: 0 } },
  };
}

test('a writer that lost its partition changes nothing', async () => {
  const store = new RedisViewStore(redis, LOG);
  const key = randomBytes(16);
  const partition = partitionOf(key, PARTITIONS);
  const negative = merge(EMPTY_VIEW, testReported({ result: 'negative' }));
  const positive = merge(EMPTY_VIEW, testReported({ result: 'positive' }));
  const step = {
    partition,
    generation: FIRST_GENERATION,
    expected: NO_POSITION,
    position: positionAt(1),
    freshness: NO_FRESHNESS,
  };
  await store.commit({ ...step, views: [[key, negative]] });

  await expect(store.commit({ ...step, position: positionAt(2), views: [[key, positive]] })).rejects.toMatchObject({
    code: 'POSITION_REFUSED',
  });

  const snapshot = await new ViewReader(redis, LOG, PARTITIONS).read(key);
  expect(snapshot.view).toEqual(negative);
  expect(snapshot.position).toEqual(positionAt(1));
});

test('a look-up that reads while a step is written sees both or neither', async () => {
  const store = new RedisViewStore(redis, LOG);
  const reader = new ViewReader(redis, LOG, PARTITIONS);
  const key = randomBytes(16);
  const partition = partitionOf(key, PARTITIONS);
  let { stored } = await store.loadPartition(partition);
  const seen: Promise<boolean>[] = [];
  for (let step = 100; step < 200; step += 1) {
    const view = merge(EMPTY_VIEW, testReported({ sampleId: `sample ${step}` }));
    const writing = store.commit({
      partition,
      generation: FIRST_GENERATION,
      expected: stored,
      position: positionAt(step),
      freshness: NO_FRESHNESS,
      views: [[key, view]],
    });
    seen.push(
      reader
        .read(key)
        .then(
          (snapshot) =>
            snapshot.view === null ||
            snapshot.view.datedTests[0]?.sampleId === `sample ${snapshot.position?.topics['tests']?.nextOffset}`,
        ),
    );
    stored = await writing;
  }
  expect(await Promise.all(seen)).not.toContain(false);
});

test('the script does what the simulation takes it to do', async () => {
  const real = redis as unknown as { hutongCommit(count: number, ...all: (string | Buffer)[]): Promise<number> };
  const simulated = new SimRedis(
    'whole',
    () => undefined,
    () => undefined,
  );
  new RedisViewStore(redis, LOG); // defines the command
  const random = seededRandom(5);
  const replies: { readonly [side in 'real' | 'simulated']: unknown[] } = { real: [], simulated: [] };
  for (let turn = 0; turn < 300; turn += 1) {
    const partition = 900 + random.below(2);
    const counts = KEYS.counts(1, partition);
    const people = Array.from({ length: random.below(3) }, () => Buffer.alloc(16, random.below(4)));
    const keys = [
      KEYS.live(partition),
      KEYS.position(1, partition),
      KEYS.freshness(1, partition),
      KEYS.withdrawals(1, partition),
      counts,
      KEYS.sightings(1, partition),
      ...people.map((person) => KEYS.view(1, partition, person)),
    ];
    const values = [
      '1',
      random.pick(['', 'a', 'b']),
      random.pick(['a', 'b']),
      `fresh ${turn}`,
      ...random.pick([
        ['', ''],
        ['digest a', ''],
        ['digest a', 'digest a and what it is of'],
        ['digest b', 'digest b and more'],
      ]),
      random.pick(['', `seen ${turn}`]),
      ...random.pick([
        ['0', '0'],
        ['1', '0', 'a b events', '2'],
        ['1', '2', 'a b events', '1', 'a b latest', String(random.below(100)), 'c d latest', '5'],
      ]),
      ...people.map(() => Buffer.from(`view ${turn}`)),
    ];
    replies.real.push(
      await real.hutongCommit(keys.length, ...keys, ...values),
      await redis.mgetBuffer(keys),
      await redis.hgetall(counts),
    );
    replies.simulated.push(
      simulated.commit(keys.length, [...keys, ...values], (run) => run()),
      keys.map((key) => (key === counts ? null : simulated.get(key))),
      simulated.hash(counts),
    );
  }
  expect(replies.simulated).toEqual(replies.real);
  expect(new Set(replies.real.filter((reply) => typeof reply === 'number'))).toEqual(new Set([0, 1, 2]));
});

test('views of another position aren’t read', async () => {
  const store = new RedisViewStore(redis, LOG);
  const key = randomBytes(16);
  const partition = partitionOf(key, PARTITIONS);
  const { stored, generation } = await store.loadPartition(partition);
  await store.commit({
    partition,
    generation,
    expected: stored,
    position: positionAt(1_000),
    freshness: NO_FRESHNESS,
    views: [],
  });
  await expect(store.readViews({ partition, generation, expected: stored }, [key])).rejects.toMatchObject({
    code: 'POSITION_REFUSED',
  });
});

test('a Redis without memory takes a step as a whole or not at all, and says that it is full', async () => {
  const store = new RedisViewStore(redis, LOG);
  const partition = 5;
  const bytes = async (what: 'used_memory' | 'used_memory_peak'): Promise<number> =>
    Number(new RegExp(`^${what}:(\\d+)`, 'm').exec(await exchange.redis.info('memory'))?.[1]);
  const { stored: atFirst, generation } = await store.loadPartition(partition);
  let stored = atFirst;
  let [refused, beyondTheLimit] = [0, 0];
  for (let roomBytes = 100_000; roomBytes <= 1_500_000; roomBytes += 100_000) {
    const keys = Array.from({ length: 2_000 }, () => randomBytes(16));
    const step = {
      partition,
      generation,
      expected: stored,
      position: positionAt(roomBytes),
      freshness: NO_FRESHNESS,
      views: keys.map((key) => [key, merge(EMPTY_VIEW, testReported())] as const),
    };
    const [limitBytes, peakBytes] = [(await bytes('used_memory')) + roomBytes, await bytes('used_memory_peak')];
    await exchange.redis.config('SET', 'maxmemory', limitBytes);
    const failure = await store.commit(step).then(
      (position) => void (stored = position),
      (error: unknown) => error,
    );
    if (failure === undefined && (await bytes('used_memory_peak')) > Math.max(peakBytes, limitBytes))
      beyondTheLimit += 1;
    if (failure !== undefined) refused += 1;
    if (failure !== undefined)
      expect(failure).toMatchObject({
        code: 'REDIS_FULL',
        retriable: true,
        hint: expect.stringContaining('maxmemory') as string,
      });
    await exchange.redis.config('SET', 'maxmemory', 0);

    const written = (await store.readViews({ partition, generation, expected: stored }, keys)).filter(
      ({ datedTests }) => datedTests.length === 1,
    );
    expect(written).toHaveLength(failure === undefined ? keys.length : 0);
    expect((await store.loadPartition(partition)).stored).toBe(stored);
  }
  // Some found no room for their first write; others had it, and wrote all the rest beyond the limit.
  expect(refused).toBeGreaterThan(0);
  expect(beyondTheLimit).toBeGreaterThan(0);
});

test('a Redis that may evict keys is refused, with the mend', async () => {
  await expect(requireNoEviction(redis)).resolves.toBeUndefined();
  await exchange.redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await expect(requireNoEviction(redis)).rejects.toMatchObject({
    code: 'REDIS_MAY_EVICT',
    hint: expect.stringContaining('noeviction') as string,
  });
  await expect(exchange.stack.startService({ kind: 'materialiser', name: 'evicting' })).rejects.toThrow(
    /maxmemory-policy allkeys-lru/,
  );
  await exchange.redis.config('SET', 'maxmemory-policy', 'noeviction');
});
