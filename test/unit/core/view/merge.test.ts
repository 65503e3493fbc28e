/**
 * The merge rule by example: what a register is, what couldn't be read. That it holds for every order of every history
 * is for test/property/merge.test.ts to show.
 */

import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { DAY_MS } from '#core/field/time.ts';
import { merge, mergeSettled, mergeUnreadable } from '#core/view/merge.ts';
import { contentOf } from '#core/view/registers.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { EMPTY_VIEW, type PersonView, VIEW_LIMITS } from '#core/view/view.ts';
import {
  at,
  codeAssigned,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';

const viewOf = (...events: PersonEvent[]): PersonView => events.reduce(merge, EMPTY_VIEW);
const dayOf = (text: string): number => at(text) / 86_400_000 + 8 / 24;

describe('a register', () => {
  it('is the sample of a laboratory of a province on a day', () => {
    const base = testReported();
    const view = viewOf(
      base,
      testReported({ sampleId: 'S2' }),
      testReported({ laboratory: 'L2' }),
      testReported({ province: '44' }),
      testReported({ sampledAtMs: at('2022-08-08T18:00+08:00') }),
      testReported({ sampledAtMs: at('2022-08-09T23:59+08:00') }),
    );
    expect(view.datedTests).toHaveLength(5);
  });

  it('has its day in Shanghai', () => {
    const before = testReported({ sampledAtMs: at('2022-08-08T23:59:59.999+08:00') });
    const after = testReported({ sampledAtMs: at('2022-08-09T00:00+08:00') });
    expect(viewOf(before, after).datedTests.map((register) => register.day)).toEqual([
      dayOf('2022-08-09'),
      dayOf('2022-08-08'),
    ]);
  });

  it('takes the day of accession where the sampling time is unknown, and none where both are', () => {
    const undated = { sampledAtMs: null, sampledAtPrecision: null } as const;
    const view = viewOf(testReported({ ...undated, accessionedOnDay: 19_213 }), testReported(undated));
    expect(view.datedTests.map((register) => register.day)).toEqual([19_213]);
    expect(view.undatedTests.map((register) => register.day)).toEqual([null]);
  });

  it('of a sampling belongs to its site, and of a dose to its province and number', () => {
    const view = viewOf(
      samplingRecorded(),
      samplingRecorded({ site: 'P2' }),
      vaccinationAdministered(),
      vaccinationAdministered({ doseNumber: 2 }),
      vaccinationAdministered({ doseId: 'D2' }),
    );
    expect(view.samplings.map((register) => register.site)).toEqual(['P2', 'P1']);
    expect(view.doses.map((register) => register.doseId)).toEqual(['D2', 'D1']);
  });
});

describe('a register of a code or an exposure', () => {
  it('is the decision of a province on the day of its assignment, or the exposure on the day of its begin', () => {
    const view = viewOf(
      codeAssigned(),
      codeAssigned({ decisionId: 'K2' }),
      codeAssigned({ province: '44' }),
      codeAssigned({ assignedAtMs: at('2022-08-09T00:00+08:00') }),
      codeAssigned({ assignedAtMs: at('2022-08-08T23:59:59.999+08:00') }),
      exposureRecorded(),
      exposureRecorded({ province: '44' }),
      exposureRecorded({ exposureId: 'E2' }),
      exposureRecorded({ fromMs: at('2022-08-06T23:59+08:00') }),
      exposureRecorded({ toMs: null }),
    );
    expect(view.codes.map(({ day, province, decisionId }) => [day, province, decisionId])).toEqual([
      [dayOf('2022-08-09'), '44', 'K1'],
      [dayOf('2022-08-09'), '43', 'K2'],
      [dayOf('2022-08-09'), '43', 'K1'],
      [dayOf('2022-08-08'), '43', 'K1'],
    ]);
    expect(view.exposures.map(({ day, province, exposureId }) => [day, province, exposureId])).toEqual([
      [dayOf('2022-08-07'), '44', 'E1'],
      [dayOf('2022-08-07'), '43', 'E2'],
      [dayOf('2022-08-07'), '43', 'E1'],
      [dayOf('2022-08-06'), '43', 'E1'],
    ]);
  });
  it('that ended is no longer open, whichever came first', () => {
    const open = exposureRecorded({ toMs: null, recordedAtMs: at('2022-08-07T10:00+08:00') });
    expect(viewOf(exposureRecorded(), open)).toEqual(viewOf(open, exposureRecorded()));
    expect(viewOf(exposureRecorded(), open).exposures[0]?.toMs).toBe(exposureRecorded().toMs);
  });
  it('gives way to newer days when there are too many, which is remembered', () => {
    const noonOf = (day: number): number => at('2022-08-01T12:00+08:00') + day * DAY_MS;
    const daysOf = (max: number): number[] => Array.from({ length: max + 2 }, (_, index) => index);
    const view = viewOf(
      ...daysOf(VIEW_LIMITS.codesMax).map((day) => codeAssigned({ assignedAtMs: noonOf(day) })),
      ...daysOf(VIEW_LIMITS.exposuresMax).map((day) => exposureRecorded({ fromMs: noonOf(day) })),
    );
    for (const [list, max] of [
      [view.codes, VIEW_LIMITS.codesMax],
      [view.exposures, VIEW_LIMITS.exposuresMax],
    ] as const) {
      expect(list.map(({ day }) => day)).toEqual(
        daysOf(max)
          .slice(2)
          .reverse()
          .map((day) => dayOf('2022-08-01') + day),
      );
    }
    const cut = { province: '43', newestDay: dayOf('2022-08-02') };
    expect(view.codesCuts).toEqual([{ ...cut, lastEndMs: codeAssigned().expiresAtMs }]);
    expect(view.exposuresCuts).toEqual([cut]);
  });
});

describe('unreadable records', () => {
  it('are a bounded set, whatever their order', () => {
    const records = Array.from({ length: VIEW_LIMITS.unreadableMax + 1 }, (_, offset) => ({ topic: 'tests', offset }));
    const forth = records.reduce(mergeUnreadable, EMPTY_VIEW);
    const back = [...records, ...records].reverse().reduce(mergeUnreadable, EMPTY_VIEW);
    expect(forth).toEqual(back);
    expect(forth.unreadable).toHaveLength(VIEW_LIMITS.unreadableMax);
    expect(forth.unreadable.at(-1)).toEqual({ topic: 'tests', offset: 1, isSettled: false });
    expect(forth.unreadableBounds).toEqual([{ topic: 'tests', settledThrough: -1, cutThrough: 0 }]);
  });
  const mark = (offset: number) => (view: PersonView) => mergeUnreadable(view, { topic: 'tests', offset });
  const settled =
    (offset: number, through: number | null = null) =>
    (view: PersonView) =>
      mergeSettled(view, { topic: 'tests', offset, through });
  const after = (...steps: readonly ((view: PersonView) => PersonView)[]) =>
    steps.reduce((view, step) => step(view), EMPTY_VIEW);
  it('that are settled mark nobody, whichever comes first, and another one still does', () => {
    expect(after(mark(4), settled(4))).toEqual(after(settled(4), mark(4), mark(4)));
    expect(isIncomplete(after(mark(4)))).toBe(true);
    expect(isIncomplete(after(mark(4), settled(4)))).toBe(false);
    expect(isIncomplete(after(mark(4), settled(4), mark(5)))).toBe(true);
    expect(isIncomplete(mergeSettled(after(mark(4)), { topic: 'codes', offset: 4, through: 4 }))).toBe(true);
  });
  it('of which all up to one are settled leave nothing but that offset behind', () => {
    expect(after(mark(4), mark(7), settled(7, 7))).toMatchObject({
      unreadable: [],
      unreadableBounds: [{ topic: 'tests', settledThrough: 7, cutThrough: -1 }],
    });
    expect(after(settled(7, 7), mark(7), mark(9), mark(4)).unreadable).toEqual([
      { topic: 'tests', offset: 9, isSettled: false },
    ]);
  });
  it('that were cut mark the person until all up to the last of them are settled', () => {
    const many = Array.from({ length: VIEW_LIMITS.unreadableMax + 2 }, (_, offset) => mark(offset));
    const each = Array.from(many, (_, offset) => settled(offset));
    expect(isIncomplete(after(...many, ...each))).toBe(true);
    expect(isIncomplete(after(...many, ...each, settled(0, 0)))).toBe(true);
    expect(isIncomplete(after(...many, ...each, settled(1, 1)))).toBe(false);
    expect(isIncomplete(after(...many, settled(1, 1)))).toBe(true);
  });
  it('change nothing, not even the object, when they come again', () => {
    const view = after(mark(4), settled(4), mark(9), settled(6, 5));
    for (const again of [mark(4), settled(4), mark(9), settled(6, 5), mark(5)]) expect(again(view)).toBe(view);
  });
});

describe('content', () => {
  it('is what an event states: not how it was delivered, nor fields that are absent', () => {
    const stated = contentOf(testReported());
    expect(contentOf(testReported({ eventId: 'x', acceptedAtMs: 5, producerInstance: '44-b' }))).toBe(stated);
    expect(contentOf({ ...testReported(), addedLater: null } as never)).toBe(stated);
    expect(contentOf(testReported({ tubeId: 'T' }))).not.toBe(stated);
  });
});
