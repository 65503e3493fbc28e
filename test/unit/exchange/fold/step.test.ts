/**
 * What one step changes in the views: each person's effects together, in order, and nothing written that stays as it
 * is.
 */

import { describe, expect, it } from 'vitest';
import type { ProvinceCode } from '#core/field/regions.ts';
import { merge, mergeUnreadable } from '#core/view/merge.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { changedViews, type Effect, effectsByPerson, personOf } from '#exchange/fold/step.ts';
import { at, personErased, samplingRecorded, testReported, vaccinationAdministered } from '#exercises/town/events.ts';

const A = Buffer.from('aaaaaaaaaaaaaaaa');
const B = Buffer.from('bbbbbbbbbbbbbbbb');
const NOTHING_OLD = { beforeMs: 0, afterMs: 0 };
const effects: readonly Effect[] = [
  { key: B, event: testReported(), topic: 'tests', offset: 0 },
  { key: A, event: samplingRecorded(), topic: 'tests', offset: 1 },
  { key: B, unreadable: { topic: 'tests', offset: 4 } },
  { key: A, event: vaccinationAdministered(), topic: 'vaccinations', offset: 2 },
];

describe('the effects of a step', () => {
  it('are put together by person, in the order of each one’s first record', () => {
    expect([...effectsByPerson(effects)]).toEqual([
      [personOf(B), [effects[0], effects[2]]],
      [personOf(A), [effects[1], effects[3]]],
    ]);
  });
  it('tell apart any two keys, whatever their bytes', () => {
    const keys = Array.from({ length: 256 }, (_, byte) => Buffer.alloc(16, byte));
    expect(new Set(keys.map(personOf)).size).toBe(256);
  });
  it('become one view each', () => {
    const changed = changedViews(effectsByPerson(effects), [EMPTY_VIEW, EMPTY_VIEW], NOTHING_OLD);
    expect(changed).toEqual([
      [B, mergeUnreadable(merge(EMPTY_VIEW, testReported()), { topic: 'tests', offset: 4 })],
      [A, merge(merge(EMPTY_VIEW, samplingRecorded()), vaccinationAdministered())],
    ]);
  });
  it('that were all there before write nothing', () => {
    const people = effectsByPerson(effects);
    const after = changedViews(people, [EMPTY_VIEW, EMPTY_VIEW], NOTHING_OLD).map(([, view]) => view);
    expect(changedViews(people, after, NOTHING_OLD)).toEqual([]);
    expect(changedViews(people, [after[0] ?? EMPTY_VIEW, EMPTY_VIEW], NOTHING_OLD).map(([key]) => key)).toEqual([A]);
  });
  it('begin with erasures, wherever they lie in the step', () => {
    const after = testReported({ acceptedAtMs: 200, sampleId: 'after' });
    const people = effectsByPerson([
      { key: A, event: after, topic: 'tests', offset: 0 },
      { key: A, event: testReported({ acceptedAtMs: 100 }), topic: 'tests', offset: 1 },
      { key: A, event: personErased({ acceptedAtMs: 110, erasesThroughMs: 150 }), topic: 'erasures', offset: 0 },
    ]);
    const [, view] = changedViews(people, [EMPTY_VIEW], { beforeMs: 90, afterMs: 0 })[0] ?? [];
    expect(view?.datedTests.map(({ sampleId }) => sampleId)).toEqual(['after']);
    expect(isIncomplete(view as PersonView)).toBe(false);
  });
  it('of an erasure that comes after what it doesn’t take mark the person, for something may be lost', () => {
    const before = merge(EMPTY_VIEW, testReported({ acceptedAtMs: 200 }));
    const people = effectsByPerson([
      { key: A, event: personErased({ acceptedAtMs: 110, erasesThroughMs: 150 }), topic: 'erasures', offset: 7 },
    ]);
    const [, view] = changedViews(people, [before], { beforeMs: 200, afterMs: 0 })[0] ?? [];
    expect(view).toMatchObject({
      datedTests: [],
      erasedThroughMs: 150,
      unreadable: [{ topic: 'erasures', offset: 7 }],
    });
    expect(isIncomplete(view as PersonView)).toBe(true);
    expect(changedViews(people, [EMPTY_VIEW], { beforeMs: 200, afterMs: 0 })[0]?.[1].unreadable).toEqual([]);
  });
  it('of a publisher’s erasure that comes late mark the person only where it took something', () => {
    const before = merge(EMPTY_VIEW, testReported({ acceptedAtMs: 200 }));
    const marksAfter = (province: ProvinceCode) => {
      const event = personErased({ province, acceptedAtMs: 110, erasesThroughMs: 150, takes: 'own' });
      const people = effectsByPerson([{ key: A, event, topic: 'erasures', offset: 7 }]);
      return changedViews(people, [before], { beforeMs: 200, afterMs: 0 })[0]?.[1];
    };
    expect(marksAfter('43')).toMatchObject({ datedTests: [], unreadable: [{ topic: 'erasures', offset: 7 }] });
    expect(marksAfter('44')).toMatchObject({ datedTests: [{}], unreadable: [] });
  });
  it('cut samples that are older than what is kept', () => {
    const kept = testReported({ sampleId: 'kept', sampledAtMs: at('2022-08-09T18:00+08:00') });
    const people = effectsByPerson([
      { key: A, event: kept, topic: 'tests', offset: 0 },
      {
        key: A,
        event: testReported({ sampleId: 'old', sampledAtMs: at('2022-07-12T23:59+08:00') }),
        topic: 'tests',
        offset: 1,
      },
    ]);
    const [, view] =
      changedViews(people, [EMPTY_VIEW], { beforeMs: 0, afterMs: at('2022-08-10T00:00+08:00') })[0] ?? [];
    expect(view?.datedTests.map(({ sampleId }) => sampleId)).toEqual(['kept']);
    expect(view?.datedTestsCuts).toHaveLength(1);
  });
  it('of no records are none', () => {
    expect(changedViews(effectsByPerson([]), [], NOTHING_OLD)).toEqual([]);
  });
});
