/**
 * Allowances that several processes share: so much for each key in each window of time. A process draws a lease from
 * the common store ahead of need, so that hardly a request waits for it. While the store is away each process goes by
 * its share. Pure but for the store: the clock is handed in. Written by hand, because @fastify/rate-limit and
 * rate-limiter-flexible ask the store with every request.
 */

import { LRUCache } from 'lru-cache';

/** Counts what was drawn. @returns how much was drawn of it in that window, this amount included. */
export type Draw = (key: string, window: number, amount: number) => Promise<number>;

export interface LeaseOptions {
  readonly windowMs: number;
  /** Processes that share an allowance while the store is away. */
  readonly sharers: number;
  readonly draw: Draw;
}

export interface Taken {
  readonly isTaken: boolean;
  readonly limit: number;
  /** As far as this process knows. */
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

/** Keys that are kept in mind; one that was pushed out draws anew. */
const KEYS_MAX = 20_000;
/** An allowance is drawn in so many leases, if one process uses all of it. */
const LEASES = 16;

interface State {
  readonly window: number;
  granted: number;
  used: number;
  /** By all processes, as the store said last. */
  drawn: number;
  drawing: Promise<void> | null;
  /** The store is away: until the window ends this process goes by its share. */
  isAlone: boolean;
}

export class Leases {
  readonly #options: LeaseOptions;
  readonly #states = new LRUCache<string, State>({ max: KEYS_MAX });

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** @returns a promise only where the lease is used up and the next one isn't there */
  take(key: string, limit: number, amount: number, nowMs: number): Taken | Promise<Taken> {
    const state = this.#stateOf(key, nowMs);
    if (this.#fits(state, amount)) return this.#takeFrom(state, key, limit, amount, nowMs);
    return this.#drawAndTake(state, key, limit, amount, nowMs);
  }

  async #drawAndTake(state: State, key: string, limit: number, amount: number, nowMs: number): Promise<Taken> {
    // A lease that was under way may be used up by those who waited before.
    while (!this.#fits(state, amount) && this.#mayDraw(state, limit)) await this.#draw(state, key, limit, amount);
    return this.#takeFrom(state, key, limit, amount, nowMs);
  }

  #takeFrom(state: State, key: string, limit: number, amount: number, nowMs: number): Taken {
    const isTaken = this.#fits(state, amount);
    if (isTaken) state.used += amount;
    // The next lease is drawn while half of this one is left.
    if (state.granted - state.used < leaseOf(limit) / 2 && this.#mayDraw(state, limit))
      void this.#draw(state, key, limit, 0);
    const { windowMs } = this.#options;
    const left = Math.max(0, limit - Math.max(state.drawn, state.granted)) + state.granted - state.used;
    return { isTaken, limit, remaining: isTaken ? left : 0, resetMs: (state.window + 1) * windowMs - nowMs };
  }

  #fits({ granted, used }: State, amount: number): boolean {
    return used + amount <= granted;
  }

  #mayDraw({ isAlone, drawn }: State, limit: number): boolean {
    return !isAlone && drawn < limit;
  }

  /** One at a time; whoever waits for one that is under way draws another if that wasn't enough. */
  #draw(state: State, key: string, limit: number, amount: number): Promise<void> {
    state.drawing ??= this.#drawn(state, key, limit, Math.max(amount, leaseOf(limit))).finally(() => {
      state.drawing = null;
    });
    return state.drawing;
  }

  async #drawn(state: State, key: string, limit: number, amount: number): Promise<void> {
    try {
      state.drawn = await this.#options.draw(key, state.window, amount);
      state.granted += Math.max(0, Math.min(amount, limit - (state.drawn - amount)));
    } catch {
      state.isAlone = true;
      state.granted = Math.max(state.granted, Math.ceil(limit / this.#options.sharers));
    }
  }

  #stateOf(key: string, nowMs: number): State {
    const window = Math.floor(nowMs / this.#options.windowMs);
    const known = this.#states.get(key);
    if (known?.window === window) return known;
    const state: State = { window, granted: 0, used: 0, drawn: 0, drawing: null, isAlone: false };
    this.#states.set(key, state);
    return state;
  }
}

const leaseOf = (limit: number): number => Math.ceil(limit / LEASES);
