/**
 * How many different ones of something each key has had in a window of time. It has a bound: what is forgotten for want
 * of room counts again as new. Pure: the clock is handed in.
 */

/** Of all keys together. */
const MEMBERS_MAX = 1_000_000;

export class Distinct {
  readonly #windowMs: number;
  readonly #membersMax: number;
  readonly #sets = new Map<string, Set<number>>();
  #window = 0;
  #members = 0;

  constructor(windowMs: number, membersMax = MEMBERS_MAX) {
    this.#windowMs = windowMs;
    this.#membersMax = membersMax;
  }

  has(key: string, member: number, nowMs: number): boolean {
    this.#roll(nowMs);
    return this.#sets.get(key)?.has(member) ?? false;
  }

  count(key: string, nowMs: number): number {
    this.#roll(nowMs);
    return this.#sets.get(key)?.size ?? 0;
  }

  add(key: string, member: number, nowMs: number): void {
    if (this.has(key, member, nowMs)) return;
    const set = this.#sets.get(key) ?? new Set<number>();
    this.#sets.set(key, set.add(member));
    this.#members += 1;
    if (this.#members > this.#membersMax) this.#forgetOldest(key);
  }

  /** Until the window ends. */
  resetMs(nowMs: number): number {
    return this.#windowMs - (nowMs % this.#windowMs);
  }

  #roll(nowMs: number): void {
    const window = Math.floor(nowMs / this.#windowMs);
    if (window === this.#window) return;
    this.#window = window;
    this.#sets.clear();
    this.#members = 0;
  }

  /** That of another key, if there is one: the key that fills the memory empties its own last. */
  #forgetOldest(key: string): void {
    const oldest = [...this.#sets.keys()].find((one) => one !== key) ?? key;
    this.#members -= this.#sets.get(oldest)?.size ?? 0;
    this.#sets.delete(oldest);
  }
}
