/**
 * How much is taken at once: less and less is shown as it fills, then requests are refused, and it recovers by itself.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breaker } from '#platform/limits/breaker.ts';
import { retryAfterSeconds } from '#platform/limits/retry-after.ts';
import { Shedder } from '#platform/limits/shedder.ts';

const shedder = (inFlightMax: number) => new Shedder({ inFlightMax, delayMsMax: 100 }, 0);

describe('the shedder', () => {
  it('leaves out more and more of an answer, and refuses beyond the limit', () => {
    const full = shedder(20);
    const entered = Array.from({ length: 22 }, () => full.enter(1));
    expect(entered).toEqual([...Array<number>(10).fill(0), 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, null, null]);
    expect(full.inFlight).toBe(20);
  });
  it('takes in full again what comes after others have left', () => {
    const busy = shedder(4);
    for (let count = 0; count < 4; count += 1) busy.enter(1);
    expect(busy.enter(1)).toBeNull();
    busy.leave(3);
    expect(busy.enter(1)).toBe(0);
  });
  it('takes one that is larger than the limit when nothing else is there', () => {
    const small = shedder(4);
    expect(small.enter(100)).toBe(3);
    expect(small.enter(1)).toBeNull();
    small.leave(100);
    expect(small.enter(1)).toBe(0);
  });
  it('takes fewer while the event loop is late, but never none, and as many as ever some seconds after', () => {
    const late = shedder(1_000);
    let nowMs = 0;
    const observe = (delayMs: number, times: number) => {
      for (let count = 0; count < times; count += 1) late.observe((nowMs += 100), delayMs);
    };
    observe(101, 1);
    expect(late.limit).toBe(900);
    observe(200, 1);
    expect(late.limit).toBe(450);
    observe(500, 1);
    expect(late.limit).toBe(180);
    observe(500, 50);
    expect(late.limit).toBe(64);
    observe(0, 10);
    expect(late.limit).toBeGreaterThan(64);
    observe(0, 90);
    expect(late.limit).toBe(1_000);
  });
  it('shrinks by one step only for observations in quick succession, and grows no more for a long sleep', () => {
    const slept = shedder(1_000);
    for (let nowMs = 100; nowMs < 110; nowMs += 1) slept.observe(nowMs, 200);
    expect(slept.limit).toBe(500);
    slept.observe(1_000_000, 0);
    expect(slept.limit).toBe(800); // one second of growth
  });
  it('never has more in flight than the limit, and never less than nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(-1)), { maxLength: 200 }),
        (inFlightMax, moves) => {
          const one = shedder(inFlightMax);
          const held: number[] = [];
          for (const move of moves) {
            if (move < 0) one.leave(held.shift() ?? 0);
            else if (one.enter(move) !== null) held.push(move);
            expect(one.inFlight).toBe(held.reduce((sum, weight) => sum + weight, 0));
            if (held.length > 1) expect(one.inFlight).toBeLessThanOrEqual(inFlightMax);
          }
        },
      ),
    );
  });
});

describe('the breaker', () => {
  it('lets nobody but a probe through after failures in a row, until one succeeds', () => {
    const breaker = new Breaker({ failuresMax: 3, probeEveryMs: 250 });
    for (let count = 0; count < 2; count += 1) breaker.failed(0);
    breaker.succeeded();
    for (let count = 0; count < 2; count += 1) breaker.failed(0);
    expect(breaker.allows(0)).toBe(true);
    breaker.failed(0);
    expect([
      breaker.allows(0),
      breaker.allows(249),
      breaker.allows(250),
      breaker.allows(251),
      breaker.allows(499),
      breaker.allows(500),
    ]).toEqual([false, false, true, false, false, true]);
    breaker.failed(500);
    expect(breaker.allows(501)).toBe(false);
    breaker.succeeded();
    expect([breaker.allows(502), breaker.allows(502)]).toEqual([true, true]);
  });
});

describe('the time after which a refused caller may come again', () => {
  it('is whole seconds, spread out', () => {
    expect([0, 0.25, 0.5, 0.75, 0.999].map(retryAfterSeconds)).toEqual([1, 2, 3, 4, 4]);
  });
});
