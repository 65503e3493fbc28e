/** Waits and budgets of whoever asks again: nobody waits for ever or not at all, and nobody returns together. */

import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs, fullJitterMs } from '#platform/limits/backoff.ts';
import { every } from '#platform/limits/every.ts';
import { RetryBudget } from '#platform/limits/retry-budget.ts';
import { within } from '#platform/limits/within.ts';

describe('a back-off', () => {
  const limits = { firstMs: 50, maxMs: 2_000 };
  it('is drawn evenly below a ceiling that doubles and has a bound', () => {
    expect([1, 2, 3, 6, 7, 5_000].map((failures) => backoffMs(failures, limits, 0.5))).toEqual([
      25, 50, 100, 800, 1_000, 1_000,
    ]);
    expect([0, 0.25, 0.999_9].map((random) => backoffMs(7, limits, random))).toEqual([0, 500, 2_000]);
    expect(fullJitterMs(400, 0.1)).toBe(40);
  });
});

describe('a retry budget', () => {
  const limits = { share: 0.1, perSecond: 0.5, savedMax: 3 };
  it('pays for what was saved, then for one in ten requests and a trickle', () => {
    const budget = new RetryBudget(limits, 0);
    expect([1, 2, 3, 4].map(() => budget.take(0))).toEqual([0, 0, 0, 2_000]);
    expect(budget.take(1_000)).toBe(1_000);
    expect(budget.take(2_000)).toBe(0);
    for (let count = 0; count < 11; count += 1) budget.asked();
    expect(budget.take(2_000)).toBe(0);
    expect(budget.take(2_000)).toBeGreaterThan(0);
  });
  it('never pays for more than its share, its trickle and what it began with', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('ask'), fc.nat(3_000)), { maxLength: 300 }), (steps) => {
        const budget = new RetryBudget(limits, 0);
        let [nowMs, asked, retried] = [0, 0, 0];
        for (const step of steps) {
          if (step === 'ask') asked += 1;
          if (step === 'ask') budget.asked();
          else if (budget.take((nowMs += step as number)) === 0) retried += 1;
        }
        expect(retried).toBeLessThanOrEqual(limits.savedMax + 0.1 * asked + 0.5 * (nowMs / 1_000) + 1e-6);
      }),
    );
  });
  it('says when to come again, and a clock that goes back pays nothing', () => {
    const budget = new RetryBudget(limits, 10_000);
    for (let count = 0; count < 3; count += 1) budget.take(10_000);
    const waitMs = budget.take(10_000);
    expect(budget.take(5_000)).toBeGreaterThan(0);
    expect(budget.take(10_000 + waitMs)).toBe(0);
  });
});

describe('a bound on a wait', () => {
  it('ends it with an error, and leaves what is in time alone', async () => {
    await expect(within(new Promise(() => undefined), 5, () => new Error('late'))).rejects.toThrow('late');
    await expect(within(Promise.resolve(7), 5_000, () => new Error('late'))).resolves.toBe(7);
    await expect(
      within(
        delay(1).then(() => Promise.reject(new Error('own'))),
        5_000,
        () => new Error('late'),
      ),
    ).rejects.toThrow('own');
  });
});

describe('repeated work', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  it('that hangs isn’t piled up, and goes on when it ends', async () => {
    const ends: (() => void)[] = [];
    let begun = 0;
    const stop = every(100, () => {
      begun += 1;
      return new Promise<void>((resolve) => ends.push(resolve));
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun).toBe(1);
    ends.pop()?.();
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toBe(2);
    stop();
    ends.pop()?.();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun).toBe(2);
  });
});
