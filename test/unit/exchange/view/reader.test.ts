/** The look-up's side of the view on a Redis of a few lines: what is asked for, and what its answers become. */

import { describe, expect, it } from 'vitest';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { encodeView } from '#exchange/view/codec.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { ViewReader } from '#exchange/view/reader.ts';
import { storedPosition } from '#exchange/view/store.ts';
import { freshnessText, withdrawalsText } from '#exchange/view/stored-freshness.ts';
import { testReported } from '#exercises/town/events.ts';
import { describeError } from '#platform/errors.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { withdrawal } from '#test/support/withdrawals.ts';
import { FakeRedis, FRESHNESS, KEY, PARTITION, position, VIEW } from './fake-redis.ts';

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
  it('tells a view without what is withdrawn, which it reads once', async () => {
    const redis = new FakeRedis();
    const freshness = { ...FRESHNESS, withdrawals: [withdrawal({ run: null, method: 'nucleic_acid' })] };
    redis.held.set(KEYS.freshness(FIRST_GENERATION, PARTITION), Buffer.from(freshnessText(freshness)));
    redis.held.set(KEYS.view(FIRST_GENERATION, PARTITION, KEY).toString('latin1'), encodeView(VIEW));
    const reader = new ViewReader(redis.asRedis(), LOG, 8);
    // A commit brings both; where they don't fit each other, nothing is told.
    await expect(reader.read(KEY)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE', retriable: true });
    redis.held.set(KEYS.withdrawals(FIRST_GENERATION, PARTITION), Buffer.from(withdrawalsText(freshness.withdrawals)));
    redis.commands = 0;
    await expect(reader.read(KEY)).resolves.toMatchObject({
      view: { datedTests: [{ status: 'retracted', withdrawn: { id: 'w1' } }] },
      freshness: { withdrawals: [{ id: 'w1' }], acceptedUpToMs: 7 },
    });
    expect(redis.commands).toBe(2);
    const [first, second] = [await reader.read(KEY), await reader.read(KEY)];
    expect(redis.commands).toBe(4);
    // What is reckoned from a freshness is kept with the object.
    expect(second.freshness).toBe(first.freshness);
    redis.held.set(KEYS.freshness(FIRST_GENERATION, PARTITION), Buffer.from(freshnessText(FRESHNESS)));
    await expect(reader.read(KEY)).resolves.toMatchObject({ view: VIEW, freshness: { withdrawals: [] } });
  });
  it('reads view, position and freshness in one command', async () => {
    const redis = new FakeRedis();
    redis.held.set(KEYS.position(FIRST_GENERATION, PARTITION), Buffer.from(storedPosition(position(4))));
    redis.held.set(KEYS.freshness(FIRST_GENERATION, PARTITION), Buffer.from(freshnessText(FRESHNESS)));
    redis.held.set(KEYS.view(FIRST_GENERATION, PARTITION, KEY).toString('latin1'), encodeView(VIEW));
    const reader = new ViewReader(redis.asRedis(), LOG, 8);
    await expect(reader.read(KEY)).resolves.toEqual({
      edition: 1,
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
