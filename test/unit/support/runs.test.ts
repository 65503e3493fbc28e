/** How many runs a property takes, as its caller says. */

import { describe, expect, it } from 'vitest';
import { readShare, shareOf } from '#test/support/runs.ts';

describe('the share of runs', () => {
  it('is all of them unless something else is said', () => {
    expect([undefined, '', '1', '0.1'].map(readShare)).toEqual([1, 1, 1, 0.1]);
  });
  it.each(['0', '-1', '1.5', 'x'])('can’t be %s, which is named', (text) => {
    expect(() => readShare(text)).toThrow(/^HUTONG_TEST_SHARE is/);
  });
  it('leaves few runs as they are, and never makes more', () => {
    expect([4_000, 300, 60, 40].map((whole) => shareOf(whole, 0.1))).toEqual([400, 50, 50, 40]);
    expect([4_000, 60, 40].map((whole) => shareOf(whole, 1))).toEqual([4_000, 60, 40]);
  });
});
