/** Runs `hutong` as an operator would, and gives what it said and its exit status. It reads nothing of the exchange. */

import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { programs } from '#infra/build/programs.ts';

const COMMAND_MS_MAX = 60_000;

export interface CommandResult {
  /** Null: it was ended from outside. */
  readonly status: number | null;
  readonly output: string;
}

export async function runHutong(args: readonly string[]): Promise<CommandResult> {
  const { fileOf, compiled } = await programs();
  const child = spawn(process.execPath, [fileOf('hutong'), ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_MS_MAX,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const status = await promise;
  return { status, output: stripVTControlCharacters(Buffer.concat(chunks).toString('utf8')) };
}
