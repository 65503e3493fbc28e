/** `hutong producers`: its options, checked before anything is read or written; what it does is in instances.ts. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { isProvinceCode } from '#core/field/regions.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { parseNote } from '#services/cli/shared/note.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';
import { listInstances, retireInstance } from './instances.ts';

const SERVERS = ['kafka', 'registry'] as const;

/** @param print takes one line or table at a time */
export function producersCommand(log: Log, print: Print = onConsole): Command {
  return new Command('producers')
    .description('lists the producer instances that answers wait for, and retires one for good')
    .addCommand(listCommand(log, print))
    .addCommand(retireCommand(log, print));
}

function listCommand(log: Log, print: Print): Command {
  return withAddresses(
    new Command('list').description('each instance with its epoch, its newest watermark and whether it is retired'),
    SERVERS,
  )
    .option('--json', 'one JSON object per line')
    .addHelpText('after', '\nExit status: 0 listed, 1 no Kafka, 2 wrong usage.')
    .action(async (flags: AddressFlags & { readonly json?: true }) => {
      process.exitCode = await withMessage(print, async () =>
        listInstances(log, await addressesOf(flags, SERVERS), flags.json === true, print),
      );
    });
}

function retireCommand(log: Log, print: Print): Command {
  return withAddresses(
    new Command('retire').description(
      'gives an instance up: its province no longer waits for it; all that it said to be accepted must be in the log',
    ),
    SERVERS,
  )
    .argument('<instance>', 'such as 43-a, as list names it', parseInstance)
    .addOption(new Option('--by <who>', 'who does it: kept in the log').argParser(parseNote).makeOptionMandatory())
    .addOption(new Option('--why <reason>', 'kept in the log').argParser(parseNote).makeOptionMandatory())
    .addHelpText(
      'after',
      '\nExit status: 0 retired, 1 no such instance, or it still writes, or no Kafka, 2 wrong usage.',
    )
    .action(async (instance: string, flags: AddressFlags & { readonly by: string; readonly why: string }) => {
      process.exitCode = await withMessage(print, async () =>
        retireInstance(log, await addressesOf(flags, SERVERS), { instance, by: flags.by, why: flags.why }, print),
      );
    });
}

function parseInstance(text: string): string {
  if (isProvinceCode(text.slice(0, 2)) && /^\d{2}-[a-z0-9]{1,16}$/.test(text)) return text;
  throw new InvalidArgumentError('It is <province>-<name>, such as 43-a.');
}
