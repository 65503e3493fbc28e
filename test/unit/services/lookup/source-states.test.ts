/** How each province stands: a silent one is told from one with nothing to say, and from an exchange that stands. */

import { describe, expect, it } from 'vitest';
import { type ProvinceCode } from '#core/field/regions.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { CountsBySource } from '#exchange/view/counts.ts';
import type { PartitionState } from '#exchange/view/sources.ts';
import { RecentTimings, TimingsBySource } from '#exchange/view/timings.ts';
import { freshnessOf, leakedKeysOf, partitionsBehind, sourcesOf } from '#services/lookup/source-states.ts';
import { freshness, NOW_MS, POSITION } from '#test/support/lookup.ts';

const BOUND_MS = 30_000;
const partition = (
  given: Parameters<typeof freshness>[0] = {},
  more: Partial<PartitionState> = {},
): PartitionState => ({
  position: POSITION,
  freshness: freshness(given),
  ...more,
});
const counted = (province: ProvinceCode, agoMs: number): CountsBySource => {
  const counts = new CountsBySource();
  Object.assign(counts.at(province, 'codes'), { events: 1, latestAcceptedAtMs: NOW_MS - agoMs });
  return counts;
};
const stateOf = (
  province: ProvinceCode,
  partitions: readonly PartitionState[],
  counts = new CountsBySource(),
  timings = new TimingsBySource(),
) => sourcesOf({ partitions, counts, timings }, NOW_MS, BOUND_MS).find((source) => source.province === province);

describe('a province', () => {
  it('reports while all that it said is seen, and something was said within the hour', () => {
    expect(stateOf('43', [partition()], counted('43', HOUR_MS))).toMatchObject({
      state: 'reporting',
      throughMs: NOW_MS - 1_000,
      behindByMs: 1_000,
      isIncomplete: false,
    });
  });
  it('has nothing to say while its watermarks go on without events', () => {
    expect(stateOf('43', [partition()])?.state).toBe('nothing_to_say');
    expect(stateOf('43', [partition()], counted('43', HOUR_MS + 1))?.state).toBe('nothing_to_say');
    expect(stateOf('43', [partition()], counted('11', 0))?.state).toBe('nothing_to_say');
  });
  it('is silent once its watermark is too old in any partition, whatever it said lately', () => {
    const late = partition({ '43': NOW_MS - BOUND_MS - 1 });
    expect(stateOf('43', [partition(), late], counted('43', 0))).toMatchObject({
      state: 'silent',
      behindByMs: BOUND_MS + 1,
    });
    expect(stateOf('11', [partition(), late])?.state).toBe('nothing_to_say');
  });
  it('is silent where its clock claims what nobody can know yet', () => {
    expect(stateOf('43', [partition({ '43': NOW_MS + BOUND_MS + 1 })])?.state).toBe('silent');
  });
  it('was never seen without an instance, and is silent with one that hasn’t got anywhere', () => {
    expect(stateOf('43', [partition({ '43': null })])).toMatchObject({ state: 'never_seen', throughMs: null });
    expect(stateOf('43', [partition({ '43': 0 })])).toMatchObject({ state: 'silent', behindByMs: null });
    expect(stateOf('43', [partition(), partition({ '43': null })])).toMatchObject({ state: 'silent', throughMs: null });
  });
  it('is incomplete by a record of its own, or of nobody known, in any partition', () => {
    const marked = (province: ProvinceCode | null): PartitionState[] => [
      partition(),
      partition({}, { freshness: { ...freshness(), incompleteProvinces: [province] } }),
    ];
    expect([marked('43'), marked('11'), marked(null)].map((all) => stateOf('43', all)?.isIncomplete)).toEqual([
      true,
      false,
      true,
    ]);
  });
  it('is told what was counted of it and how its events fared, topic by topic', () => {
    const recent = new RecentTimings();
    recent.observe('43', 'codes', { visibleAfterMs: 40, issuedAheadMs: -7 }, NOW_MS);
    const timings = new TimingsBySource();
    timings.addStored(recent.text(NOW_MS));
    const topics = stateOf('43', [partition()], counted('43', 5), timings)?.topics;
    expect(topics?.map(({ kind, events, lately }) => [kind, events, lately?.p99Ms])).toEqual([
      ['tests', 0, undefined],
      ['vaccinations', 0, undefined],
      ['codes', 1, 50],
      ['erasures', 0, undefined],
    ]);
  });
});

it('a partition that nobody keeps up makes no province silent by itself', () => {
  const stands = partition({}, { freshness: freshness({}, NOW_MS - HOUR_MS) });
  const never = partition({}, { position: null });
  expect(partitionsBehind([partition(), stands, never], NOW_MS, BOUND_MS)).toBe(2);
  expect(partitionsBehind([partition({ '43': null })], NOW_MS, BOUND_MS)).toBe(0);
});

it('the freshness is of all 32, each as far as its slowest partition', () => {
  const all = freshnessOf([partition({ '43': NOW_MS - 9_000 }), partition({ '43': NOW_MS - 4_000 })], NOW_MS);
  expect(all).toHaveLength(32);
  expect(all.find(({ province }) => province === '43')?.behindByMs).toBe(9_000);
  expect(new Set(freshnessOf([], NOW_MS).map(({ throughMs }) => throughMs))).toEqual(new Set([null]));
});

describe('a key that had leaked', () => {
  const leak = (sinceMs: number, isOut: boolean, key = 'province-43-1') => ({ key, of: '43' as const, sinceMs, isOut });
  const withLeaks = (...leaks: ReturnType<typeof leak>[]) => partition({}, { freshness: { ...freshness(), leaks } });

  it('is told with the partitions that were folded again; one that hasn’t heard of it was not', () => {
    expect(leakedKeysOf([withLeaks(leak(5, true)), withLeaks(leak(5, false)), withLeaks()])).toEqual([
      { key: 'province-43-1', of: '43', sinceMs: 5, partitionsFoldedAgain: 1 },
    ]);
    expect(leakedKeysOf([withLeaks()])).toEqual([]);
  });
  it('that had leaked earlier than some partitions know is in those still', () => {
    const partitions = [withLeaks(leak(5, true), leak(1, true, 'operator-1')), withLeaks(leak(3, false))];
    expect(leakedKeysOf(partitions)).toMatchObject([
      { key: 'operator-1', partitionsFoldedAgain: 1 },
      { key: 'province-43-1', sinceMs: 3, partitionsFoldedAgain: 0 },
    ]);
  });
});
