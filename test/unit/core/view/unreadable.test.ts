/**
 * Unreadable records of more than one topic, and at the edges of what is listed: a mark that got lost would let a plain
 * "no" stand beside a record that nobody could read. What they come to in one topic, merge.test.ts says.
 */

import { describe, expect, it } from 'vitest';
import { isIncomplete, mergeSettled, mergeUnreadable, type SettledRecord } from '#core/view/unreadable.ts';
import { EMPTY_VIEW, type PersonView, VIEW_LIMITS } from '#core/view/view.ts';

type Step = (view: PersonView) => PersonView;
type Topic = 'codes' | 'tests';

const mark =
  (topic: Topic, offset: number): Step =>
  (view) =>
    mergeUnreadable(view, { topic, offset });
const settled =
  (topic: Topic, offset: number, through: SettledRecord['through'] = null): Step =>
  (view) =>
    mergeSettled(view, { topic, offset, through });
const after = (...steps: readonly Step[]): PersonView => steps.reduce((view, step) => step(view), EMPTY_VIEW);
const offsets = (count: number): number[] => Array.from({ length: count }, (_, offset) => offset);

/** One more than is listed, all of them settled one by one: what was cut, the topic's very first record, is not. */
const cutAtFirst = after(
  ...offsets(VIEW_LIMITS.unreadableMax + 1).map((offset) => mark('tests', offset)),
  ...offsets(VIEW_LIMITS.unreadableMax + 1).map((offset) => settled('tests', offset)),
);

describe('a mark that is no longer listed', () => {
  it('still marks the person where it is of the first record of its topic', () => {
    expect(cutAtFirst.unreadableBounds).toMatchObject([{ cutThrough: 0 }]);
    expect(isIncomplete(cutAtFirst)).toBe(true);
    expect(isIncomplete(settled('tests', 0, 0)(cutAtFirst))).toBe(false);
  });
  it('changes nothing when it comes again', () => {
    expect(mark('tests', 0)(cutAtFirst)).toBe(cutAtFirst);
  });
});

describe('each topic', () => {
  it('has a bound of its own: the marks of one push out none of another', () => {
    const full = offsets(VIEW_LIMITS.unreadableMax).flatMap((offset) => [mark('tests', offset), mark('codes', offset)]);
    const view = after(...full);
    expect(view.unreadable).toHaveLength(2 * VIEW_LIMITS.unreadableMax);
    expect(view.unreadableBounds).toEqual([]);
  });
  it('is settled for itself: what is settled up to an offset of one still marks the person in another', () => {
    expect(isIncomplete(after(settled('tests', 7, 7), mark('codes', 4)))).toBe(true);
    expect(isIncomplete(after(settled('tests', 7, 7), mark('tests', 4)))).toBe(false);
  });
  it('stays settled when another is, whichever came first', () => {
    const steps = [settled('tests', 7, 7), settled('codes', 3, 3)] as const;
    const view = after(...steps);
    expect(isIncomplete(after(...steps, mark('tests', 5), mark('codes', 2)))).toBe(false);
    expect(after(...steps.toReversed())).toEqual(view);
  });
});
