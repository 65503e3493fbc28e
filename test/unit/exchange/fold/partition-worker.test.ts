/** One partition's worker: views and position move together or not at all, whatever fails in between. */

import { describe, expect, it } from 'vitest';
import { merge, mergeUnreadable } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { personOf } from '#exchange/fold/step.ts';
import { samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { schemaSource, SCHEMA_IDS, turns } from '#test/unit/platform/kafka/support.ts';
import { A, B, begun, numbered } from './begun.ts';
import { MemoryLog, offsetsOf, rigOf, unavailable } from './support.ts';

describe('a step', () => {
  it('joins the topics of its partition, and commits views and position in one', async () => {
    const { worker, store } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported());
    log.append(B, samplingRecorded());
    log.append(A, vaccinationAdministered());
    worker.offer(log.chunk('tests', 0));
    await Promise.resolve();
    expect(worker.queued).toBe(0); // under way
    worker.offer(log.chunk('vaccinations', 0));
    expect(worker.queued).toBe(1);
    await turns();
    const [first, second] = store.commits;
    expect(first).toMatchObject({
      partition: 0,
      expected: '',
      views: [
        [A, merge(EMPTY_VIEW, testReported())],
        [B, merge(EMPTY_VIEW, samplingRecorded())],
      ],
    });
    expect(second?.views).toEqual([[A, merge(merge(EMPTY_VIEW, testReported()), vaccinationAdministered())]]);
    expect(store.commits.map(({ position }) => offsetsOf(position))).toEqual([
      [2, 0, 0, 0],
      [2, 1, 0, 0],
    ]);
    expect(offsetsOf(worker.position)).toEqual([2, 1, 0, 0]);
    expect(worker.queued).toBe(0);
  });
  it('takes everything that waits while it fits, and reports what became visible', async () => {
    const seen: number[] = [];
    const { worker, store } = await begun({ onCommitted: (effects) => seen.push(effects.length) });
    const log = new MemoryLog();
    for (let sample = 0; sample < 6; sample += 1) log.append(A, numbered(sample));
    worker.tick();
    await Promise.resolve();
    for (let offset = 0; offset < 6; offset += 2) worker.offer(log.chunk('tests', offset, 2));
    await turns();
    expect(store.commits.map(({ position }) => offsetsOf(position)[0])).toEqual([0, 6]);
    expect(seen).toEqual([0, 6]);
  });
  it('that changes no view still moves the position', async () => {
    const { worker, store } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported());
    log.append(A, testReported());
    worker.offer(log.chunk('tests', 0, 1));
    await turns();
    worker.offer(log.chunk('tests', 1));
    await turns();
    expect(store.commits.map(({ views, position }) => [views.length, offsetsOf(position)[0]])).toEqual([
      [1, 1],
      [0, 2],
    ]);
  });
  it('splits a chunk that is too large where a record ends, and loses none of its offsets', async () => {
    const { worker, store } = await begun({ commitEventsMax: 2 });
    const log = new MemoryLog();
    for (const gap of [0, 0, 3, 0, 0]) log.append(A, numbered(log.endOf('tests')), { gap });
    worker.offer({ ...log.chunk('tests', 0), nextOffset: 12 }); // control records at its end
    expect(worker.expectedOffset('tests')).toBe(12);
    await turns();
    expect(store.commits.map(({ position }) => offsetsOf(position)[0])).toEqual([2, 7, 12]);
    expect(store.views.get(personOf(A))?.datedTests).toHaveLength(5);
  });
  it('of a chunk without records moves the position past what was fetched', async () => {
    const { worker, store } = await begun();
    worker.offer({ topic: 'tests', records: [], nextOffset: 3 });
    await turns();
    expect(offsetsOf(store.position)).toEqual([3, 0, 0, 0]);
    expect(worker.expectedOffset('tests')).toBe(3);
    expect(worker.expectedOffset('vaccinations')).toBe(0);
  });
  it('under way counts for what comes next, though its position doesn’t stand yet', async () => {
    const { worker, store } = await begun();
    const held = Promise.withResolvers<void>();
    store.beforeCommit = () => held.promise;
    worker.offer({ topic: 'tests', records: [], nextOffset: 3 });
    await turns();
    expect([worker.expectedOffset('tests'), offsetsOf(worker.position)[0]]).toEqual([3, 0]);
    held.resolve();
    await turns();
    expect([worker.expectedOffset('tests'), offsetsOf(worker.position)[0]]).toEqual([3, 3]);
  });
  it('without records brings watermarks into force', async () => {
    const { worker, store, happened } = await begun();
    worker.tick();
    await turns();
    expect(store.commits).toMatchObject([
      { views: [], freshness: { watermarks: [{ instance: '43-a', throughMs: 0 }] } },
    ]);
    expect(happened).toEqual(['commit']);
  });
  it('hands on what held before, so that no watermark is taken back', async () => {
    const { worker, store, begin } = rigOf();
    store.freshness = {
      watermarks: [{ province: '43', instance: '43-a', throughMs: 99 }],
      incompleteProvinces: [],
      withdrawals: [],
      acceptedUpToMs: 0,
      leaks: [],
    };
    await begin();
    worker.tick();
    await turns();
    worker.tick();
    await turns();
    expect(store.commits.map(({ freshness }) => freshness.watermarks[0]?.throughMs)).toEqual([99, 99]);
  });
});

describe('a step that the store refuses', () => {
  it('is thrown away, the worker stops, and reads again when it is told to', async () => {
    const { worker, store, happened, begin } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported());
    const at0 = (topicId: string): object => ({ topicId, nextOffset: 0 });
    const topics = { tests: at0('t'), vaccinations: at0('v'), codes: at0('k') };
    store.stored = JSON.stringify({ clusterId: 'c', topics });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(happened).toEqual(['reload']);
    expect({ running: worker.isRunning, at: offsetsOf(worker.position), views: store.views.size }).toEqual({
      running: false,
      at: [0, 0, 0, 0],
      views: 0,
    });
    await begin();
    worker.offer(log.chunk('tests', worker.expectedOffset('tests')));
    await turns();
    expect(happened).toEqual(['reload', 'commit']);
    expect(store.views.size).toBe(1);
  });
  it('because Redis went back is found out by a tick, without any record', async () => {
    const { worker, store, happened } = await begun();
    const goBack = store.snapshot();
    worker.offer({ topic: 'tests', records: [], nextOffset: 3 });
    await turns();
    goBack();
    worker.tick();
    await turns();
    expect(happened).toEqual(['commit', 'reload']);
  });
  it.each([
    ['lost before', 0],
    ['lost after', 1],
  ] as const)('or of which nothing is known is not repeated: %s it was applied', async (end, applied) => {
    const { worker, store, happened } = await begun();
    store.nextEnd = end;
    worker.tick();
    await turns();
    expect(happened).toEqual(['reload']);
    expect(store.commits).toHaveLength(applied);
  });
  it('or whose views can’t be read leads to a reload too', async () => {
    const { worker, store, happened } = await begun();
    store.readFailsWith = unavailable('REDIS_UNAVAILABLE');
    worker.tick();
    await turns();
    expect(happened).toEqual(['reload']);
  });
});

describe('a record that can’t become an event', () => {
  it('is a dead letter before the position passes it, and marks its person', async () => {
    const { worker, store, happened, letters } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported());
    const poison = log.append(A, testReported(), { value: Buffer.from('{}'), gap: 2 });
    log.append(B, samplingRecorded());
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(happened).toEqual(['letter', 'commit']);
    expect(letters).toEqual([
      { record: poison, reason: 'not_wire_format', detail: expect.any(String), key: A, marked: '43' },
    ]);
    expect(store.commits[0]?.views).toEqual([
      [A, mergeUnreadable(merge(EMPTY_VIEW, testReported()), { topic: 'tests', offset: 3 })],
      [B, merge(EMPTY_VIEW, samplingRecorded())],
    ]);
    expect(offsetsOf(store.position)).toEqual([5, 0, 0, 0]);
  });
  it('and belongs to nobody known marks its province in the very step that passes it', async () => {
    const { worker, store, happened } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported(), { key: null });
    log.append(A, testReported(), { key: null, headers: {} });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(happened).toEqual(['letter', 'letter', 'marks 43', 'marks null', 'commit']);
    expect(store.commits).toMatchObject([{ views: [], freshness: { incompleteProvinces: ['43', null] } }]);
  });
  it('for its schema isn’t in the registry is one too, once the registry has said so', async () => {
    const { worker, letters } = await begun({
      schemas: {
        cached: () => undefined,
        fetch: async (id) => (id === SCHEMA_IDS.TestReported ? schemaSource().fetch(id) : null),
      },
    });
    const log = new MemoryLog();
    log.append(A, testReported(), { isNamed: false });
    log.append(A, samplingRecorded(), { isNamed: false });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(letters.map(({ reason, record }) => [reason, record.offset])).toEqual([['unknown_schema_id', 1]]);
  });
});

describe('a worker that is halted, idle or new', () => {
  it('ends the step under way, drops what waits and takes no more steps', async () => {
    const { worker, store, happened } = await begun({ commitEventsMax: 1 });
    const held = Promise.withResolvers<void>();
    store.beforeCommit = () => held.promise;
    const log = new MemoryLog();
    for (let sample = 0; sample < 3; sample += 1) log.append(A, numbered(sample));
    worker.offer(log.chunk('tests', 0));
    await turns();
    const halted = worker.halt().then(() => happened.push('halted'));
    await turns();
    expect(happened).toEqual([]);
    held.resolve();
    await halted;
    worker.tick();
    await turns();
    expect(happened).toEqual(['commit', 'halted']);
    expect(offsetsOf(store.position)).toEqual([1, 0, 0, 0]);
  });
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'is woken by a chunk that comes %i turns after the last commit',
    async (turnsAfter) => {
      const after = Promise.withResolvers<void>();
      const { worker, store } = await begun({ onCommitted: () => after.resolve() });
      worker.offer({ topic: 'tests', records: [], nextOffset: 1 });
      await after.promise;
      for (let turn = 0; turn < turnsAfter; turn += 1) await Promise.resolve();
      worker.offer({ topic: 'tests', records: [], nextOffset: 2 });
      await turns();
      expect(offsetsOf(store.position)).toEqual([2, 0, 0, 0]);
    },
  );
  it('runs nothing before it is told where to begin', async () => {
    const { worker, store } = rigOf();
    worker.tick();
    await turns();
    expect([worker.isRunning, worker.position, store.commits.length]).toEqual([false, null, 0]);
  });
});
