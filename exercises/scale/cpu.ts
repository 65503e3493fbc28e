/**
 * What parts of a stack spend of the processors between two moments, from /proc: wall-clock rates on a machine that all
 * parts share say little of one part.
 */

import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Stack } from '#infra/stack/stack.ts';

/** Clock ticks a second, as /proc counts them on Linux. */
const TICKS = 100;

export const GROUPS = ['producer', 'kafka', 'materialiser', 'redis', 'lookup', 'client'] as const;
export type Group = (typeof GROUPS)[number];

export interface Spent {
  readonly seconds: number;
  /** CPU seconds by group of parts; `client` is this process, and what it has started and seen end. */
  readonly cpu: Readonly<Record<Group, number>>;
  /** Of all processors, what anybody took, also processes that aren't ours; 0 to 1. */
  readonly busy: number;
}

/** Call it at the first moment, and what it returns at the second. */
export function startCounting(stack: Stack): () => Spent {
  const began = performance.now();
  const before = cpuOf(stack);
  const machineBefore = machine();
  return () => {
    const after = cpuOf(stack);
    const machineAfter = machine();
    const cpu = Object.fromEntries(GROUPS.map((group) => [group, after[group] - before[group]])) as Record<
      Group,
      number
    >;
    return {
      seconds: (performance.now() - began) / 1_000,
      cpu,
      busy: 1 - (machineAfter.idle - machineBefore.idle) / (machineAfter.all - machineBefore.all),
    };
  };
}

function cpuOf(stack: Stack): Record<Group, number> {
  const sums = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Record<Group, number>;
  for (const { name, pid } of stack.processes) {
    const group = GROUPS.find((one) => name === one || name.startsWith(`${one}-`));
    if (group !== undefined) sums[group] += cpuOfProcess(pid);
  }
  sums.client = cpuOfProcess(process.pid) + cpuOfEnded(process.pid);
  return sums;
}

/** 0 for one that has been stopped. */
function cpuOfProcess(pid: number): number {
  if (!existsSync(`/proc/${pid}`)) return 0;
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Of its children that have ended: the load generator, as long as no part of the stack ends meanwhile. */
function cpuOfEnded(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** From the third field on: the second is a name, in which anything may stand. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function machine(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    all: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}
