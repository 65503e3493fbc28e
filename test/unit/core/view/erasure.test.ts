/** What an erasure takes from a view, and what no longer gets in after it, to the millisecond of its reach. */

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERASURE_TAKES, type PersonEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { merge, mergeUnreadable } from '#core/view/merge.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import {
  codeAssigned,
  exposureRecorded,
  personErased,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';
import { anyEvent } from '#test/support/histories.ts';
import { runs } from '#test/support/runs.ts';

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

describe('an erasure of a publisher’s own', () => {
  const own = (province: ProvinceCode, erasesThroughMs: number) =>
    personErased({ province, erasesThroughMs, takes: 'own' });
  const of = (province: ProvinceCode, acceptedAtMs = 1): readonly PersonEvent[] => [
    testReported({ province, acceptedAtMs }),
    testReported({ province, acceptedAtMs, sampledAtMs: null, sampledAtPrecision: null }),
    samplingRecorded({ province, acceptedAtMs }),
    vaccinationAdministered({ province, acceptedAtMs }),
    codeAssigned({ province, acceptedAtMs }),
    exposureRecorded({ province, acceptedAtMs }),
  ];
  it('takes all that it published, and leaves what others did: Hunan’s doesn’t clear Beijing’s red code', () => {
    const erased = viewOf(...of('43'), ...of('11'), own('43', REACH_MS));
    expect(erased).toEqual({ ...viewOf(...of('11')), publisherErasures: [{ province: '43', throughMs: REACH_MS }] });
  });
  it('takes the publisher’s cuts along, and not those of whom it isn’t known', () => {
    const cut = { province: null, newestDay: 1, lastEndMs: null };
    const many = Array.from({ length: 20 }, (_, index) => codeAssigned({ decisionId: `K${index}`, acceptedAtMs: 1 }));
    const erased = merge({ ...viewOf(...many), codesCuts: [cut, { ...cut, province: '43' }] }, own('43', REACH_MS));
    expect([erased.codes, erased.codesCuts]).toEqual([[], [cut]]);
  });
  it('hides what the publisher sends up to its reach, and nothing of another', () => {
    const erased = viewOf(own('43', REACH_MS));
    for (const event of of('43', REACH_MS)) expect(merge(erased, event)).toBe(erased);
    for (const event of of('43', REACH_MS + 1)) expect(merge(erased, event)).not.toBe(erased);
    for (const event of of('44', REACH_MS)) expect(merge(erased, event)).not.toBe(erased);
  });
  it('says no more where one that takes all reaches as far', () => {
    const all = viewOf(erasure(REACH_MS));
    expect(merge(all, own('43', REACH_MS))).toBe(all);
    expect(viewOf(own('43', REACH_MS), erasure(REACH_MS))).toEqual(all);
  });
  it('that reaches further than one of all keeps what came after it', () => {
    const since = viewOf(own('43', REACH_MS + 1), ...of('43', REACH_MS + 2), ...of('44'));
    expect(merge(since, erasure(REACH_MS))).toEqual({
      ...viewOf(...of('43', REACH_MS + 2)),
      erasedThroughMs: REACH_MS,
      publisherErasures: [{ province: '43', throughMs: REACH_MS + 1 }],
    });
  });
});

describe('erasures of all kinds', () => {
  const anyErasure = fc
    .record({
      province: fc.constantFrom<ProvinceCode>('43', '44'),
      erasesThroughMs: fc.nat(5),
      takes: fc.constantFrom(...ERASURE_TAKES),
    })
    .map((given) => personErased(given));
  const some = fc.array(anyErasure, { minLength: 1, maxLength: 6 });
  const commute = (mergeOne: typeof merge) =>
    fc.property(
      fc.array(anyEvent, { maxLength: 12 }),
      some.chain((erasures) =>
        fc.tuple(
          fc.constant(erasures),
          fc.shuffledSubarray([...erasures, ...erasures], { minLength: 2 * erasures.length }),
        ),
      ),
      (events, [once, again]) => {
        const view = viewOf(...events);
        return isDeepStrictEqual(once.reduce(mergeOne, view), again.reduce(mergeOne, view));
      },
    );
  it('commute with each other and with duplicates, whatever the view holds', () => {
    fc.assert(commute(merge), { numRuns: runs(1_000) });
  });
  it('would not if one of a publisher’s forgot an earlier one', () => {
    const forgets: typeof merge = (view, event) =>
      merge(event.type === 'PersonErased' ? { ...view, publisherErasures: [] } : view, event);
    expect(fc.check(commute(forgets), { numRuns: 1_000, endOnFailure: true }).failed).toBe(true);
  });
});
