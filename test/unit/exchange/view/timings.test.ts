/** How long events took until they were seen, and how clocks stand, of the last minutes and over partitions. */

import { describe, expect, it } from 'vitest';
import { RecentTimings, TimingsBySource } from '#exchange/view/timings.ts';

const MINUTE_MS = 60_000;
const told = (...texts: readonly string[]): TimingsBySource => {
  const timings = new TimingsBySource();
  for (const text of texts) timings.addStored(text);
  return timings;
};
const observed = (visibleAfterMs: number, issuedAheadMs = -1_000) => ({ visibleAfterMs, issuedAheadMs });

describe('what is told of a province’s events in a topic', () => {
  it('is that half, and 99 of a hundred, took no more than so long, over all partitions', () => {
    const [first, second] = [new RecentTimings(), new RecentTimings()];
    for (let event = 0; event < 97; event += 1) first.observe('43', 'tests', observed(event < 60 ? 8 : 90), 0);
    for (const visibleAfterMs of [1_500, 1_800, 40_000]) second.observe('43', 'tests', observed(visibleAfterMs), 0);
    expect(told(first.text(0), second.text(0)).at('43', 'tests')).toEqual({
      events: 100,
      p50Ms: 10,
      p99Ms: 2_000,
      issuedAheadMsMax: -1_000,
    });
  });
  it('is the greatest lead of a clock: one event shows that it is ahead', () => {
    const timings = new RecentTimings();
    for (const ahead of [-4_000, 2_500, -100]) timings.observe('43', 'tests', observed(5, ahead), 0);
    expect(told(timings.text(0)).at('43', 'tests')?.issuedAheadMsMax).toBe(2_500);
  });
  it('names no time where it was longer than an hour', () => {
    const timings = new RecentTimings();
    timings.observe('43', 'tests', observed(4_000_000), 0);
    expect(told(timings.text(0)).at('43', 'tests')).toMatchObject({ events: 1, p50Ms: null, p99Ms: null });
  });
  it('is told of nobody who said nothing', () => {
    const timings = new RecentTimings();
    timings.observe('43', 'tests', observed(1), 0);
    const all = told(timings.text(0), '{}');
    expect([all.at('43', 'codes'), all.at('11', 'tests'), [...all.sources()]]).toEqual([null, null, [['43', 'tests']]]);
    expect([...told().sources()]).toEqual([]);
  });
});

it('forgets what is older than ten minutes, and nothing of the last five', () => {
  const timings = new RecentTimings();
  timings.observe('43', 'tests', observed(1), 0);
  timings.observe('11', 'tests', observed(1), 4 * MINUTE_MS);
  const provincesAt = (minutes: number): string[] =>
    [...told(timings.text(minutes * MINUTE_MS)).sources()].map(([province]) => province);
  expect(provincesAt(4)).toEqual(['43', '11']);
  timings.observe('33', 'tests', observed(1), 6 * MINUTE_MS);
  expect(provincesAt(9)).toEqual(['43', '11', '33']);
  expect(provincesAt(11)).toEqual(['33']);
  expect(provincesAt(40)).toEqual([]);
});
