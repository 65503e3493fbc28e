/** The memory of the services while they are fuzzed: whether they are there, and whether it levels off. */

import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4_096;
const MB = 1024 * 1024;
/** By so much the last quarter of a run may exceed the second: caches fill, and collections come when they come. */
const GROWTH_SHARE_MAX = 1.2;
const GROWTH_MB_MAX = 64;
/** With fewer looks nothing can be said. */
const LOOKS_MIN = 20;

export class Memory {
  readonly #processes: ReadonlyMap<string, number>;
  /** By name, in MB, in their order; null: the process was gone. */
  readonly seen = new Map<string, (number | null)[]>();

  constructor(processes: ReadonlyMap<string, number>) {
    this.#processes = processes;
  }

  look(): void {
    for (const [name, pid] of this.#processes) this.seen.set(name, [...(this.seen.get(name) ?? []), residentMb(pid)]);
  }

  findings(): string[] {
    return [...this.seen].flatMap(([name, mb]) => {
      if (mb.includes(null)) return [`${name} ended`];
      const known = mb.filter((one) => one !== null);
      if (known.length < LOOKS_MIN) return [];
      const quarter = Math.floor(known.length / 4);
      const second = Math.max(...known.slice(quarter, 2 * quarter));
      const last = Math.max(...known.slice(-quarter));
      return last <= second * GROWTH_SHARE_MAX + GROWTH_MB_MAX
        ? []
        : [`${name} takes ${last} MB in the end, and took ${second} MB in the second quarter: it doesn't level off`];
    });
  }
}

function residentMb(pid: number): number | null {
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Math.round((Number(pages) * PAGE_BYTES) / MB);
  } catch {
    return null;
  }
}
