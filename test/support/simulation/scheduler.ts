/**
 * The simulation's clock and the order of everything that happens: what is due next runs, then all that waits for
 * nothing but its turn, then what is due after it. No real time passes and nothing runs at once.
 */
interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class Scheduler {
  nowMs: number;
  /** A binary heap, the next on top. */
  readonly #due: Due[] = [];
  #order = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  after(ms: number, run: () => void): void {
    const due = { atMs: this.nowMs + ms, order: this.#order, run };
    this.#order += 1;
    const heap = this.#due;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(due, heap[parent] as Due)) break;
      heap[index] = heap[parent] as Due;
      index = parent;
    }
    heap[index] = due;
  }

  /** Runs what is due until the time has come or `isDone` says so. */
  async run(untilMs: number, isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const next = this.#due[0];
      if (next === undefined || next.atMs > untilMs) {
        this.nowMs = untilMs;
        return;
      }
      this.#pop();
      this.nowMs = next.atMs;
      next.run();
      // Runs once every promise that could go on has gone on.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  #pop(): void {
    const heap = this.#due;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
      if (!isBefore(heap[child] as Due, last)) break;
      heap[index] = heap[child] as Due;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
