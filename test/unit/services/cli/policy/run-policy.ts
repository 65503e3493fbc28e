/** `hutong policy` as an operator calls it, and what it said. */

import { Readable } from 'node:stream';
import { readConfig } from '#platform/config.ts';
import { policyCommand } from '#services/cli/policy/command.ts';
import { LOG } from '#test/support/first-edition.ts';

export async function run(...args: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  return runWith('', {}, ...args);
}

export async function runWith(
  input: string,
  environment: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const given = { input: Readable.from([input]), config: () => readConfig(environment) };
  await policyCommand(LOG, (text) => void said.push(text), given).parseAsync(args, { from: 'user' });
  return { status: Number(process.exitCode ?? 0), said: said.join('\n') };
}
