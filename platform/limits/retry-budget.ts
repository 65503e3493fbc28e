/**
 * How often a process may ask again: a share of what it asks for the first time, and a trickle beside that. Without it
 * every caller of a dependency that is away multiplies its load just then. A token bucket; pure: the clock is handed
 * in. Written by hand, because the one of @smithy/util-retry can't be had without the AWS client's way of retrying,
 * and reads a clock of its own.
 */
export interface RetryBudgetLimits {
  /** Retries for each first request: 0.1 is one for ten. */
  readonly share: number;
  /** Retries per second for a process that asks nothing new. */
  readonly perSecond: number;
  /** Retries that can be saved up; what it begins with. */
  readonly savedMax: number;
}

export class RetryBudget {
  readonly #limits: RetryBudgetLimits;
  #saved: number;
  #atMs: number;

  constructor(limits: RetryBudgetLimits, nowMs: number) {
    this.#limits = limits;
    this.#saved = limits.savedMax;
    this.#atMs = nowMs;
  }

  /** A request that is no retry. */
  asked(): void {
    this.#add(this.#limits.share);
  }

  /** @returns 0: go, it is paid for; else the milliseconds until there may be a retry to take */
  take(nowMs: number): number {
    const { perSecond } = this.#limits;
    this.#add((Math.max(0, nowMs - this.#atMs) / 1_000) * perSecond);
    this.#atMs = Math.max(nowMs, this.#atMs);
    if (this.#saved >= 1) {
      this.#saved -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#saved) / perSecond) * 1_000);
  }

  #add(retries: number): void {
    this.#saved = Math.min(this.#saved + retries, this.#limits.savedMax);
  }
}
