/** What an erasure takes from a view, and what no longer gets in after it, to the millisecond of its reach. */

import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { merge, mergeUnreadable } from '#core/view/merge.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { personErased, samplingRecorded, testReported } from '#exercises/town/events.ts';

const REACH_MS = 1_000_000;
const erasure = (erasesThroughMs: number) => personErased({ erasesThroughMs });
const viewOf = (...events: readonly PersonEvent[]): PersonView => events.reduce(merge, EMPTY_VIEW);

describe('an erasure', () => {
  it('takes everything away, but for the mark of what could not be read', () => {
    const marked = mergeUnreadable(viewOf(testReported(), samplingRecorded()), { topic: 'tests', offset: 4 });
    const erased = merge(marked, erasure(REACH_MS));
    expect(erased).toEqual({ ...EMPTY_VIEW, unreadable: marked.unreadable, erasedThroughMs: REACH_MS });
    expect(isIncomplete(erased)).toBe(true);
  });
  it('hides what was accepted up to its reach, and nothing that was accepted after it', () => {
    const erased = viewOf(erasure(REACH_MS));
    for (const acceptedAtMs of [0, REACH_MS - 1, REACH_MS])
      expect(merge(erased, testReported({ acceptedAtMs }))).toBe(erased);
    expect(merge(erased, testReported({ acceptedAtMs: REACH_MS + 1 })).datedTests).toHaveLength(1);
  });
  it('of an earlier reach, or of the same, takes nothing that came since', () => {
    const since = viewOf(erasure(REACH_MS), testReported({ acceptedAtMs: REACH_MS + 1 }));
    expect(merge(since, erasure(REACH_MS - 1))).toBe(since);
    expect(merge(since, erasure(REACH_MS))).toBe(since);
  });
  it('of a later reach takes that too, though it was itself accepted within the first one’s', () => {
    const since = viewOf(erasure(REACH_MS), testReported({ acceptedAtMs: REACH_MS + 1 }));
    const later = personErased({ acceptedAtMs: REACH_MS - 1, erasesThroughMs: REACH_MS + 1 });
    expect(merge(since, later)).toEqual({ ...EMPTY_VIEW, erasedThroughMs: REACH_MS + 1 });
  });
});
