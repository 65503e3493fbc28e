/**
 * What a replay or a discard in the log does: the person is unmarked with the position, and the letter is noted as
 * settled.
 */

import { describe, expect, it } from 'vitest';
import { merge, mergeSettled } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { personOf } from '#exchange/fold/step.ts';
import { settlementHeaders } from '#exchange/topics/letters.ts';
import { testReported } from '#exercises/town/events.ts';
import { turns } from '#test/unit/platform/kafka/support.ts';
import { MemoryLog, type Rig, rigOf } from './support.ts';

const A = Buffer.from('aaaaaaaaaaaaaaaa');

async function begun(): Promise<Rig> {
  const rig = rigOf();
  await rig.begin();
  return rig;
}

describe('a settlement', () => {
  const settling = (as: 'replayed' | 'discarded', offset: number, partition = 0) =>
    settlementHeaders({ place: { topic: 'tests', partition, offset }, through: offset, as, by: 'Li', why: 'w' });
  const garbled = Buffer.from([0, 0, 0, 0, 1, 9]);

  it('by a replay that can be read unmarks the person in the same commit, after its note is written', async () => {
    const { worker, store, happened, notes } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported(), { value: garbled });
    log.append(A, testReported(), { headers: settling('replayed', 0) });
    worker.offer(log.chunk('tests', 0, 1));
    await turns();
    expect(store.views.get(personOf(A))?.unreadable).toHaveLength(1);
    worker.offer(log.chunk('tests', 1));
    await turns();
    expect(happened).toEqual(['letter', 'commit', 'note', 'commit']);
    expect(notes).toMatchObject([
      { settlement: { as: 'replayed', by: 'Li' }, at: { topic: 'tests', partition: 0, offset: 1 } },
    ]);
    expect(store.views.get(personOf(A))).toEqual(
      mergeSettled(merge(EMPTY_VIEW, testReported()), { topic: 'tests', offset: 0, through: 0 }),
    );
  });
  it('by a replay that is unreadable again moves the mark to the new letter', async () => {
    const { worker, store, letters, notes } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported(), { value: garbled });
    log.append(A, testReported(), { value: garbled, headers: settling('replayed', 0) });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(store.views.get(personOf(A))?.unreadable).toEqual([{ topic: 'tests', offset: 1, isSettled: false }]);
    expect([letters.length, notes.length]).toEqual([2, 1]);
  });
  it('by a discard unmarks the person and is no letter', async () => {
    const { worker, store, letters, notes } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported(), { value: garbled });
    log.append(A, testReported(), { value: null, headers: settling('discarded', 0) });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(store.views.get(personOf(A))).toMatchObject({
      unreadable: [],
      unreadableBounds: [{ topic: 'tests', settledThrough: 0 }],
    });
    expect([letters.length, notes.length]).toEqual([1, 1]);
  });
  it('of a record in another partition is noted and changes no view but by the event', async () => {
    const { worker, store, notes } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported(), { headers: settling('replayed', 4, 6) });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(store.views.get(personOf(A))).toEqual(merge(EMPTY_VIEW, testReported()));
    expect(notes).toMatchObject([{ settlement: { place: { partition: 6, offset: 4 } } }]);
  });
  it('isn’t what a tombstone or a record without a person’s key claims', async () => {
    const { worker, letters, notes } = await begun();
    const log = new MemoryLog();
    log.append(A, testReported(), { value: null });
    log.append(A, testReported(), { key: null, value: null, headers: settling('discarded', 0) });
    worker.offer(log.chunk('tests', 0));
    await turns();
    expect(letters.map(({ reason }) => reason)).toEqual(['tombstone', 'no_person_key']);
    expect(notes).toEqual([]);
  });
});
