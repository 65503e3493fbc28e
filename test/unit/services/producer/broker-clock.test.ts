/** The producer's idea of the broker's clock: never ahead of it, never back, whatever the network and the broker do. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokerClock } from '#services/producer/broker-clock.ts';

const DAY_MS = 86_400_000;
const BROKER_MS = 1_660_000_000_000;
/** As many acknowledgements as the clock looks back on. */
const REMEMBERED = 32;

/** A local clock and a broker's, both told what time it is. */
class Clocks {
  localMs = 5_000;
  /** How fast the broker's clock runs, against the local one. */
  readonly rate: number;
  #brokerMs = BROKER_MS;
  #setBackMs = 0;
  readonly clock = new BrokerClock(() => this.localMs);

  constructor(rate = 1) {
    this.rate = rate;
  }
  get brokerMs(): number {
    return this.#brokerMs - this.#setBackMs;
  }
  /** As if it had never been set back. */
  get unsetBrokerMs(): number {
    return this.#brokerMs;
  }
  pass(ms: number): void {
    this.localMs += ms;
    this.#brokerMs += ms * this.rate;
  }
  setBack(ms: number): void {
    this.#setBackMs += ms;
  }
  /** The broker appends a batch now, and its answer is here after a while. */
  acknowledge(delayMs: number): void {
    const appendedAtMs = Math.floor(this.brokerMs);
    this.pass(delayMs);
    this.clock.observe(appendedAtMs);
  }
}

const waits = fc.record({ what: fc.constant('wait' as const), ms: fc.double({ min: 0, max: 5_000, noNaN: true }) });
const acknowledgements = fc.record({
  what: fc.constant('acknowledge' as const),
  ms: fc.double({ min: 0, max: 3_000, noNaN: true }),
});
const setBacks = fc.record({ what: fc.constant('setBack' as const), ms: fc.integer({ min: 1, max: 700 }) });

function run(
  clocks: Clocks,
  steps: readonly { what: 'wait' | 'acknowledge' | 'setBack'; ms: number }[],
  check: (nowMs: number) => void,
): void {
  clocks.acknowledge(10);
  for (const { what, ms } of steps) {
    if (what === 'wait') clocks.pass(ms);
    else clocks[what](ms);
    check(clocks.clock.nowMs());
  }
}

describe('the clock', () => {
  it('is never ahead of the broker’s, however long acknowledgements take', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(waits, acknowledgements), { maxLength: 80 }), (steps) => {
        const clocks = new Clocks();
        run(clocks, steps, (nowMs) => expect(nowMs).toBeLessThanOrEqual(clocks.brokerMs));
      }),
    );
  });
  it('is ahead of a broker’s slow clock by no more than that loses over the acknowledgements remembered', () => {
    const loss = 100 / 1e6;
    fc.assert(
      fc.property(fc.array(acknowledgements, { minLength: 2 * REMEMBERED, maxLength: 3 * REMEMBERED }), (steps) => {
        const clocks = new Clocks(1 - loss);
        run(clocks, steps, (nowMs) =>
          expect(nowMs - clocks.brokerMs).toBeLessThanOrEqual(loss * (REMEMBERED + 1) * 3_000),
        );
      }),
    );
  });
  it('never goes back, not even when the broker’s does by less than a minute in all', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(waits, acknowledgements, setBacks), { maxLength: 80 }), (steps) => {
        const clocks = new Clocks();
        let beforeMs = 0;
        run(clocks, steps, (nowMs) => {
          expect(nowMs).toBeGreaterThanOrEqual(beforeMs);
          expect(nowMs).toBeLessThanOrEqual(clocks.unsetBrokerMs);
          beforeMs = nowMs;
        });
      }),
    );
  });
  it('stands still, once it has noticed, until a broker whose clock was set back has caught up', () => {
    const clocks = new Clocks();
    clocks.acknowledge(0);
    clocks.setBack(60_000);
    for (let seen = 0; seen < REMEMBERED; seen += 1) clocks.acknowledge(10);
    const stoodMs = clocks.clock.nowMs();
    clocks.pass(stoodMs - clocks.brokerMs - 1);
    expect(clocks.clock.nowMs()).toBe(stoodMs);
    clocks.pass(1_000);
    expect(clocks.clock.nowMs()).toBeGreaterThan(stoodMs);
    expect(clocks.clock.nowMs()).toBeLessThanOrEqual(clocks.brokerMs);
  });
  it('one acknowledgement from far ahead put the clock there for good', () => {
    const clocks = new Clocks();
    clocks.acknowledge(10);
    clocks.clock.observe(clocks.brokerMs + DAY_MS);
    for (let seen = 0; seen < 5; seen += 1) {
      expect(clocks.clock.nowMs()).toBeLessThanOrEqual(clocks.brokerMs);
      clocks.acknowledge(10);
    }
  });
  it('is right again soon after a broker’s clock is, however long that was wrong', () => {
    const clocks = new Clocks();
    clocks.setBack(-DAY_MS);
    for (let seen = 0; seen < 5 * REMEMBERED; seen += 1) clocks.acknowledge(10);
    expect(clocks.clock.nowMs()).toBeGreaterThan(BROKER_MS + DAY_MS);
    clocks.setBack(DAY_MS);
    for (let seen = 0; seen < REMEMBERED; seen += 1) clocks.acknowledge(10);
    expect(clocks.clock.nowMs()).toBeLessThanOrEqual(clocks.brokerMs);
  });
  it('is as near as the quickest of the newest acknowledgements was', () => {
    const clocks = new Clocks();
    for (const delayMs of [900, 40, 700]) clocks.acknowledge(delayMs);
    clocks.pass(123);
    expect(clocks.brokerMs - clocks.clock.nowMs()).toBe(40);
  });
  it('knows nothing before the broker was heard', () => {
    const clocks = new Clocks();
    expect(clocks.clock.isSet).toBe(false);
    expect(() => clocks.clock.nowMs()).toThrow('not been heard');
    clocks.acknowledge(0);
    expect(clocks.clock.isSet).toBe(true);
  });
});
