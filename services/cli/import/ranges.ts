/** A set of whole numbers as ranges: what a file's results are by their number, of which most come in order. */

export type Range = readonly [first: number, last: number];

export class Ranges {
  /** In order, none touching the next. */
  readonly #ranges: [number, number][] = [];

  has(number: number): boolean {
    const range = this.#ranges[this.#after(number) - 1];
    return range !== undefined && range[1] >= number;
  }

  add(number: number): void {
    this.addRange(number, number);
  }

  addRange(first: number, last: number): void {
    const at = this.#after(first - 1);
    // Those that touch it become one with it.
    const from = at > 0 && (this.#ranges[at - 1]?.[1] ?? 0) >= first - 1 ? at - 1 : at;
    let to = at;
    while ((this.#ranges[to]?.[0] ?? Infinity) <= last + 1) to += 1;
    const joined = this.#ranges.slice(from, to);
    const start = Math.min(first, joined[0]?.[0] ?? first);
    const end = Math.max(last, joined.at(-1)?.[1] ?? last);
    this.#ranges.splice(from, joined.length, [start, end]);
  }

  delete(number: number): void {
    this.deleteRange(number, number);
  }

  deleteRange(first: number, last: number): void {
    const at = this.#after(first - 1);
    const from = at > 0 && (this.#ranges[at - 1]?.[1] ?? 0) >= first ? at - 1 : at;
    const cut = this.#ranges.slice(from, this.#after(last));
    const start = cut[0]?.[0] ?? first;
    const end = cut.at(-1)?.[1] ?? last;
    const left: [number, number][] = [];
    if (start < first) left.push([start, first - 1]);
    if (end > last) left.push([last + 1, end]);
    this.#ranges.splice(from, cut.length, ...left);
  }

  get count(): number {
    return this.#ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  toJSON(): readonly Range[] {
    return this.#ranges.map(([first, last]) => [first, last] as const);
  }

  /** How many ranges begin at or before a number. */
  #after(number: number): number {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle] as Range)[0] <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
