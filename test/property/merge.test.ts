/**
 * Invariant *Order-free*: any multiset of a person's events, in any order, with any duplicates, gives the same bytes,
 * and they are the oracle's. The last block plants bugs in the merge and requires that the same check finds each of
 * them.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { merge, mergeSettled, mergeUnreadable } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import { oracleView, storedBytes } from '#exercises/oracle/oracle.ts';
import { PLANTED_BUGS } from '#exercises/planted/planted-bugs.ts';
import { type Delivered, historyTwice, marksOf } from '#test/support/histories.ts';
import { runs } from '#test/support/runs.ts';

type Merge = typeof merge;

const HISTORIES = 4_000;

function viewOf(mergeOne: Merge, { events, unreadable }: Delivered): PersonView {
  const view = events.reduce(mergeOne, EMPTY_VIEW);
  return unreadable.reduce(mergeMark, view);
}

/** As the materialiser does it: what lies between two steps is what was stored, and dead letters come in between. */
function viewThroughStore(mergeOne: Merge, { events, unreadable }: Delivered): PersonView {
  const store = (view: PersonView) => decodeView(encodeView(view));
  const view = unreadable.reduce((before, record) => store(mergeMark(before, record)), EMPTY_VIEW);
  return events.reduce((before, event) => store(mergeOne(before, event)), view);
}

function mergeMark(view: PersonView, mark: Delivered['unreadable'][number]): PersonView {
  return 'through' in mark ? mergeSettled(view, mark) : mergeUnreadable(view, mark);
}

function expectedOf(history: Delivered): PersonView {
  const { marked, settled } = marksOf(history);
  return oracleView(history.events, marked, settled);
}

const hex = (view: PersonView) => storedBytes(view).toString('hex');

function orderFree(mergeOne: Merge) {
  return fc.property(historyTwice, ([history, delivered]) => {
    const expected = hex(expectedOf(history));
    return hex(viewOf(mergeOne, history)) === expected && hex(viewOf(mergeOne, delivered)) === expected;
  });
}

describe('merge', () => {
  it(`gives the oracle's bytes for ${runs(HISTORIES)} histories, permuted and repeated`, () => {
    expect(() => fc.assert(orderFree(merge), { numRuns: runs(HISTORIES) })).not.toThrow();
  });

  it('gives the same when every step goes through the stored form', () => {
    fc.assert(
      fc.property(historyTwice, ([history, delivered]) => {
        const expected = storedBytes(expectedOf(history));
        expect(encodeView(viewThroughStore(merge, delivered)).equals(expected)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  it('changes nothing, not even the object, for an event that it already holds', () => {
    fc.assert(
      fc.property(historyTwice, ([history]) => {
        const view = viewOf(merge, history);
        for (const event of history.events)
          expect(merge(view, { ...event, eventId: 'another', acceptedAtMs: 0 })).toBe(view);
      }),
      { numRuns: runs(500) },
    );
  });

  it('is exercised by histories of every kind that the invariant names', () => {
    const seen = {
      cutDated: 0,
      cutUndated: 0,
      cutSamplings: 0,
      cutDoses: 0,
      cutCodes: 0,
      cutExposures: 0,
      openedAgain: 0,
      accessioned: 0,
      retractionFirst: 0,
      standsAfterRetraction: 0,
      lowerRankLater: 0,
      tieOfContent: 0,
      movedDay: 0,
      unreadable: 0,
      settled: 0,
      settledThrough: 0,
      cutUnreadable: 0,
    };
    fc.assert(
      fc.property(historyTwice, ([history]) => {
        const view = expectedOf(history);
        if (view.datedTestsCuts.length > 0) seen.cutDated += 1;
        if (view.undatedTestsCuts.length > 0) seen.cutUndated += 1;
        if (view.samplingsCuts.length > 0) seen.cutSamplings += 1;
        if (view.dosesCuts.length > 0) seen.cutDoses += 1;
        if (view.codesCuts.length > 0) seen.cutCodes += 1;
        if (view.exposuresCuts.length > 0) seen.cutExposures += 1;
        if (
          view.exposures.some(
            (register) =>
              register.toMs === null &&
              history.events.some(
                (event) =>
                  event.type === 'ExposureRecorded' &&
                  event.exposureId === register.exposureId &&
                  event.province === register.province &&
                  event.toMs !== null,
              ),
          )
        )
          seen.openedAgain += 1;
        if (view.datedTests.some(({ alsoKept }) => typeof alsoKept?.retractedThroughMs === 'number'))
          seen.standsAfterRetraction += 1;
        if (view.datedTests.some(({ alsoKept }) => (alsoKept?.later.length ?? 0) > 0)) seen.lowerRankLater += 1;
        if (view.datedTests.some(({ sampledAtMs }) => sampledAtMs === null)) seen.accessioned += 1;
        if (view.unreadable.some(({ isSettled }) => !isSettled)) seen.unreadable += 1;
        if (view.unreadable.some(({ isSettled }) => isSettled)) seen.settled += 1;
        if (view.unreadableBounds.some(({ settledThrough }) => settledThrough >= 0)) seen.settledThrough += 1;
        if (view.unreadableBounds.some(({ cutThrough }) => cutThrough >= 0)) seen.cutUnreadable += 1;
        if (anyPair(history.events, (a, b) => sameSample(a, b) && a.status === 'retracted' && b.status !== 'retracted'))
          seen.retractionFirst += 1;
        if (
          anyPair(
            history.events,
            (a, b) =>
              sameSample(a, b) &&
              a.status === b.status &&
              a.reportIssuedAtMs === b.reportIssuedAtMs &&
              a.result !== b.result,
          )
        )
          seen.tieOfContent += 1;
        if (anyPair(history.events, (a, b) => sameSample(a, b) && a.sampledAtMs !== b.sampledAtMs)) seen.movedDay += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(Object.entries(seen).filter(([, count]) => count < 20)).toEqual([]);
  });
});

type Report = PersonEvent & { type: 'TestReported' };

function sameSample(a: Report, b: Report): boolean {
  return a.sampleId === b.sampleId && a.laboratory === b.laboratory && a.province === b.province;
}

function anyPair(events: readonly PersonEvent[], test: (earlier: Report, later: Report) => boolean): boolean {
  const reports = events.filter((event) => event.type === 'TestReported');
  return reports.some((a, index) => reports.slice(index + 1).some((b) => test(a, b)));
}

describe('a planted bug is found', () => {
  it.each(Object.entries(PLANTED_BUGS))('%s', (_name, mergeOne) => {
    const found = fc.check(orderFree(mergeOne), { numRuns: HISTORIES, endOnFailure: true });
    expect(found.failed).toBe(true);
    expect(found.counterexample).not.toBeNull();
  });
});
