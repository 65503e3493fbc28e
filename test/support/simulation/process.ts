/**
 * A process and its way to the outside: calls that take their time, fail before or after they were carried out, or are
 * carried out long after the caller gave up. It can be killed, and stopped and continued: what it asked for goes on
 * without it, and what had not left it yet goes out when it wakes up.
 */

import type { Random } from '#exercises/town/random.ts';
import type { Scheduler } from './scheduler.ts';

export type Target = 'redis' | 'kafka' | 'dead letters' | 'registry';

export interface Network {
  readonly latencyMsMax: number;
  /** Of a call that is slow; the others take a few milliseconds. */
  readonly slowProbability: number;
  /** Of a call in the chaos: that it is lost on the way there, on the way back, or arrives late. */
  readonly faultProbability: number;
  isAway(target: Target): boolean;
  count(what: string): void;
}

/** How long a caller waits before it takes a call for failed. */
const TIMEOUT_MS = 2_000;
const LATE_MS_MAX = 4_000;

export class SimProcess {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #network: Network;
  #state: 'running' | 'stopped' | 'dead' = 'running';
  #waiting: (() => void)[] = [];

  constructor(name: string, scheduler: Scheduler, random: Random, network: Network) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#random = random;
    this.#network = network;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }
  get isDead(): boolean {
    return this.#state === 'dead';
  }

  kill(): void {
    this.#state = 'dead';
    this.#waiting = [];
  }

  stop(): void {
    if (this.isRunning) this.#state = 'stopped';
  }

  /** What came while it was stopped happens now, in some order. */
  continue(): void {
    if (this.#state !== 'stopped') return;
    this.#state = 'running';
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) this.#scheduler.after(this.#random.below(5), () => this.deliver(run));
  }

  /** Something reaches the process: at once, when it is continued, or never. */
  deliver(run: () => void): void {
    if (this.#state === 'running') run();
    else if (this.#state === 'stopped') this.#waiting.push(run);
  }

  /** Something that goes on without the process. */
  elsewhere(run: () => void): void {
    this.#scheduler.after(this.#latencyMs(), run);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(ms, () => this.deliver(resolve));
      signal?.addEventListener('abort', () => this.deliver(resolve), { once: true });
    });
  }

  /** Sends a request. @param execute what it does over there @throws where the call failed or wasn't answered */
  call<T>(target: Target, execute: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const answer = (settle: () => void, afterMs: number): void =>
        this.#scheduler.after(afterMs, () => this.deliver(settle));
      const fail = (afterMs: number): void => answer(() => reject(new Error(`${target} did not answer`)), afterMs);
      const fate = this.#random.chance(this.#network.faultProbability)
        ? this.#random.pick(['lost before', 'lost after', 'late'] as const)
        : 'arrives';
      if (fate !== 'arrives') fail(this.#random.between(50, TIMEOUT_MS));
      if (fate !== 'arrives') this.#network.count(`call ${fate}`);
      if (fate === 'lost before') return;
      const arrive = (): void => {
        if (this.#network.isAway(target)) {
          if (fate === 'arrives') fail(this.#latencyMs());
          return;
        }
        try {
          const result = execute();
          if (fate === 'arrives') answer(() => resolve(result), this.#latencyMs());
        } catch (error) {
          if (fate === 'arrives') answer(() => reject(error), this.#latencyMs());
        }
      };
      this.#scheduler.after(
        fate === 'late' ? this.#random.between(TIMEOUT_MS, TIMEOUT_MS + LATE_MS_MAX) : this.#latencyMs(),
        () => this.#leave(arrive),
      );
    });
  }

  /** Half of what a process sends as it ends or is stopped has left it already. */
  #leave(arrive: () => void): void {
    const hasLeft = this.isRunning || this.#random.chance(0.5);
    if (hasLeft) arrive();
    else if (!this.isDead) this.#waiting.push(arrive);
  }

  #latencyMs(): number {
    return this.#random.chance(this.#network.slowProbability)
      ? this.#random.between(1, this.#network.latencyMsMax)
      : this.#random.between(1, 4);
  }
}
