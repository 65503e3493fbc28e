/** What one step changes in the views: each person's effects together, in order, and nothing written that stays as it is. */
import { describe, expect, it } from 'vitest';
import { merge, mergeUnreadable } from '#core/merge.ts';
import { EMPTY_VIEW } from '#core/view.ts';
import { changedViews, type Effect, effectsByPerson, personOf } from '../../../services/materialiser/step.ts';
import { samplingRecorded, testReported, vaccinationAdministered } from '#test/support/events.ts';

const A = Buffer.from('aaaaaaaaaaaaaaaa');
const B = Buffer.from('bbbbbbbbbbbbbbbb');
const effects: readonly Effect[] = [
  { key: B, event: testReported() },
  { key: A, event: samplingRecorded() },
  { key: B, unreadable: { topic: 'tests', offset: 4 } },
  { key: A, event: vaccinationAdministered() },
];

describe('the effects of a step', () => {
  it('are put together by person, in the order of each one’s first record', () => {
    expect([...effectsByPerson(effects)]).toEqual([[personOf(B), [effects[0], effects[2]]], [personOf(A), [effects[1], effects[3]]]]);
  });
  it('tell apart any two keys, whatever their bytes', () => {
    const keys = Array.from({ length: 256 }, (_, byte) => Buffer.alloc(16, byte));
    expect(new Set(keys.map(personOf)).size).toBe(256);
  });
  it('become one view each', () => {
    const changed = changedViews(effectsByPerson(effects), [EMPTY_VIEW, EMPTY_VIEW]);
    expect(changed).toEqual([
      [B, mergeUnreadable(merge(EMPTY_VIEW, testReported()), { topic: 'tests', offset: 4 })],
      [A, merge(merge(EMPTY_VIEW, samplingRecorded()), vaccinationAdministered())],
    ]);
  });
  it('that were all there before write nothing', () => {
    const people = effectsByPerson(effects);
    const after = changedViews(people, [EMPTY_VIEW, EMPTY_VIEW]).map(([, view]) => view);
    expect(changedViews(people, after)).toEqual([]);
    expect(changedViews(people, [after[0] ?? EMPTY_VIEW, EMPTY_VIEW]).map(([key]) => key)).toEqual([A]);
  });
  it('of no records are none', () => {
    expect(changedViews(effectsByPerson([]), [])).toEqual([]);
  });
});
