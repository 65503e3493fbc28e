/**
 * What runs of a stack, read from what it wrote down and from the processes themselves. Looks only; changes nothing.
 */

import Table from 'cli-table3';
import { logEnd } from './process/log-end.ts';
import { isAlive } from './process/process-identity.ts';
import { readState } from './process/state.ts';

export interface PartStatus {
  readonly name: string;
  readonly pid: number | null;
  readonly address: string;
  readonly since: string;
  readonly state: 'running' | 'died' | 'external';
  readonly log: string;
}

const LOG_LINES = 10;

export interface StackStatus {
  readonly parts: readonly PartStatus[];
  readonly state: 'absent' | 'healthy' | 'unfinished' | 'broken';
}

/** Healthy: all of it runs. Unfinished: its launcher was killed, or is still at work. Broken: a part died. */
export function readStatus(runDir: string): StackStatus {
  const { parts: records, external, ready } = readState(runDir);
  const parts = [
    ...records.map((part): PartStatus => {
      const { name, pid, address, since, log } = part;
      return { name, pid, address, since, log, state: isAlive(part) ? 'running' : 'died' };
    }),
    ...Object.entries(external).map(([name, address]): PartStatus => ({
      name,
      pid: null,
      address,
      since: '',
      log: '',
      state: 'external',
    })),
  ];
  const died = records.filter((record) => !isAlive(record)).length;
  if (parts.length === 0) return { parts, state: 'absent' };
  return { parts, state: died > 0 ? 'broken' : ready ? 'healthy' : 'unfinished' };
}

/** A table, and below it the end of the log of each part that died. */
export function renderStatus(parts: readonly PartStatus[]): string {
  const table = new Table({ head: ['part', 'pid', 'address', 'since', 'state'], style: { head: [], border: [] } });
  for (const { name, pid, address, since, state } of parts) table.push([name, pid ?? '', address, since, state]);
  const ends = parts
    .filter(({ state }) => state === 'died')
    .map(({ name, log }) => `${name} died${logEnd(log, LOG_LINES)}`);
  return [table.toString(), ...ends].join('\n');
}
