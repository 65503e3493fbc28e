/**
 * One process of a stack, started in the background with its output in a log, watched until it is ready, and stopped
 * within a bound. It survives the launcher; it's never signalled by a pid that another process may have taken over.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { logEnd } from './log-end.ts';
import { identify, isAlive, type ProcessIdentity, signal } from './process-identity.ts';
import { StackError } from './stack-error.ts';
import type { PartRecord } from './state.ts';

export interface PartPlan {
  readonly name: string;
  /** host:port, or a URL. */
  readonly address: string;
  /** Where others reach it, if that is elsewhere. */
  readonly reachedAt?: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  /** True once it can be used; throwing means not yet. Asked again until then, within the bound. */
  readonly ready: () => Promise<boolean>;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
}

const POLL_MS = 50;
const KILL_MS_MAX = 10_000;
/** What a part gets of the environment besides its own: nothing that a test runner or an outer Node set for itself. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME', 'NODE_COMPILE_CACHE'];

export interface StartedPart {
  readonly record: PartRecord;
  readonly child: ChildProcess;
}

/** Starts the process; `record` must be written down before anything is awaited. */
export function spawnPart(plan: PartPlan, stackMark: string): StartedPart {
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const since = new Date().toISOString();
  const log = openSync(plan.log, 'a');
  writeSync(log, `--- ${plan.name} started at ${since}\n`);
  const child = spawn(plan.command, plan.args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...inherited, ...plan.env, HUTONG_STACK: stackMark },
  });
  closeSync(log);
  child.unref();
  child.on('error', () => {}); // without a pid it's reported below
  const identity = child.pid === undefined ? null : identify(child.pid);
  if (identity === null)
    throw new StackError(
      `${plan.name} can't be started: ${plan.command} is missing or ends at once${logEnd(plan.log)}`,
    );
  const { name, address, reachedAt, stopWithinMs } = plan;
  const reached = reachedAt === undefined ? {} : { reachedAt };
  return { child, record: { name, address, ...reached, ...identity, since, log: plan.log, stopWithinMs } };
}

/** @throws StackError with the end of its log, if it ends or isn't ready within its bound, or `signal` gives up. */
export async function waitUntilReady(plan: PartPlan, started: StartedPart, abort: AbortSignal): Promise<void> {
  const deadline = Date.now() + plan.readyWithinMs;
  while (Date.now() < deadline) {
    abort.throwIfAborted();
    const ready = await plan.ready().catch(() => false);
    // Asked after the answer: on a port that it failed to take, someone else may have answered.
    if (!isAlive(started.record)) {
      const { code, signal: killedBy } = await exitOf(started);
      throw new StackError(`${plan.name} ended during its start (${killedBy ?? `status ${code}`})${logEnd(plan.log)}`);
    }
    if (ready) return;
    await sleep(POLL_MS);
  }
  throw new StackError(`${plan.name} was not ready within ${plan.readyWithinMs} ms${logEnd(plan.log)}`);
}

/** Asks it to stop, and ends it and its children when it doesn't within its bound. */
export async function stopPart(record: PartRecord, first: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  signal(record, first);
  signal(record, 'SIGCONT'); // a stopped process would never see it
  if (await gone(record, record.stopWithinMs)) return;
  signal(record, 'SIGKILL', true);
  if (!(await gone(record, KILL_MS_MAX)))
    throw new StackError(`${record.name} (pid ${record.pid}) doesn't end, not even by SIGKILL`);
}

export async function gone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Its exit, for a part that this process started. */
export async function exitOf({ child }: StartedPart): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (child.exitCode === null && child.signalCode === null) {
    child.ref(); // or this process would end before it has heard of it, if it waits for nothing else
    await once(child, 'exit');
  }
  return { code: child.exitCode, signal: child.signalCode };
}
