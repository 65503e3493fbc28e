/** Erasures come before all else, so that none takes what was accepted after its reach. */

import { describe, expect, it } from 'vitest';
import { personOf } from '#exchange/fold/step.ts';
import { at, personErased, testReported } from '#exercises/town/events.ts';
import { turns } from '#test/unit/platform/kafka/support.ts';
import { MemoryLog, offsetsOf, rigOf, START } from './support.ts';

const A = Buffer.from('aaaaaaaaaaaaaaaa');
const T = at('2022-08-10T09:00+08:00');

describe('a worker', () => {
  it('takes nothing before the erasures have been read to where they ended when it began', async () => {
    const { worker, store } = rigOf();
    worker.begin(await store.loadPartition(), START, 1);
    const log = new MemoryLog();
    log.append(A, testReported({ acceptedAtMs: T + 200 }));
    log.append(A, personErased({ acceptedAtMs: T + 100, erasesThroughMs: T + 150 }));
    worker.offer(log.chunk('tests', 0));
    worker.tick();
    await turns();
    expect(store.commits.map(({ position }) => offsetsOf(position))).toEqual([[0, 0, 0, 0]]);
    worker.offer(log.chunk('erasures', 0));
    await turns();
    expect(offsetsOf(worker.position)).toEqual([1, 0, 0, 1]);
    expect(store.views.get(personOf(A))).toMatchObject({
      erasedThroughMs: T + 150,
      datedTests: [{ sampleId: 'S1' }],
      unreadable: [],
    });
  });
  it('of erasures that wait comes before those of all else', async () => {
    const { worker, store, begin } = rigOf({ commitEventsMax: 1 });
    await begin();
    const log = new MemoryLog();
    for (const sampleId of ['S1', 'S2']) log.append(A, testReported({ sampleId, acceptedAtMs: T + 200 }));
    log.append(A, personErased({ acceptedAtMs: T + 100, erasesThroughMs: T + 150 }));
    worker.offer(log.chunk('tests', 0));
    await Promise.resolve();
    worker.offer(log.chunk('erasures', 0));
    await turns(4);
    expect(store.commits.map(({ position }) => offsetsOf(position))).toEqual([
      [1, 0, 0, 0],
      [1, 0, 0, 1],
      [2, 0, 0, 1],
    ]);
  });
  it('that was away for longer than an erasure reaches takes it before later events fetched with it', async () => {
    const { worker, store, begin } = rigOf();
    const log = new MemoryLog();
    log.append(A, testReported({ sampleId: 'S1', acceptedAtMs: T }));
    await begin();
    worker.offer(log.chunk('tests', 0));
    await turns();
    log.append(A, personErased({ acceptedAtMs: T + 100, erasesThroughMs: T + 150 }));
    log.append(A, testReported({ sampleId: 'S2', acceptedAtMs: T + 200 }));
    worker.offer(log.chunk('tests', 1));
    worker.offer(log.chunk('erasures', 0));
    await turns();
    expect(store.views.get(personOf(A))).toMatchObject({
      erasedThroughMs: T + 150,
      datedTests: [{ sampleId: 'S2' }],
      unreadable: [],
    });
  });
  it('stores the latest acceptance so far, and goes on from there', async () => {
    const { worker, store, begin } = rigOf();
    await begin();
    const log = new MemoryLog();
    for (const acceptedAtMs of [T + 300, T + 100])
      log.append(A, testReported({ sampleId: `S${log.endOf('tests')}`, acceptedAtMs }));
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(store.freshness.acceptedUpToMs).toBe(T + 300);
    await worker.halt();
    await begin();
    worker.tick();
    await turns();
    expect(store.freshness.acceptedUpToMs).toBe(T + 300);
  });
});
