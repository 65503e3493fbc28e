/** `hutong erasures`: who asked to be erased. Its options; the work is in list.ts, loaded when it's asked for. */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { Log } from '#exchange/topics/log.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

const PARTS = ['kafka', 'registry', 'redis'] as const;

interface ListFlags extends AddressFlags {
  readonly all?: true;
  readonly limit: number;
  readonly json?: true;
}

/** @param print takes one line or table at a time */
export function erasuresCommand(log: Log, print: Print = onConsole): Command {
  return new Command('erasures').description('works with requests to be erased').addCommand(listCommand(log, print));
}

function listCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('list'), PARTS)
    .description('who asked to be erased, what is hidden of them, and which publishers still show something')
    .addOption(new Option('--all', 'also those of whom nobody shows anything any longer'))
    .addOption(new Option('--limit <rows>', 'of the table').argParser(parseRows).default(50))
    .addOption(new Option('--json', 'a line of JSON for each person'))
    .addHelpText(
      'after',
      '\nA publisher that sent something after the request is listed too: a view holds no times of acceptance.' +
        '\nExit status: 0 listed, 1 something is missing, 2 wrong usage.',
    )
    .action(async ({ all, limit, json, ...flags }: ListFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { listErasures } = await import('./list.ts');
        const addresses = await addressesOf(flags, PARTS);
        return listErasures(log, { ...addresses, all: all ?? false, rowsMax: limit, asJson: json ?? false }, print);
      });
    });
}

function parseRows(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}
