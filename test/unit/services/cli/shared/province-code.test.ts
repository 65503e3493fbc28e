/** A province as options and arguments name it. */

import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { logOf } from '#exchange/topics/log.ts';
import { hutongProgram } from '#services/cli/program.ts';

/** @returns what the command says of its arguments; nothing of it is run */
async function refusalOf(args: readonly string[]): Promise<string> {
  const said: string[] = [];
  const program = hutongProgram(logOf(1));
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: (text) => void said.push(text) });
    command.commands.forEach(quiet);
  };
  quiet(program);
  await program.parseAsync(['node', 'hutong', ...args]).catch(() => {});
  return said.join('');
}

describe('a province that there isn’t', () => {
  it.each([
    ['import', ['import', 'x.ndjson', '--province', '99']],
    ['a letter', ['dead-letters', 'list', '--province', '99']],
    ['a rule', ['policy', 'explain', '99', '--purpose', 'entry']],
    ['a sample', ['contract', 'test', '--as', '99', 'x.ndjson']],
    ['vouchers', ['vouch', 'verify', '--province', '99']],
    ['a withdrawal', ['withdraw', '--province', '99']],
  ])('%s: was refused in three wordings, and is in one that names all', async (_, args) => {
    expect(await refusalOf(args)).toMatch(/It is one of 11 Beijing, .*43 Hunan, .*66 /);
  });
});
