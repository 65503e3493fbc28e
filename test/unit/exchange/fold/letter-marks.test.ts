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

describe('a letter that marks nobody unless it is claimed', () => {
  const claim = (number: number) => ({ instance: '43-a', epoch: 2, attempt: 0, number });
  const found = { instance: '43-a', epoch: 2, topic: 'tests', partition: 3, from: 4, through: 5 };
  const incomplete = (marks: LetterMarks) => marks.incompleteAt(0, START);

  it('marks its province from when it is found claimed until it is settled, and no other does', () => {
    const marks = new LetterMarks();
    for (const number of [3, 4, 5]) marks.addFailing(place(number), claim(number));
    expect(incomplete(marks)).toEqual([]);
    marks.addFound(found);
    marks.addFound(found);
    expect(incomplete(marks)).toEqual(['43']);
    marks.settle(settles(4));
    expect(incomplete(marks)).toEqual(['43']);
    marks.settle(settles(5));
    expect(incomplete(marks)).toEqual([]);
  });
  it('marks though it comes after what was found, and not if it was settled before', () => {
    const marks = new LetterMarks();
    marks.addFound(found);
    marks.settle(settles(4));
    marks.addFailing(place(4), claim(4));
    expect([incomplete(marks), marks.hasFailing(place(4), claim(4))]).toEqual([[], false]);
    marks.addFailing(place(5), claim(5));
    expect([incomplete(marks), marks.hasFailing(place(5), claim(5))]).toEqual([['43'], true]);
  });
  it('is not told from others beyond the bound, where one of its process is claimed', () => {
    const marks = new LetterMarks(2);
    marks.addFound(found);
    for (const number of [4, 8, 9]) marks.addFailing(place(number), claim(number));
    expect(incomplete(marks)).toEqual(['43']);
    const forged = new LetterMarks(2);
    for (const number of [4, 8, 9]) forged.addFailing(place(number), claim(number));
    expect(incomplete(forged)).toEqual([]);
  });
  it('keeps its mark in the replay’s partition until the position has passed the replay', () => {
    const marks = new LetterMarks();
    marks.addFailing(place(4), claim(4));
    marks.addFound(found);
    marks.settle(settles(4, { topic: 'tests', partition: 0, offset: 9 }));
    expect([marks.incompleteAt(0, at(9)), marks.incompleteAt(0, at(10))]).toEqual([['43'], []]);
  });
});
