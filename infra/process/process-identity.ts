/**
 * Which process a pid meant when it was written down. A pid is given again to other processes, so that nothing here may
 * signal one whose start time isn't the recorded one.
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Boot of the machine and start of the process in clock ticks since then: together never given twice. */
  readonly startedAt: string;
}

const BOOT_ID = readText('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown';

/** Null if there is no such process, or only its entry that nobody has waited for. */
export function identify(pid: number): ProcessIdentity | null {
  const stat = readText(`/proc/${pid}/stat`);
  const startedAt = stat === null ? null : startOf(stat);
  return startedAt === null ? null : { pid, startedAt: `${BOOT_ID}/${startedAt}` };
}

/**
 * When the process of this line of `stat` started, in clock ticks since the boot; null when it has ended. One that was
 * killed counts as a process until its last thread is gone: one that waits for its disk still holds the port.
 */
export function startOf(stat: string): string | null {
  // The name in parentheses may hold blanks and parentheses: fields are counted from behind the last one.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const threads = Number(fields[16]);
  const ended = state === 'X' || (state === 'Z' && threads <= 1);
  return ended ? null : (fields[18] ?? null);
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** Signals that process, or its whole group; false if it is gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals, group = false): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(group ? -identity.pid : identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Processes whose environment has this entry: what a stack started, even if its launcher died before writing it down.
 * Redis writes its title over its environment, so it's known by the folder that it works in: `redisDir`, or that and a
 * number.
 */
export function findProcesses(entry: string, redisDir: string): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const marked = readText(`/proc/${name}/environ`)?.split('\0').includes(entry) === true;
    if (
      !marked &&
      !(readText(`/proc/${name}/comm`) === 'redis-server\n' && workingDir(name)?.replace(/-\d+$/, '') === redisDir)
    )
      continue;
    const identity = identify(Number(name));
    if (identity !== null) found.push(identity);
  }
  return found;
}

function workingDir(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** A process may end, or belong to another user, between any two reads. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
