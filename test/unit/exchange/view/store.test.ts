/** The materialiser's side of the view on a Redis of a few lines: what is asked for, and what its answers become. */

import { describe, expect, it } from 'vitest';
import { NO_FRESHNESS } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { encodeView } from '#exchange/view/codec.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { NO_POSITION, RedisViewStore, storedPosition } from '#exchange/view/store.ts';
import { digestOf, freshnessText, withdrawalsText } from '#exchange/view/stored-freshness.ts';
import { sightingsText } from '#exchange/view/stored-sightings.ts';
import { requireNoEviction } from '#platform/redis.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { withdrawal } from '#test/support/withdrawals.ts';
import { FakeRedis, FRESHNESS, KEY, PARTITION, position, VIEW } from './fake-redis.ts';

const { withdrawals: _withdrawals, ...LOADED } = FRESHNESS;
const FROM = { partition: PARTITION, generation: FIRST_GENERATION, expected: NO_POSITION };

describe('the store', () => {
  it('loads nothing where nothing was ever stored', async () => {
    await expect(new RedisViewStore(new FakeRedis().asRedis(), LOG).loadPartition(PARTITION)).resolves.toEqual({
      generation: FIRST_GENERATION,
      stored: NO_POSITION,
      position: null,
      freshness: { watermarks: [], incompleteProvinces: [], acceptedUpToMs: 0, leaks: [] },
    });
  });
  it('loads the position as the very text that it compares with', async () => {
    const redis = new FakeRedis();
    redis.held.set(KEYS.position(FIRST_GENERATION, PARTITION), Buffer.from(storedPosition(position(4))));
    redis.held.set(KEYS.freshness(FIRST_GENERATION, PARTITION), Buffer.from(freshnessText(FRESHNESS)));
    await expect(new RedisViewStore(redis.asRedis(), LOG).loadPartition(PARTITION)).resolves.toEqual({
      generation: FIRST_GENERATION,
      stored: storedPosition(position(4)),
      position: position(4),
      freshness: LOADED,
    });
  });
  it('reads views in the order of their keys, empty ones too, and asks nothing for nobody', async () => {
    const redis = new FakeRedis();
    const store = new RedisViewStore(redis.asRedis(), LOG);
    redis.held.set(KEYS.view(FIRST_GENERATION, PARTITION, KEY).toString('latin1'), encodeView(VIEW));
    await expect(store.readViews(FROM, [Buffer.alloc(16), KEY])).resolves.toEqual([EMPTY_VIEW, VIEW]);
    await expect(store.readViews(FROM, [])).resolves.toEqual([]);
    expect(redis.commands).toBe(1);
  });
  it('reads no views of another position: written back after Redis went back, they would be ahead of it', async () => {
    const redis = new FakeRedis();
    const store = new RedisViewStore(redis.asRedis(), LOG);
    redis.held.set(KEYS.position(FIRST_GENERATION, PARTITION), Buffer.from(storedPosition(position(4))));
    await expect(store.readViews(FROM, [KEY])).rejects.toMatchObject({ code: 'POSITION_REFUSED' });
    await expect(store.readViews({ ...FROM, expected: storedPosition(position(3)) }, [KEY])).rejects.toMatchObject({
      code: 'POSITION_REFUSED',
    });
    await expect(store.readViews({ ...FROM, expected: storedPosition(position(4)) }, [KEY])).resolves.toEqual([
      EMPTY_VIEW,
    ]);
    expect(redis.commands).toBe(3);
  });
  it('commits position, freshness, counts and views in one command, from the position that is expected', async () => {
    const redis = new FakeRedis();
    const step = {
      partition: PARTITION,
      generation: FIRST_GENERATION,
      expected: 'before',
      position: position(9),
      freshness: FRESHNESS,
      counts: { added: [['43 tests events', 2]], reached: [['43 tests latest', 7]] },
      views: [[KEY, VIEW]],
    } as const;
    await expect(new RedisViewStore(redis.asRedis(), LOG).commit(step)).resolves.toBe(storedPosition(position(9)));
    expect(redis.committed).toEqual([
      '7',
      KEYS.live(PARTITION),
      KEYS.position(FIRST_GENERATION, PARTITION),
      KEYS.freshness(FIRST_GENERATION, PARTITION),
      KEYS.withdrawals(FIRST_GENERATION, PARTITION),
      KEYS.counts(FIRST_GENERATION, PARTITION),
      KEYS.sightings(FIRST_GENERATION, PARTITION),
      KEYS.view(FIRST_GENERATION, PARTITION, KEY),
      '1',
      'before',
      storedPosition(position(9)),
      freshnessText(FRESHNESS),
      '',
      '',
      '',
      '1',
      '1',
      '43 tests events',
      '2',
      '43 tests latest',
      '7',
      encodeView(VIEW),
    ]);
    expect(redis.commands).toBe(1);
  });
  it('sightings lay in the freshness, and each look-up read them: they lie beside it', async () => {
    const redis = new FakeRedis();
    const sightings = { proven: { '43-a tests': [[1, [1, 9]]] as const }, open: [] };
    const store = new RedisViewStore(redis.asRedis(), LOG);
    const of = { partition: PARTITION, generation: FIRST_GENERATION, expected: 'before', position: position(9) };
    await store.commit({ ...of, freshness: FRESHNESS, sightings, views: [] });
    expect(redis.committed).toContain(freshnessText(FRESHNESS));
    expect(redis.committed).toContain(sightingsText(sightings));
    redis.held.set(KEYS.sightings(FIRST_GENERATION, PARTITION), Buffer.from(sightingsText(sightings)));
    expect((await store.loadPartition(PARTITION)).sightings).toEqual(sightings);
  });
  it('sends what is withdrawn only where others are stored, and then behind its digest', async () => {
    const redis = new FakeRedis();
    const freshness = { ...FRESHNESS, withdrawals: [withdrawal()] };
    const step = {
      partition: PARTITION,
      generation: 1,
      expected: 'before',
      position: position(9),
      freshness,
      views: [],
    };
    const withdrawals = (): unknown => redis.committed.slice(-5, -3);
    await new RedisViewStore(redis.asRedis(), LOG).commit(step);
    expect(withdrawals()).toEqual([digestOf(freshness.withdrawals), '']);
    redis.lacksWithdrawals = true;
    await new RedisViewStore(redis.asRedis(), LOG).commit(step);
    expect(withdrawals()).toEqual([digestOf(freshness.withdrawals), withdrawalsText(freshness.withdrawals)]);
    expect(redis.commands).toBe(3);
  });
  it('tells a refused commit from one of which nothing is known', async () => {
    const redis = new FakeRedis();
    const store = new RedisViewStore(redis.asRedis(), LOG);
    const step = {
      partition: 0,
      generation: FIRST_GENERATION,
      expected: NO_POSITION,
      position: position(1),
      freshness: NO_FRESHNESS,
      views: [],
    };
    redis.applies = false;
    await expect(store.commit(step)).rejects.toMatchObject({ code: 'POSITION_REFUSED' });
    redis.away = true;
    await expect(store.commit(step)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE', retriable: true });
  });
  it('loads and writes the generation that is live', async () => {
    const redis = new FakeRedis();
    const store = new RedisViewStore(redis.asRedis(), LOG);
    redis.held.set(KEYS.live(PARTITION), Buffer.from('7'));
    redis.held.set(KEYS.position(7, PARTITION), Buffer.from(storedPosition(position(4))));
    redis.held.set(KEYS.view(7, PARTITION, KEY).toString('latin1'), encodeView(VIEW));
    const { generation, stored } = await store.loadPartition(PARTITION);
    expect([generation, stored]).toEqual([7, storedPosition(position(4))]);
    await expect(store.readViews({ partition: PARTITION, generation, expected: stored }, [KEY])).resolves.toEqual([
      VIEW,
    ]);
    await store.commit({
      partition: PARTITION,
      generation,
      expected: stored,
      position: position(9),
      freshness: FRESHNESS,
      views: [],
    });
    expect(redis.committed.slice(0, 8)).toEqual([
      '6',
      KEYS.live(PARTITION),
      KEYS.position(7, PARTITION),
      KEYS.freshness(7, PARTITION),
      KEYS.withdrawals(7, PARTITION),
      KEYS.counts(7, PARTITION),
      KEYS.sightings(7, PARTITION),
      '7',
    ]);
  });
  it('of a rebuild loads and writes the generation that is being built, and none when none is', async () => {
    const redis = new FakeRedis();
    const store = new RedisViewStore(redis.asRedis(), LOG, 'building');
    await expect(store.loadPartition(PARTITION)).rejects.toMatchObject({ code: 'REBUILD_ENDED', retriable: false });
    redis.held.set(KEYS.building(PARTITION), Buffer.from('2'));
    const { generation, stored } = await store.loadPartition(PARTITION);
    expect([generation, stored]).toEqual([2, NO_POSITION]);
    await store.commit({
      partition: PARTITION,
      generation,
      expected: stored,
      position: position(9),
      freshness: FRESHNESS,
      views: [],
    });
    expect(redis.committed.slice(0, 8)).toEqual([
      '6',
      KEYS.building(PARTITION),
      KEYS.position(2, PARTITION),
      KEYS.freshness(2, PARTITION),
      KEYS.withdrawals(2, PARTITION),
      KEYS.counts(2, PARTITION),
      KEYS.sightings(2, PARTITION),
      '2',
    ]);
  });
  it('writes equal positions as equal text, whatever the order of their topics', () => {
    const { clusterId, topics } = position(4);
    expect(storedPosition({ topics: Object.fromEntries(Object.entries(topics).reverse()), clusterId })).toBe(
      storedPosition(position(4)),
    );
  });
});

describe('a Redis that may evict', () => {
  it('is refused, and one that is away is not taken for it', async () => {
    const redis = new FakeRedis();
    await expect(requireNoEviction(redis.asRedis())).rejects.toMatchObject({
      code: 'REDIS_MAY_EVICT',
      retriable: false,
      message: expect.stringContaining('volatile-lru') as string,
    });
    redis.away = true;
    await expect(requireNoEviction(redis.asRedis())).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  });
});
