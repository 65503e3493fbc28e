/**
 * Whether a dependency that has stopped answering is asked at all: after a few failures in a row it isn't, but for one
 * probe at a time, so that callers learn at once that it is away. Pure: the clock is handed in. Written by hand,
 * because cockatiel and opossum read a clock of their own, which no test can turn, and wrap the call itself; this much
 * is less.
 */
export interface BreakerLimits {
  /** Failures in a row after which it counts as away. */
  readonly failuresMax: number;
  /** Between two probes while it is away. */
  readonly probeEveryMs: number;
}

export class Breaker {
  readonly #limits: BreakerLimits;
  #failures = 0;
  #probeFromMs = 0;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
  }

  /** Whether to ask now; while it counts as away, true makes the caller the probe. */
  allows(nowMs: number): boolean {
    if (this.#failures < this.#limits.failuresMax) return true;
    if (nowMs < this.#probeFromMs) return false;
    this.#probeFromMs = nowMs + this.#limits.probeEveryMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(nowMs: number): void {
    this.#failures += 1;
    if (this.#failures === this.#limits.failuresMax) this.#probeFromMs = nowMs + this.#limits.probeEveryMs;
  }
}
