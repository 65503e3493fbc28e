/** What a rebuild writes of dead letters, and whom it marks by them until a materialiser has read them. */

import { expect, it } from 'vitest';
import type { DeadLetter } from '#exchange/fold/dead-letters.ts';
import type { SettlementNote } from '#exchange/topics/letters.ts';
import { onlyNew } from '#services/cli/view/new-letters.ts';
import { START } from '#test/unit/exchange/fold/support.ts';

const strayAt = (offset: number): DeadLetter => ({
  record: { topic: 'tests', partition: 3, offset, appendedAtMs: 0, key: null, value: null, headers: {} },
  reason: 'no_person_key',
  detail: '',
  key: null,
  marked: '43',
});
const discardOf = (offset: number): SettlementNote => ({
  settlement: { place: { topic: 'tests', partition: 3, offset }, through: null, as: 'discarded', by: 'Li', why: '' },
  at: null,
});

it('what the rebuild passes first gets a letter and a mark; what has a letter already gets neither', async () => {
  const written: number[] = [];
  const { sink, marks } = onlyNew(new Set(['tests/3/1']), {
    write: async ({ record }) => void written.push(record.offset),
    note: async () => undefined,
    claimed: async () => undefined,
  });
  await sink.write(strayAt(1));
  expect(marks.incompleteAt(3, START)).toEqual([]);
  await sink.write(strayAt(2));
  expect(written).toEqual([2]);
  expect(marks.incompleteAt(3, START)).toEqual(['43']);
  await sink.note(discardOf(2));
  expect(marks.incompleteAt(3, START)).toEqual([]);
});
