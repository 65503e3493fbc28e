/** The command `hutong` as an operator runs it: a process of its own, against the exchange of a test. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { programs } from '#infra/build/programs.ts';

const { fileOf, compiled } = await programs();

/** Nouns whose commands ask no Redis. */
const WITHOUT_REDIS: ReadonlySet<string | undefined> = new Set([
  'keys',
  'log',
  'producers',
  'vouch',
  'withdrawals',
  'schemas',
  'dead-letters',
]);

export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Starts it, to be ended with the test at the latest; `ended` has what it printed on both streams.
 * @param env over that of the exchange's services
 */
export function startHutong(
  exchange: Exchange,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const { kafka = '', registry = '', redis = '' } = exchange.stack.addresses;
  const addresses =
    args[0] === 'contract' && args[1] === 'test'
      ? []
      : [
          '--kafka',
          kafka,
          ...(args[0] === 'dead-letters' || args[0] === 'keys' ? [] : ['--registry', registry]),
          ...(WITHOUT_REDIS.has(args[0]) ? [] : ['--redis', redis]),
        ];
  const child = spawn(process.execPath, [fileOf('hutong'), ...args, ...addresses], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...exchange.stack.serviceEnv, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
  return {
    child,
    ended: once(child, 'close').then(([status]) => ({
      status: status as number | null,
      output: Buffer.concat(pieces).toString('utf8'),
    })),
  };
}

export function runHutong(exchange: Exchange, ...args: readonly string[]): Promise<Ended> {
  return startHutong(exchange, args).ended;
}
