/** `hutong schemas`: its options; the work is in restore.ts, loaded when it's asked for. */

import { Command } from 'commander';
import type { Log } from '#exchange/topics/log.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

const SERVERS = ['kafka', 'registry'] as const;

/** @param print takes one line or table at a time */
export function schemasCommand(log: Log, print: Print = onConsole): Command {
  return new Command('schemas')
    .description('the schemas that the records of the log were written with, and a registry that has lost them')
    .addCommand(listCommand(log, print))
    .addCommand(restoreCommand(log, print));
}

function listCommand(log: Log, print: Print): Command {
  return withAddresses(
    new Command('list').description('by which id records have which schema, and whether the registry has it'),
    SERVERS,
  )
    .addHelpText('after', '\nExit status: 0 the registry has all, 1 it lacks one, or no Kafka, 2 wrong usage.')
    .action(async (flags: AddressFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { listSchemas } = await import('./restore.ts');
        return listSchemas(log, await addressesOf(flags, SERVERS), print);
      });
    });
}

function restoreCommand(log: Log, print: Print): Command {
  return withAddresses(
    new Command('restore').description(
      'brings back what a registry has lost, each schema under the id that records have it by; reads the whole log',
    ),
    SERVERS,
  )
    .addHelpText('after', '\nExit status: 0 the registry has all, 1 it lacks one still, or no Kafka, 2 wrong usage.')
    .action(async (flags: AddressFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { restoreSchemas } = await import('./restore.ts');
        return restoreSchemas(log, await addressesOf(flags, SERVERS), print);
      });
    });
}
