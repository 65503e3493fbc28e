/**
 * Which builds are in use, so that those of former sources go. It never removes one that a process may still load from.
 */

import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

export const isBuild = (name: string): boolean => /^programs-[0-9a-f]{16}$/.test(name);
/** One that was being made when its process was killed. */
const isHalf = (name: string): boolean => /^partial\.\w{6}$/.test(name);
/** A command doesn't name its build: it loads it into the process that it has. None takes as long. */
const UNUSED_MS_MIN = 24 * 3_600_000;

export function markUsed(folder: string, now = new Date()): void {
  try {
    utimesSync(folder, now, now);
  } catch {
    // of another user, who will see to it
  }
}

/** Removes those that nobody has begun with for a day and that no process names, whole or not. */
export function endUnused(cacheDir: string, nowMs = Date.now(), named = commandLines()): void {
  for (const name of readdirSync(cacheDir).filter((each) => isBuild(each) || isHalf(each))) {
    const folder = join(cacheDir, name);
    const usedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
    if (nowMs - usedMs >= UNUSED_MS_MIN && !named.includes(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // it has ended
      }
    })
    .join('\n');
}
