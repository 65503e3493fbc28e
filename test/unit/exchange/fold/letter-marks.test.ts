/**
 * Which provinces are incomplete: each while a letter of it is open, in whatever order letters and settlements come.
 */

import { describe, expect, it } from 'vitest';
import { LetterMarks } from '#exchange/fold/letter-marks.ts';
import type { RecordPlace, SettlementNote } from '#exchange/topics/letters.ts';
import { START } from './support.ts';

const place = (offset: number): RecordPlace => ({ topic: 'tests', partition: 3, offset });
const settles = (offset: number, at: RecordPlace | null = null): SettlementNote => ({
  settlement: { place: place(offset), through: null, as: at === null ? 'discarded' : 'replayed', by: 'Li', why: '' },
  at,
});
const at = (nextOffset: number) => ({ ...START, topics: { ...START.topics, tests: { topicId: 't', nextOffset } } });

describe('a province', () => {
  it('is incomplete while one of its letters is open', () => {
    const marks = new LetterMarks();
    marks.add(place(1), '43');
    marks.add(place(1), '43');
    marks.add(place(2), '43');
    marks.add(place(3), null);
    expect(marks.incompleteAt(0, START)).toEqual(['43', null]);
    marks.settle(settles(1));
    marks.settle(settles(3));
    expect(marks.incompleteAt(0, START)).toEqual(['43']);
    marks.settle(settles(2));
    marks.settle(settles(2));
    expect(marks.incompleteAt(0, START)).toEqual([]);
  });
  it('isn’t marked by a letter that comes again, or late, after its settlement', () => {
    const marks = new LetterMarks();
    marks.settle(settles(1));
    marks.add(place(1), '43');
    expect(marks.incompleteAt(0, START)).toEqual([]);
  });
  it('is incomplete in the replay’s partition whenever the position has not passed the replay', () => {
    const marks = new LetterMarks();
    marks.add(place(1), '43');
    marks.settle(settles(1, { topic: 'tests', partition: 5, offset: 8 }));
    expect(marks.incompleteAt(5, at(8))).toEqual(['43']);
    expect(marks.incompleteAt(5, at(9))).toEqual([]);
    expect(marks.incompleteAt(4, at(0))).toEqual([]);
    marks.add(place(1), '43');
    expect(marks.incompleteAt(5, at(8))).toEqual(['43']); // Redis has gone back, and the letter was written again
  });
  it('with more letters than are remembered stays incomplete', () => {
    const marks = new LetterMarks(2);
    for (const offset of [1, 2, 3]) marks.add(place(offset), offset === 3 ? '44' : '43');
    for (const offset of [1, 2, 3]) marks.settle(settles(offset));
    expect(marks.incompleteAt(0, START)).toEqual(['44']);
    marks.add(place(1), '43'); // its settlement is no longer remembered
    expect(marks.incompleteAt(0, START)).toEqual(['44', '43']);
  });
});
