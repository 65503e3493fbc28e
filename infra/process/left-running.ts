/**
 * Ends every process that works in one temporary folder, whoever started it: what is left when a test run is stopped
 * or goes wrong. It never touches a process of another folder.
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { gone } from './part.ts';
import { identify, type ProcessIdentity, signal } from './process-identity.ts';

const TERM_MS_MAX = 10_000;
const KILL_MS_MAX = 10_000;
/** A process that is just being started appears after the first look. */
const LOOKS_MAX = 5;

/** Asks them to end, and kills those that don't. Returns how many there were. */
export async function endAllIn(folder: string): Promise<number> {
  let ended = 0;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const found = processesIn(folder);
    if (found.length === 0) break;
    ended += found.length;
    await Promise.all(found.map(end));
  }
  return ended;
}

async function end(one: ProcessIdentity): Promise<void> {
  signal(one, 'SIGTERM');
  signal(one, 'SIGCONT'); // a stopped process would never see it
  if (await gone(one, TERM_MS_MAX)) return;
  signal(one, 'SIGKILL');
  await gone(one, KILL_MS_MAX);
}

/** Those that were given the folder as TMPDIR or work in it: Redis writes its title over its environment. */
export function processesIn(folder: string): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (name) =>
        tried(() => readFileSync(`/proc/${name}/environ`, 'utf8'))
          .split('\0')
          .includes(`TMPDIR=${folder}`) || tried(() => readlinkSync(`/proc/${name}/cwd`)).startsWith(`${folder}/`),
    )
    .flatMap((name) => identify(Number(name)) ?? []);
}

/** A process may end, or belong to another user, between any two reads. */
function tried(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
