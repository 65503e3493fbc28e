/**
 * What no longer counts: what an erasure took, and samples that are too old. Whatever the order of topics, the view is
 * the oracle's, which knows all at once; each erasure comes before what was accepted after its reach, as the
 * materialiser sees to. The last block plants bugs and requires that the same check finds each of them.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERASURE_REACH_MS, ERASURE_TAKES, type PersonEvent, type RegisterEvent } from '#core/events/events.ts';
import { DAY_MS } from '#core/field/time.ts';
import { HISTORY_DAYS_KEPT } from '#core/terms/window-text.ts';
import { merge } from '#core/view/merge.ts';
import { agedAt, firstDayKept, TESTS_KEPT_DAYS } from '#core/view/retention.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { oracleView, storedBytes } from '#exercises/oracle/oracle.ts';
import { personErased } from '#exercises/town/events.ts';
import { anyHistory } from '#test/support/histories.ts';
import { runs } from '#test/support/runs.ts';

const HISTORIES = 3_000;

interface Given {
  readonly events: readonly PersonEvent[];
  /** One number for each choice of what comes next. */
  readonly choices: readonly number[];
}

/** Accepted from the samples' days until long after, so that many are too old at the end. */
const acceptances = fc
  .tuple(fc.integer({ min: 0, max: 45 }), fc.integer({ min: 0, max: 3 }))
  .map(([days, step]) => days * DAY_MS + step * ERASURE_REACH_MS);

const erasures = fc.record({
  ms: acceptances,
  takes: fc.constantFrom(...ERASURE_TAKES),
  province: fc.constantFrom('43' as const, '44' as const),
});

const given: fc.Arbitrary<Given> = anyHistory.chain(({ events }) => {
  const firstMs = Math.min(...events.map(doneAtMs), Date.UTC(2022, 7, 1));
  return fc.record({
    events: fc
      .tuple(fc.tuple(...events.map(() => acceptances)), fc.array(erasures, { maxLength: 4 }))
      .map(([accepted, erased]) => [
        ...events.map((event, index) => ({ ...event, acceptedAtMs: firstMs + (accepted[index] ?? 0) })),
        ...erased.map(({ ms, takes, province }) =>
          personErased({
            acceptedAtMs: firstMs + ms,
            erasesThroughMs: firstMs + ms + ERASURE_REACH_MS,
            takes,
            province,
          }),
        ),
      ]),
    choices: fc.array(fc.nat(1_000), { minLength: events.length + 4, maxLength: events.length + 4 }),
  });
});

function doneAtMs(event: RegisterEvent): number {
  return event.type === 'TestReported' ? (event.sampledAtMs ?? event.reportIssuedAtMs) : event.recordedAtMs;
}

/** Any order in which each erasure comes before what was accepted after its reach of those whom it concerns. */
function inSomeOrder({ events, choices }: Given): PersonEvent[] {
  const rest = [...events];
  const order: PersonEvent[] = [];
  for (const choice of choices) {
    const waiting = rest.filter((event) => event.type === 'PersonErased');
    const mayCome = (event: PersonEvent): boolean =>
      waiting.every(
        ({ takes, province, erasesThroughMs }) =>
          erasesThroughMs >= event.acceptedAtMs || (takes === 'own' && province !== event.province),
      );
    const open = rest.filter((event) => event.type === 'PersonErased' || mayCome(event));
    const next = open[choice % open.length];
    if (next === undefined) break;
    order.push(next);
    rest.splice(rest.indexOf(next), 1);
  }
  return order;
}

type Merge = (view: PersonView, event: PersonEvent) => PersonView;
type Aged = typeof agedAt;

/** As the materialiser does it: too old is what is so by the latest acceptance so far. */
function viewOf(events: readonly PersonEvent[], mergeOne: Merge, aged: Aged): PersonView {
  let acceptedUpToMs = 0;
  return events.reduce((view, event) => {
    acceptedUpToMs = Math.max(acceptedUpToMs, event.acceptedAtMs);
    return aged(mergeOne(view, event), acceptedUpToMs);
  }, EMPTY_VIEW);
}

const hex = (view: PersonView): string => storedBytes(view).toString('hex');

function sameAsOracle(mergeOne: Merge = merge, aged: Aged = agedAt) {
  return fc.property(given, (one) => {
    const events = inSomeOrder(one);
    const acceptedUpToMs = Math.max(0, ...events.map((event) => event.acceptedAtMs));
    return hex(viewOf(events, mergeOne, aged)) === hex(oracleView(events, [], [], acceptedUpToMs));
  });
}

describe('what no longer counts', () => {
  it(`is the same as the oracle's in ${runs(HISTORIES)} histories, whatever the order of topics`, () => {
    expect(() => fc.assert(sameAsOracle(), { numRuns: runs(HISTORIES) })).not.toThrow();
  });
  it('is exercised by histories in which something is erased, too old, kept and sent again', () => {
    const seen = { erased: 0, tooOld: 0, left: 0, after: 0, ofOne: 0 };
    fc.assert(
      fc.property(given, (one) => {
        const events = inSomeOrder(one);
        const upToMs = Math.max(0, ...events.map((event) => event.acceptedAtMs));
        const view = oracleView(events, [], [], upToMs);
        if (view.erasedThroughMs !== null) seen.erased += 1;
        if (view.publisherErasures.length > 0) seen.ofOne += 1;
        if (hex(oracleView(events)) !== hex(view)) seen.tooOld += 1;
        if (view.datedTests.length + view.doses.length > 0) seen.left += 1;
        if (view.erasedThroughMs !== null && view.doses.length + view.datedTests.length > 0) seen.after += 1;
      }),
      { numRuns: 500 },
    );
    expect(Object.entries(seen).filter(([, count]) => count < 20)).toEqual([]);
  });
  it('reaches twice as far back as any window', () => {
    expect(TESTS_KEPT_DAYS).toBeGreaterThanOrEqual(2 * HISTORY_DAYS_KEPT);
  });
});

const withoutCut: Aged = (view, acceptedUpToMs) => ({
  ...agedAt(view, acceptedUpToMs),
  datedTestsCuts: view.datedTestsCuts,
  samplingsCuts: view.samplingsCuts,
});
const keepsWhatComesLate: Merge = (view, event) => {
  const { erasedThroughMs, ...rest } = merge({ ...view, erasedThroughMs: null }, event);
  return { ...rest, erasedThroughMs: erasedThroughMs ?? view.erasedThroughMs };
};
const keepsDoses: Merge = (view, event) => {
  const after = merge(view, event);
  return event.type === 'PersonErased' ? { ...after, doses: view.doses } : after;
};
const takesOfAll: Merge = (view, event) =>
  merge(view, event.type === 'PersonErased' ? { ...event, takes: 'all' } : event);
const takesOwn: Merge = (view, event) =>
  merge(view, event.type === 'PersonErased' ? { ...event, takes: 'own' } : event);
const forgetsOwn: Merge = (view, event) => ({ ...merge(view, event), publisherErasures: [] });
const aDayLate: Aged = (view, acceptedUpToMs) => agedAt(view, acceptedUpToMs - DAY_MS);

describe('a planted bug is found', () => {
  it.each<[string, Merge, Aged]>([
    ['what is too old leaves no trace', merge, withoutCut],
    ['an event that comes after the erasure that took it counts again', keepsWhatComesLate, agedAt],
    ['an erasure leaves the doses', keepsDoses, agedAt],
    ['an erasure of one publisher takes what all published', takesOfAll, agedAt],
    ['an erasure of the national role takes one publisher’s alone', takesOwn, agedAt],
    ['what comes after the erasure of its publisher counts again', forgetsOwn, agedAt],
    ['a day is kept too long', merge, aDayLate],
  ])('%s', (_name, mergeOne, aged) => {
    expect(fc.check(sameAsOracle(mergeOne, aged), { numRuns: HISTORIES, endOnFailure: true }).failed).toBe(true);
  });
  it('never before the first day that is kept', () => {
    expect(firstDayKept(Date.UTC(2022, 7, 29, 12))).toBe(Date.UTC(2022, 7, 1) / DAY_MS);
  });
});
