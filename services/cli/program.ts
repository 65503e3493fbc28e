/** Puts the subcommands together, one per file, and says the exit status of wrong usage. */

import { Command, CommanderError } from 'commander';
import type { Log } from '#exchange/topics/log.ts';
import { trust } from '#platform/trust.ts';
import { contractCommand } from './contract/command.ts';
import { deadLettersCommand } from './dead-letters/command.ts';
import { erasuresCommand } from './erasures/command.ts';
import { importCommand } from './import/command.ts';
import { keysCommand } from './keys/command.ts';
import { logCommand } from './log/command.ts';
import { pkiCommand } from './pki/command.ts';
import { policyCommand } from './policy/command.ts';
import { producersCommand } from './producers/command.ts';
import { provinceCommand } from './province/command.ts';
import { quarantineCommand } from './quarantine/command.ts';
import { schemasCommand } from './schemas/command.ts';
import { EXIT } from './shared/exit.ts';
import { launchedTls } from './shared/launched.ts';
import { tokenCommand } from './token/command.ts';
import { viewCommand } from './view/command.ts';
import { vouchCommand } from './vouch/command.ts';
import { withdrawalsCommand, withdrawCommand } from './withdrawals/command.ts';

/** All of the command; nothing is run or read yet. */
export function hutongProgram(log: Log): Command {
  const program = new Command('hutong')
    .description('works with a running Hutong exchange')
    .showHelpAfterError('(see --help)');
  program.exitOverride();
  // Before whatever it is that asks; a command without the option asks nobody.
  program.hook('preAction', (_program, command) => {
    const { runDir } = command.opts<{ readonly runDir?: string }>();
    if (runDir !== undefined) trust(launchedTls(runDir).ca);
  });
  for (const command of [importCommand(), tokenCommand(), withdrawCommand(log)])
    program.addCommand(command.copyInheritedSettings(program));
  for (const group of [
    policyCommand(log),
    deadLettersCommand(log),
    quarantineCommand(),
    erasuresCommand(log),
    viewCommand(log),
    logCommand(log),
    producersCommand(log),
    vouchCommand(log),
    keysCommand(log),
    withdrawalsCommand(log),
    schemasCommand(log),
    pkiCommand(),
    provinceCommand(),
    contractCommand(log),
  ]) {
    group.copyInheritedSettings(program);
    for (const command of group.commands) command.copyInheritedSettings(program);
    program.addCommand(group);
  }
  return program;
}

/** @returns 0 where the command says its own status */
export async function runProgram(log: Log): Promise<number> {
  try {
    await hutongProgram(log).parseAsync();
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed what is wrong; asking for help or the version is no mistake.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}
