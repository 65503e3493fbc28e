/** Both sides of the view on a Redis of a few lines: what is asked for, and what its answers become. */

import { describe, expect, it } from 'vitest';
import { merge } from '#core/view/merge.ts';
import { NO_FRESHNESS, type Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { encodeView } from '#exchange/view/codec.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { ViewReader } from '#exchange/view/reader.ts';
import { NO_POSITION, RedisViewStore, storedPosition } from '#exchange/view/store.ts';
import { testReported } from '#exercises/town/events.ts';
import { describeError } from '#platform/errors.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { type Redis, requireNoEviction } from '#platform/redis.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';

const KEY = Buffer.from('0123456789abcdef');
const PARTITION = partitionOf(KEY, 8);
const VIEW = merge(EMPTY_VIEW, testReported());
const position = (nextOffset: number): Position => ({
  clusterId: 'c',
  topics: { vaccinations: { topicId: 'v', nextOffset: 0 }, tests: { topicId: 't', nextOffset } },
});
const FRESHNESS = {
  watermarks: [{ province: '43', instance: '43-a', throughMs: 5 }],
  incompleteProvinces: [null],
  acceptedUpToMs: 7,
} as const;

/** Holds what it is given; takes a commit, and applies it or says that it didn't. */
class FakeRedis {
  readonly held = new Map<string, Buffer>();
  commands = 0;
  away = false;
  isCluster = false;
  /** So many commands more are lost with the node that they were sent to. */
  lost = 0;
  applies = true;
  /** Runs after each read. */
  afterRead: () => void = () => undefined;
  committed: (string | Buffer)[] = [];

  defineCommand(): void {}
  async mget(...keys: string[]): Promise<(string | null)[]> {
    return (await this.mgetBuffer(...keys)).map((value) => value?.toString() ?? null);
  }
  async mgetBuffer(...keys: (string | Buffer | Buffer[])[]): Promise<(Buffer | null)[]> {
    this.commands += 1;
    if (this.away || this.lost-- > 0) throw new Error('Connection is closed.');
    const answer = keys.flat().map((key) => this.held.get(Buffer.from(key as string).toString('latin1')) ?? null);
    this.afterRead();
    return answer;
  }
  async get(key: string): Promise<string | null> {
    return this.held.get(key)?.toString() ?? null;
  }
  async hutongCommit(count: number, ...parts: (string | Buffer)[]): Promise<number> {
    this.commands += 1;
    if (this.away) throw new Error('Command timed out');
    this.committed = [String(count), ...parts];
    return this.applies ? 1 : 0;
  }
  async info(): Promise<string> {
    if (this.away) throw new Error('away');
    return 'maxmemory:0\r\nmaxmemory_policy:volatile-lru\r\n';
  }
  asRedis(): Redis {
    return this as unknown as Redis;
  }
}

const FROM = { partition: PARTITION, generation: FIRST_GENERATION, expected: NO_POSITION };

describe('the store', () => {
  it('loads nothing where nothing was ever stored', async () => {
    await expect(new RedisViewStore(new FakeRedis().asRedis(), LOG).loadPartition(PARTITION)).resolves.toEqual({
      generation: FIRST_GENERATION,
      stored: NO_POSITION,
      position: null,
      freshness: NO_FRESHNESS,
    });
  });
  it('loads the position as the very text that it compares with', async () => {
    const redis = new FakeRedis();
    redis.held.set(KEYS.position(FIRST_GENERATION, PARTITION), Buffer.from(storedPosition(position(4))));
    redis.held.set(KEYS.freshness(FIRST_GENERATION, PARTITION), Buffer.from(JSON.stringify(FRESHNESS)));
    await expect(new RedisViewStore(redis.asRedis(), LOG).loadPartition(PARTITION)).resolves.toEqual({
      generation: FIRST_GENERATION,
      stored: storedPosition(position(4)),
      position: position(4),
      freshness: FRESHNESS,
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
  it('commits position, freshness and views in one command, from the position that is expected', async () => {
    const redis = new FakeRedis();
    const step = {
      partition: PARTITION,
      generation: FIRST_GENERATION,
      expected: 'before',
      position: position(9),
      freshness: FRESHNESS,
      views: [[KEY, VIEW]] as const,
    };
    await expect(new RedisViewStore(redis.asRedis(), LOG).commit(step)).resolves.toBe(storedPosition(position(9)));
    expect(redis.committed).toEqual([
      '4',
      KEYS.live(PARTITION),
      KEYS.position(FIRST_GENERATION, PARTITION),
      KEYS.freshness(FIRST_GENERATION, PARTITION),
      KEYS.view(FIRST_GENERATION, PARTITION, KEY),
      '1',
      'before',
      storedPosition(position(9)),
      JSON.stringify(FRESHNESS),
      encodeView(VIEW),
    ]);
    expect(redis.commands).toBe(1);
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
    expect(redis.committed.slice(0, 5)).toEqual([
      '3',
      KEYS.live(PARTITION),
      KEYS.position(7, PARTITION),
      KEYS.freshness(7, PARTITION),
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
    expect(redis.committed.slice(0, 5)).toEqual([
      '3',
      KEYS.building(PARTITION),
      KEYS.position(2, PARTITION),
      KEYS.freshness(2, PARTITION),
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

describe('the reader', () => {
  it.each([
    [true, 1, 'asked again', 2],
    [true, 2, 'given up', 2],
    [false, 1, 'given up', 1],
  ])('in a cluster (%s), a read that is lost %i times is %s', async (isCluster, lost, outcome, commands) => {
    const redis = Object.assign(new FakeRedis(), { isCluster, lost });
    const reading = new ViewReader(redis.asRedis(), LOG, 8).read(KEY);
    if (outcome === 'given up') await expect(reading).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    else await expect(reading).resolves.toMatchObject({ view: null });
    expect(redis.commands).toBe(commands);
  });
  it('reads view, position and freshness in one command', async () => {
    const redis = new FakeRedis();
    redis.held.set(KEYS.position(FIRST_GENERATION, PARTITION), Buffer.from(storedPosition(position(4))));
    redis.held.set(KEYS.freshness(FIRST_GENERATION, PARTITION), Buffer.from(JSON.stringify(FRESHNESS)));
    redis.held.set(KEYS.view(FIRST_GENERATION, PARTITION, KEY).toString('latin1'), encodeView(VIEW));
    const reader = new ViewReader(redis.asRedis(), LOG, 8);
    await expect(reader.read(KEY)).resolves.toEqual({
      partition: PARTITION,
      view: VIEW,
      position: position(4),
      freshness: FRESHNESS,
    });
    expect(redis.commands).toBe(1);
  });
  it('notices that a position has changed, and that it is gone', async () => {
    const redis = new FakeRedis();
    const reader = new ViewReader(redis.asRedis(), LOG, 8);
    const found: unknown[] = [];
    for (const nextOffset of [4, 4, 5, null]) {
      if (nextOffset === null) redis.held.clear();
      else
        redis.held.set(KEYS.position(FIRST_GENERATION, PARTITION), Buffer.from(storedPosition(position(nextOffset))));
      found.push((await reader.read(KEY)).position);
    }
    expect(found).toEqual([position(4), position(4), position(5), null]);
  });
  it('never answers from a generation that is not live: it looks again at the one that the pointer names', async () => {
    const redis = new FakeRedis();
    const reader = new ViewReader(redis.asRedis(), LOG, 8);
    const other = merge(EMPTY_VIEW, testReported({ result: 'positive' }));
    redis.held.set(KEYS.view(1, PARTITION, KEY).toString('latin1'), encodeView(VIEW));
    redis.held.set(KEYS.view(2, PARTITION, KEY).toString('latin1'), encodeView(other));
    const views = [(await reader.read(KEY)).view];
    redis.held.set(KEYS.live(PARTITION), Buffer.from('2'));
    views.push((await reader.read(KEY)).view);
    expect(redis.commands).toBe(3);
    views.push((await reader.read(KEY)).view);
    expect(redis.commands).toBe(4);
    redis.held.delete(KEYS.live(PARTITION)); // emptied, or back from an older state
    views.push((await reader.read(KEY)).view);
    expect(views).toEqual([VIEW, other, other, VIEW]);
  });
  it('gives up when the pointer moves at each look', async () => {
    const redis = new FakeRedis();
    let generation = 2;
    redis.afterRead = () => redis.held.set(KEYS.live(PARTITION), Buffer.from(String((generation += 1))));
    await expect(new ViewReader(redis.asRedis(), LOG, 8).read(KEY)).resolves.toMatchObject({ view: null });
    await expect(new ViewReader(redis.asRedis(), LOG, 8).read(KEY)).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
    });
    expect(redis.commands).toBe(1 + 4);
  });
  it('says who did not answer, and not for whom it asked', async () => {
    const redis = new FakeRedis();
    redis.away = true;
    const error = await new ViewReader(redis.asRedis(), LOG, 8).readMany([KEY]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'REDIS_UNAVAILABLE', retriable: true });
    expect(JSON.stringify(error) + describeError(error)).not.toContain(KEY.toString());
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
