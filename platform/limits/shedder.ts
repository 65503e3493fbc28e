/**
 * How much work a service takes at once. A limit on what is in flight that adapts: it shrinks while the event loop is
 * late, and grows again while it isn't. Below the limit more and more is left out of each answer; above it, requests
 * are refused. Pure: the clock and the delay are handed in. Written by hand, because @fastify/under-pressure knows
 * thresholds only: it takes everything or nothing, and leaves no part out of an answer.
 */
export interface ShedderLimits {
  /** Requests in flight at most, by weight. */
  readonly inFlightMax: number;
  /** Event-loop delay above which the limit shrinks. */
  readonly delayMsMax: number;
}

/** From these shares of the limit on, one more part is left out of an answer. */
export const SHED_FROM = [0.5, 0.65, 0.8] as const;

/** The limit never shrinks below this (or `inFlightMax`): a pause of the whole process must not shut the door. */
const LIMIT_MIN = 64;
/** By as much as the delay is too long, within these bounds. */
const SHRINK = { least: 0.9, most: 0.4 } as const;
/** Not more often than this: what is in flight must end before its effect can be seen. */
const SHRINK_EVERY_MS = 100;
const GROWTH_PER_SECOND = 1.6;
/** A process that slept doesn't grow for the time it slept. */
const GROWN_FOR_MS_MAX = 1_000;

export class Shedder {
  readonly #limits: ShedderLimits;
  #limit: number;
  #inFlight = 0;
  #observedAtMs: number;
  #shrunkAtMs = Number.NEGATIVE_INFINITY;

  constructor(limits: ShedderLimits, nowMs: number) {
    this.#limits = limits;
    this.#limit = limits.inFlightMax;
    this.#observedAtMs = nowMs;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  /**
   * Takes a request, or more of one, until `leave` with the same weight.
   * @returns how many parts to leave out of the answer; null: refused, and nothing is to be left
   */
  enter(weight: number): number | null {
    // One that alone is more than the limit is taken when there is nothing else.
    if (!this.wouldTake(weight)) return null;
    const filled = (this.#inFlight + weight) / this.limit;
    this.#inFlight += weight;
    return SHED_FROM.filter((share) => filled > share).length;
  }

  /** Whether `enter` would take it now. */
  wouldTake(weight: number): boolean {
    return this.#inFlight === 0 || this.#inFlight + weight <= this.limit;
  }

  leave(weight: number): void {
    this.#inFlight -= weight;
  }

  /** @param delayMs how late the event loop has been since the last call */
  observe(nowMs: number, delayMs: number): void {
    const { inFlightMax, delayMsMax } = this.#limits;
    const elapsedMs = Math.min(Math.max(nowMs - this.#observedAtMs, 0), GROWN_FOR_MS_MAX);
    this.#observedAtMs = nowMs;
    if (delayMs <= delayMsMax) {
      this.#limit = Math.min(this.#limit * GROWTH_PER_SECOND ** (elapsedMs / 1_000), inFlightMax);
    } else if (nowMs - this.#shrunkAtMs >= SHRINK_EVERY_MS) {
      this.#shrunkAtMs = nowMs;
      const by = Math.max(Math.min(delayMsMax / delayMs, SHRINK.least), SHRINK.most);
      this.#limit = Math.max(this.#limit * by, Math.min(LIMIT_MIN, inFlightMax));
    }
  }
}
