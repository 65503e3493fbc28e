/**
 * The broker's clock as this process can know it: not ahead of it, but for what the two clocks drift apart within the
 * newest few acknowledgements (microseconds), or until those are past if the broker's was set back. Every
 * acknowledgement tells when the broker appended a batch; from then on at least as much time has passed there as here
 * since it came.
 */
export class BrokerClock {
  readonly #monotonicMs: () => number;
  readonly #leads: number[] = [];
  #lead: number | null = null;
  #lastMs = 0;

  /** @param monotonicMs a clock that is never set, such as `performance.now` */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Takes the time of an acknowledgement that has just come in. */
  observe(appendedAtMs: number): void {
    this.#leads.push(appendedAtMs - this.#monotonicMs());
    if (this.#leads.length > OBSERVATIONS_MAX) this.#leads.shift();
    this.#lead = believable(this.#leads);
  }

  get isSet(): boolean {
    return this.#lead !== null;
  }

  /** Epoch ms; goes back only when it turns out to have been wrong by more than `WRONG_MS_MIN`. */
  nowMs(): number {
    if (this.#lead === null) throw new Error('the broker has not been heard yet');
    const nowMs = Math.floor(this.#monotonicMs() + this.#lead);
    // A small step back is waited out, for order's sake; waiting out a large one would stamp hours of events ahead of
    // time.
    this.#lastMs = this.#lastMs - nowMs > WRONG_MS_MIN ? nowMs : Math.max(this.#lastMs, nowMs);
    return this.#lastMs;
  }
}

const OBSERVATIONS_MAX = 32;
/** More than any acknowledgement is late by, less than what readers tolerate of a clock that is ahead. */
const WRONG_MS_MIN = 60_000;

/**
 * The highest, being the nearest bound, of those that aren't far above most: a broker whose clock is wrong for a
 * moment, or one of several whose is, must not be followed.
 */
function believable(leads: readonly number[]): number {
  const rising = leads.toSorted((a, b) => a - b);
  const middle = rising[Math.floor((rising.length - 1) / 2)] as number;
  return rising.findLast((lead) => lead - middle <= WRONG_MS_MIN) as number;
}
