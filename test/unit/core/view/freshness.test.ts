/** Which provinces are behind, to the millisecond, and what the data of the others reaches to. */

import { describe, expect, it } from 'vitest';
import { assessData } from '#core/view/freshness.ts';
import { NO_FRESHNESS, provinceWatermarkMs } from '#core/view/snapshot.ts';
import { freshness, NOW_MS, POSITION } from '#test/support/lookup.ts';

const BOUND_MS = 30_000;
const assessed = (given: Parameters<typeof freshness>[0]) => assessData(POSITION, freshness(given), NOW_MS, BOUND_MS);

describe('a province', () => {
  it.each([
    ['as old as the bound', NOW_MS - BOUND_MS, []],
    ['a millisecond older', NOW_MS - BOUND_MS - 1, ['54']],
    ['ahead by the bound', NOW_MS + BOUND_MS, []],
    ['ahead by a millisecond more: its clock is wrong', NOW_MS + BOUND_MS + 1, ['54']],
    ['registered, and not begun', 0, ['54']],
    ['not registered', null, ['54']],
  ] as const)('%s', (_name, throughMs, behind) => {
    expect(assessed({ '54': throughMs }).behind.map(({ province }) => province)).toEqual(behind);
    // The same where another one is behind anyway.
    expect(assessed({ '54': throughMs, '11': NOW_MS - 60_000 }).behind.map(({ province }) => province)).toEqual([
      '11',
      ...behind,
    ]);
  });
  it('that has never got anywhere has no watermark; one that is behind has its own', () => {
    expect(assessed({ '54': 0, '11': NOW_MS - 60_000 }).behind).toEqual([
      { province: '11', watermarkMs: NOW_MS - 60_000 },
      { province: '54', watermarkMs: null },
    ]);
  });
});

describe('the data', () => {
  it('reaches from the oldest to the newest of those that aren’t behind, whether any is or not', () => {
    const reach = { asOfMs: NOW_MS - 20_000, freshestMs: NOW_MS + 20_000, exchangeBehind: false };
    const uneven = { '12': NOW_MS - 20_000, '13': NOW_MS + 20_000 };
    expect(assessed(uneven)).toMatchObject(reach);
    expect(assessed({ ...uneven, '54': NOW_MS - 60_000, '65': NOW_MS + 60_000 })).toMatchObject(reach);
  });
  it('is the exchange’s own fault where nothing was read, or nobody is up to date', () => {
    expect(assessData(null, freshness(), NOW_MS, BOUND_MS).exchangeBehind).toBe(true);
    expect(assessData(null, freshness({ '54': null }), NOW_MS, BOUND_MS).exchangeBehind).toBe(true);
    expect(assessData(POSITION, NO_FRESHNESS, NOW_MS, BOUND_MS)).toMatchObject({
      exchangeBehind: true,
      asOfMs: null,
      freshestMs: null,
    });
  });
  it('of one partition is assessed anew by each clock and bound', () => {
    const once = freshness();
    const behindAt = (nowMs: number, boundMs: number): number =>
      assessData(POSITION, once, nowMs, boundMs).behind.length;
    expect([behindAt(NOW_MS, 1_000), behindAt(NOW_MS, 999), behindAt(NOW_MS + 1, 1_000)]).toEqual([0, 32, 32]);
  });
  it('of one partition is assessed anew by whether anything of it was read', () => {
    const once = freshness();
    const isBehind = [null, POSITION, null].map(
      (position) => assessData(position, once, NOW_MS, BOUND_MS).exchangeBehind,
    );
    expect(isBehind).toEqual([true, false, true]);
  });
});

describe('a province’s watermark', () => {
  it('is that of its slowest instance, and none without any', () => {
    const watermarks = [
      { province: '54', instance: '54-a', throughMs: 7 },
      { province: '54', instance: '54-b', throughMs: 5 },
      { province: '11', instance: '11-a', throughMs: 3 },
    ] as const;
    expect(provinceWatermarkMs({ watermarks }, '54')).toBe(5);
    expect(provinceWatermarkMs({ watermarks }, '12')).toBeNull();
  });
});
