/** All chance of a simulation, from one seed: the same seed gives the same run, on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) | 0;
    for (let turn = 0; turn < 4; turn += 1) this.#next(); // neighbouring seeds must not begin alike
  }

  /** From 0 up to, but not including, `below`. */
  int(below: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * below);
  }

  /** Both ends included. */
  between(low: number, high: number): number {
    return low + this.int(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.#next() < probability * 0x1_0000_0000;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(values.length)] as T;
  }

  // mulberry32: 32 bits of state are plenty for a run of a few thousand decisions.
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
