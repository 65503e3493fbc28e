/** How long something gave no service: the longest time between two of its answers, the round's ends included. */
export class Pauses {
  #lastMs = performance.now();
  #longestMs = 0;

  begin(): void {
    this.#lastMs = performance.now();
    this.#longestMs = 0;
  }

  served(): void {
    this.#note();
    this.#lastMs = performance.now();
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  longestMs(): number {
    this.#note();
    return this.#longestMs;
  }

  #note(): void {
    this.#longestMs = Math.max(this.#longestMs, performance.now() - this.#lastMs);
  }
}
