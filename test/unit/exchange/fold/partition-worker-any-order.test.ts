/** The worker on a random log, fetched in random pieces, on a store that refuses, loses answers and goes back. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { merge, mergeUnreadable } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { personOf } from '#exchange/fold/step.ts';
import { encodeView } from '#exchange/view/codec.ts';
import { codeAssigned, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { LOG } from '#test/support/first-edition.ts';
import { turns } from '#test/unit/platform/kafka/support.ts';
import { type CommitEnd, MemoryLog, offsetsOf, type Rig, rigOf } from './support.ts';

const A = Buffer.from('aaaaaaaaaaaaaaaa');
const B = Buffer.from('bbbbbbbbbbbbbbbb');

const event = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((sample) => testReported({ sampleId: `S${sample}` })),
  fc.integer({ min: 0, max: 3 }).map((doseNumber) => vaccinationAdministered({ doseId: `D${doseNumber}` })),
  fc.integer({ min: 0, max: 3 }).map((decision) => codeAssigned({ decisionId: `K${decision}` })),
  fc.constant(null), // a record that can't be read
);
const entries = fc.array(fc.record({ person: fc.constantFrom(A, B), event, gap: fc.integer({ min: 0, max: 2 }) }), {
  maxLength: 30,
});
const moves = fc.array(
  fc.record({
    topic: fc.constantFrom(...LOG.topics),
    records: fc.integer({ min: 1, max: 6 }),
    end: fc.constantFrom<CommitEnd | 'goes back'>(
      'applied',
      'applied',
      'applied',
      'lost before',
      'lost after',
      'goes back',
    ),
  }),
  { maxLength: 30 },
);

it('the views stored are those of the events below the position stored', async () => {
  await fc.assert(
    fc.asyncProperty(entries, moves, fc.integer({ min: 1, max: 5 }), async (written, steps, commitEventsMax) => {
      const log = new MemoryLog();
      for (const { person, event: of, gap } of written)
        log.append(person, of ?? testReported(), { gap, ...(of === null ? { value: Buffer.alloc(1) } : {}) });
      const rig = rigOf({ commitEventsMax });
      await rig.begin();
      const { worker, store } = rig;
      const offer = (topic: string, records?: number) =>
        worker.offer(log.chunk(topic, worker.expectedOffset(topic), records));
      let goBack = store.snapshot();
      for (const { topic, records, end } of steps) {
        if (!worker.isRunning) await rig.begin();
        if (end === 'goes back') goBack();
        else store.nextEnd = end;
        offer(topic, records);
        await turns(1);
        expect(stored(rig)).toEqual(expectedViews(log, offsetsOf(store.position)));
        if (records === 1) goBack = store.snapshot();
      }
      store.nextEnd = 'applied';
      await worker.halt();
      await rig.begin();
      for (const topic of LOG.topics) offer(topic);
      await turns();
      expect(offsetsOf(store.position)).toEqual(LOG.topics.map((topic) => log.endOf(topic)));
      expect(stored(rig)).toEqual(expectedViews(log, offsetsOf(store.position)));
      expect(rig.happened).not.toContain('fatal');
    }),
    { numRuns: 150 },
  );
});

const bytesOf = (views: ReadonlyMap<string, PersonView>) =>
  Object.fromEntries(
    [...views].sort(([a], [b]) => (a < b ? -1 : 1)).map(([person, view]) => [person, encodeView(view).toString('hex')]),
  );
const stored = ({ store }: Rig) => bytesOf(store.views);
function expectedViews(log: MemoryLog, offsets: readonly (number | undefined)[]) {
  const views = new Map<string, PersonView>();
  const below = LOG.topics.flatMap((topic, index) =>
    (log.records[topic] ?? []).filter(({ offset }) => offset < (offsets[index] ?? 0)),
  );
  for (const { key, topic, offset, value } of below) {
    const person = personOf(key as Buffer);
    const before = views.get(person) ?? EMPTY_VIEW;
    views.set(
      person,
      value?.length === 1 ? mergeUnreadable(before, { topic, offset }) : merge(before, eventOf(log, topic, offset)),
    );
  }
  return bytesOf(views);
}
function eventOf(log: MemoryLog, topic: string, offset: number) {
  const found = log.events.get(`${topic} ${offset}`);
  if (found === undefined) throw new Error('no such event');
  return found;
}
