/** How long tests and samplings stay in a view: by the day of the sample, which a cut remembers. */

import { describe, expect, it } from 'vitest';
import { DAY_MS, shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { agedAt, TESTS_KEPT_DAYS } from '#core/view/retention.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import {
  at,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';

const TAKEN_MS = at('2022-08-09T18:00+08:00');
const DAY = shanghaiDayOf(TAKEN_MS);
/** The first instant of the day on which samples of that day are no longer kept. */
const GONE_MS = startOfShanghaiDayMs(DAY + 1) + TESTS_KEPT_DAYS * DAY_MS;
const [yesterday, today, tomorrow] = [-1, 0, 1].map((days) => ({
  sampleId: `S${days}`,
  sampledAtMs: TAKEN_MS + days * DAY_MS,
})) as [object, object, object];

describe('a test or sampling', () => {
  const view = [
    testReported({ ...yesterday, reportIssuedAtMs: TAKEN_MS + 7 * DAY_MS }),
    testReported(today),
    testReported(tomorrow),
    samplingRecorded(yesterday),
    samplingRecorded(today),
    samplingRecorded(tomorrow),
  ].reduce(merge, EMPTY_VIEW);
  it('stays to the last millisecond of its day, twenty-eight days later', () => {
    expect(agedAt(view, GONE_MS - DAY_MS - 1)).toBe(view);
    const aged = agedAt(view, GONE_MS - 1);
    expect(aged.datedTests.map(({ day }) => day)).toEqual([DAY + 1, DAY]);
    expect(aged.samplings.map(({ day }) => day)).toEqual([DAY + 1, DAY]);
  });
  it('that is too old is cut, which remembers the newest day and the latest report', () => {
    const aged = agedAt(view, GONE_MS);
    expect(aged.datedTests.map(({ day }) => day)).toEqual([DAY + 1]);
    expect(aged.samplings.map(({ day }) => day)).toEqual([DAY + 1]);
    expect(aged.datedTestsCuts).toEqual([{ province: '43', newestDay: DAY, issuedAtMaxMs: TAKEN_MS + 7 * DAY_MS }]);
    expect(aged.samplingsCuts).toEqual([{ province: '43', newestDay: DAY }]);
  });
  it('comes to the same whether it is cut sooner or later', () => {
    expect(agedAt(agedAt(view, GONE_MS - 1), GONE_MS)).toEqual(agedAt(view, GONE_MS));
  });
  it('of one kind is cut also where there is none of the other', () => {
    const tests: PersonView = { ...view, samplings: [] };
    expect(agedAt(tests, GONE_MS)).toMatchObject({
      samplingsCuts: [],
      datedTestsCuts: [{ province: '43', newestDay: DAY }],
    });
    const samplings: PersonView = { ...view, datedTests: [] };
    expect(agedAt(samplings, GONE_MS)).toMatchObject({
      samplingsCuts: [{ province: '43', newestDay: DAY }],
      datedTestsCuts: [],
    });
  });
});

it('what has no day, doses and stays never become too old', () => {
  const view = [
    testReported({ sampledAtMs: null, sampledAtPrecision: null }),
    vaccinationAdministered(),
    exposureRecorded(),
  ].reduce(merge, EMPTY_VIEW);
  expect(agedAt(view, GONE_MS + 1_000 * DAY_MS)).toBe(view);
});

it('nothing is too old before the first acceptance', () => {
  const view = merge(EMPTY_VIEW, testReported({ sampledAtMs: -100 * DAY_MS }));
  expect(agedAt(view, 0)).toBe(view);
});
