/**
 * The broker's clock as this process can know it: not ahead of it, but for what the two clocks drift apart within the
 * newest few acknowledgements (microseconds), or until those are past if the broker's was set back. Every acknowledgement tells when the broker
 * appended a batch; from then on at least as much time has passed there as here since the acknowledgement came.
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
    // The highest of the newest few: the nearest bound, yet one that follows a broker whose clock was set back.
    if (this.#leads.length > OBSERVATIONS_MAX) this.#leads.shift();
    this.#lead = Math.max(...this.#leads);
  }

  get isSet(): boolean {
    return this.#lead !== null;
  }

  /** Epoch ms; never goes back. */
  nowMs(): number {
    if (this.#lead === null) throw new Error('the broker has not been heard yet');
    this.#lastMs = Math.max(this.#lastMs, Math.floor(this.#monotonicMs() + this.#lead));
    return this.#lastMs;
  }
}

const OBSERVATIONS_MAX = 32;
