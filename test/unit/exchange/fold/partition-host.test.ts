/** Between group and workers: a partition is read from where its view stands and from nowhere else, whoever says so. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testReported } from '#exercises/town/events.ts';
import { HutongError } from '#platform/errors.ts';
import { redisUnavailable } from '#platform/redis.ts';
import { turns } from '#test/unit/platform/kafka/support.ts';
import { fakeTimers } from '#test/unit/services/producer/support.ts';
import { Group, KEY, positionAt } from './group.ts';
import { offsetsOf } from './support.ts';

const ALL = 'tests 0, vaccinations 0, codes 0, erasures 0';
const ALL_BUT_ERASURES = 'tests 0, vaccinations 0, codes 0';
let group: Group;

beforeEach(async () => {
  fakeTimers();
  group = new Group();
  await group.host.start();
});
afterEach(() => void vi.useRealTimers());

async function assigned(): Promise<void> {
  group.assign([0]);
  await turns();
  group.news();
}

describe('an assigned partition', () => {
  it('is paused in the same turn, and read only once it is known from where', async () => {
    group.store.stored = positionAt(7);
    expect(group.host.isRunning).toBe(false);
    group.assign([0]);
    expect(group.news()[0]).toBe(`pause ${ALL}`);
    expect(group.host.isRunning).toBe(false);
    await turns();
    expect(group.news()).toEqual([
      'seek tests 0 to 7',
      'seek vaccinations 0 to 0',
      'seek codes 0 to 0',
      'seek erasures 0 to 0',
      `resume ${ALL}`,
    ]);
    expect(group.host.isRunning).toBe(true);
    expect(await group.gauge('hutong_positions_reloaded_total{cause="assigned"} 1')).toBe(true);
  });
  it('that stays goes on behind what it has queued', async () => {
    await assigned();
    const held = Promise.withResolvers<void>();
    group.store.beforeCommit = () => held.promise;
    for (let sample = 0; sample < 3; sample += 1) group.log.append(KEY, testReported({ sampleId: `S${sample}` }));
    await group.fetched(0, 1);
    await group.fetched(1);
    group.assign([0]);
    expect(group.news()).toEqual([
      `pause ${ALL}`,
      'seek tests 0 to 3',
      'seek vaccinations 0 to 0',
      'seek codes 0 to 0',
      'seek erasures 0 to 0',
      `resume ${ALL}`,
    ]);
    held.resolve();
    await turns();
    expect(offsetsOf(group.store.position)).toEqual([3, 0, 0, 0]);
  });
  it('that is not wanted stays paused, and is begun or left as soon as that changes', async () => {
    group.host.restrictTo(new Set());
    group.assign([0]);
    await turns();
    expect(group.news()).toEqual([`pause ${ALL}`]);
    expect([group.rig, group.host.isRunning]).toEqual([null, true]);

    group.host.restrictTo(new Set([0]));
    await turns();
    expect(group.news().at(-1)).toBe(`resume ${ALL}`);
    group.log.append(KEY, testReported());
    await group.fetched(0);
    expect(offsetsOf(group.store.position)).toEqual([1, 0, 0, 0]);

    group.host.restrictTo(new Set());
    await turns();
    expect(group.news()).toEqual([`pause ${ALL}`]);
    group.log.append(KEY, testReported({ sampleId: 'later' }));
    expect(await group.fetched(1)).toEqual([]);
    expect(offsetsOf(group.store.position)).toEqual([1, 0, 0, 0]);
  });
  it('that is taken away takes no more records', async () => {
    await assigned();
    group.log.append(KEY, testReported());
    group.assign([]);
    expect(await group.fetched(0)).toEqual([]);
    expect(group.store.views.size).toBe(0);
    expect([group.host.workers.size, group.host.isRunning]).toEqual([0, true]);
  });
  it('isn’t read before this copy knows of the exchange what the copy before it knew', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    group.caughtUp = promise;
    group.assign([0]);
    await turns();
    expect([group.host.isRunning, group.store.commits.length]).toEqual([false, 0]);
    resolve();
    await turns();
    expect([group.host.isRunning, group.store.commits.length]).toEqual([true, 1]);
  });
  it('that can’t be loaded yet is tried again', async () => {
    const loading = vi.spyOn(group.store, 'loadPartition').mockRejectedValueOnce(redisUnavailable(new Error('away')));
    group.assign([0]);
    await turns();
    expect(group.host.isRunning).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await turns();
    expect([loading.mock.calls.length, group.host.isRunning]).toEqual([2, true]);
  });
  it('whose store takes no writes is not read again without end', async () => {
    await assigned();
    const loading = vi.spyOn(group.store, 'loadPartition');
    const committing = vi
      .spyOn(group.store, 'commit')
      .mockRejectedValue(new HutongError('REDIS_FULL', 'full', { retriable: true }));
    group.host.tick();
    for (let second = 0; second < 10; second += 1) {
      await turns();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(loading.mock.calls.length).toBeLessThanOrEqual(11);
    expect(await group.gauge('hutong_positions_reloaded_total{cause="store_full"}')).toBe(true);

    committing.mockRestore();
    await vi.advanceTimersByTimeAsync(1_000);
    await turns();
    expect(group.store.position).not.toBeNull();
  });
  it('whose position is not in the log is stopped and shown, until it is', async () => {
    group.store.stored = positionAt(101);
    group.assign([0]);
    await turns();
    expect(await group.gauge('hutong_partition_stopped{partition="0"} 1')).toBe(true);
    expect(group.news().filter((what) => what.startsWith('resume'))).toEqual([]);
    group.high = 200; // the lost records are restored
    await vi.advanceTimersByTimeAsync(20_000);
    await turns();
    expect(await group.gauge('hutong_partition_stopped{partition="0"} 0')).toBe(true);
    expect(group.news()).toContain('seek tests 0 to 101');
  });
});

describe('a fetch', () => {
  it('from where the view stands is taken, and told to the client', async () => {
    await assigned();
    group.log.append(KEY, testReported());
    group.log.append(KEY, testReported({ sampleId: 'S2' }), { gap: 1 });
    expect(await group.fetched(0)).toEqual(['2']);
    expect(offsetsOf(group.store.position)).toEqual([3, 0, 0, 0]);
    expect([...group.store.views.values()][0]?.datedTests).toHaveLength(2);
  });
  it('from elsewhere is not taken: records would be skipped. It is read again from the stored position', async () => {
    await assigned();
    for (let sample = 0; sample < 5; sample += 1) group.log.append(KEY, testReported({ sampleId: `S${sample}` }));
    expect(await group.fetched(3)).toEqual([]);
    expect(offsetsOf(group.store.position)).toEqual([0, 0, 0, 0]);
    expect(group.news()).toEqual([
      `pause ${ALL}`,
      'seek tests 0 to 0',
      'seek vaccinations 0 to 0',
      'seek codes 0 to 0',
      'seek erasures 0 to 0',
      `resume ${ALL}`,
    ]);
    expect(await group.gauge('hutong_positions_reloaded_total{cause="fetched_elsewhere"} 1')).toBe(true);
  });
  it('from before a seek is not looked at', async () => {
    await assigned();
    group.log.append(KEY, testReported());
    expect(await group.fetched(0, 1, true)).toEqual([]);
    expect(group.news()).toEqual([]);
  });
  it('of control records alone moves the position past them', async () => {
    await assigned();
    await group.controlRecords(0, 4);
    expect(offsetsOf(group.store.position)).toEqual([5, 0, 0, 0]);
  });
  it.each([
    [1, 4],
    [null, 4],
  ])('of control records from %s to %i, not from where the view stands, changes nothing', async (first, last) => {
    await assigned();
    await group.controlRecords(first, last);
    expect(offsetsOf(group.store.position)).toEqual([0, 0, 0, 0]);
  });
  it('is the last one while too much waits, and fetching goes on when there is room', async () => {
    await assigned();
    const held = Promise.withResolvers<void>();
    group.store.beforeCommit = () => held.promise;
    const chunk = group.log.append(KEY, testReported());
    group.log.records['tests'] = Array.from({ length: 10_500 }, (_, offset) => ({ ...chunk, offset }));
    await group.fetched(0, 400);
    await group.fetched(400);
    expect(group.news()).toEqual([`pause ${ALL_BUT_ERASURES}`]); // which the others may be waiting for
    held.resolve();
    await turns(6);
    expect(group.news()).toEqual([`resume ${ALL}`]);
    expect(offsetsOf(group.store.position)).toEqual([10_500, 0, 0, 0]);
  });
});

describe('the erasures', () => {
  it('are read to their end before anything else', async () => {
    group.erasuresEnd = 2;
    await assigned();
    group.log.append(KEY, testReported());
    await group.fetched(0);
    expect(group.store.commits.every(({ views }) => views.length === 0)).toBe(true);
    expect(offsetsOf(group.store.position)).toEqual([0, 0, 0, 0]);
  });
});

describe('a step that is refused', () => {
  it('has the partition read again from what is stored now', async () => {
    await assigned();
    group.store.stored = positionAt(40); // another copy wrote
    group.host.tick();
    await turns();
    expect(group.news()).toEqual([
      `pause ${ALL}`,
      'seek tests 0 to 40',
      'seek vaccinations 0 to 0',
      'seek codes 0 to 0',
      'seek erasures 0 to 0',
      `resume ${ALL}`,
    ]);
    expect(await group.gauge('hutong_positions_reloaded_total{cause="position_refused"} 1')).toBe(true);
  });
});

describe('the stop', () => {
  it('halts the workers, tells lag tools where they were, and leaves the group', async () => {
    await assigned();
    await group.controlRecords(0, 4);
    await group.host.stop();
    expect(group.news()).toEqual(['commit tests 5, vaccinations 0, codes 0, erasures 0', 'disconnect']);
    expect(group.rig?.worker.isRunning).toBe(false);
  });
});
