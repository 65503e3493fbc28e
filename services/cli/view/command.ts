/**
 * `hutong view`: what operators do by hand with the view that look-ups read. Its options; the work is in view/, and
 * loaded only when it is asked for: the other commands start faster without.
 */

import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Log } from '#exchange/topics/log.ts';
import { parseInstant } from '#services/cli/shared/instant.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

const VIEW = ['kafka', 'registry', 'redis'] as const;
const KAFKA = ['kafka'] as const;

interface RebuildFlags extends AddressFlags {
  readonly switch?: true;
  readonly afresh?: true;
  readonly names?: true;
  readonly abandon?: true;
}

/** @param print takes one line or table at a time */
export function viewCommand(log: Log, print: Print = onConsole): Command {
  return new Command('view')
    .description('works with the view that look-ups read')
    .addCommand(rebuildCommand(log, print))
    .addCommand(verifyCommand(log, print))
    .addCommand(sweepCommand(log, print))
    .addCommand(atCommand(log, print));
}

function rebuildCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('rebuild'), VIEW)
    .description(
      'fill a second generation of the view from the log, compare it with the live one, and have ' +
        'look-ups go over to it; broken off, it goes on from there',
    )
    .addOption(
      new Option('--switch', 'switch without asking; without it a terminal is asked, and else nothing is switched'),
    )
    .addOption(new Option('--afresh', 'give up what an earlier rebuild has filled, such as one by an older version'))
    .addOption(
      new Option(
        '--abandon',
        'give up the rebuild that was begun, remove what it has filled, and do no more',
      ).conflicts(['switch', 'afresh', 'names']),
    )
    .addOption(new Option('--names', 'print the keys of people whose views differ'))
    .addHelpText(
      'after',
      '\nIt needs memory for a second view. After hutong keys revoke --since it leaves out what is withdrawn; one' +
        '\nthat was begun before that begins anew. Exit status: 0 rebuilt, 1 something is missing or could not ' +
        'be switched, or a key was revoked meanwhile, 2 wrong usage.',
    )
    .action(async (flags: RebuildFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const confirm = async (): Promise<boolean> =>
          flags.switch ?? ask('Switch look-ups to the rebuilt view? [y/N] ');
        const { abandonRebuild, rebuildView } = await import('./rebuild.ts');
        if (flags.abandon === true) return abandonRebuild(log, await addressesOf(flags, VIEW), print);
        return rebuildView(
          log,
          { ...(await addressesOf(flags, VIEW)), afresh: flags.afresh ?? false, names: flags.names ?? false, confirm },
          print,
        );
      });
    });
}

interface VerifyFlags extends AddressFlags {
  readonly partition?: readonly number[];
  readonly atOnce: number;
  readonly slices: number;
}

function verifyCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('verify'), VIEW)
    .description('compare the live view with the log, and name the people who differ by partition and key')
    .addOption(
      new Option('--partition <number...>', 'only these partitions (default: all)').argParser(
        (text, before: readonly number[] | undefined) => [...(before ?? []), parseNumber(text, 0)],
      ),
    )
    .addOption(
      new Option('--at-once <partitions>', 'partitions to hold in memory at a time; Redis is walked once for each lot')
        .argParser((text) => parseNumber(text, 1))
        .default(8),
    )
    .addOption(
      new Option(
        '--slices <number>',
        'divide the people of a partition by so many, and read the log once for each part: for less memory',
      )
        .argParser((text) => parseNumber(text, 1))
        .default(1),
    )
    .addHelpText(
      'after',
      '\nMemory: about 400 MB, and 2 or 3 kB for each person held. Exit status: 0 all the same, 1 some ' +
        'differ or something is missing, 2 wrong usage.',
    )
    .action(async ({ partition, atOnce, slices, ...flags }: VerifyFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { verifyView } = await import('./verify.ts');
        return verifyView(
          log,
          { ...(await addressesOf(flags, VIEW)), partitions: partition ?? null, atOnce, slices },
          print,
        );
      });
    });
}

function parseNumber(text: string, min: number): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= min) return Number(text);
  throw new InvalidArgumentError(`It is a whole number from ${min} on.`);
}

function sweepCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('sweep'), VIEW)
    .description(
      'remove generations of the view that are neither live nor being built; a rebuild that was broken ' +
        'off while removing leaves some',
    )
    .addOption(
      new Option(
        '--former',
        'views of earlier editions of the log too, when no materialiser and no look-up works with them any more',
      ),
    )
    .addHelpText('after', '\nExit status: 0 removed, 1 something is missing, 2 wrong usage.')
    .action(async ({ former, ...flags }: AddressFlags & { readonly former?: true }) => {
      process.exitCode = await withMessage(print, async () => {
        const { sweepView } = await import('./rebuild.ts');
        return sweepView(log, await addressesOf(flags, VIEW), former ?? false, print);
      });
    });
}

interface AtFlags extends AddressFlags {
  readonly partition: number;
  readonly at: number;
}

function atCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('at'), KAFKA)
    .description('show what look-ups read of a partition at an instant: position and freshness, as JSON')
    .addOption(
      new Option('--partition <number>', 'as the position of an answer names it')
        .argParser((text) => parseNumber(text, 0))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--at <time>', 'such as the evaluatedAt of an answer').argParser(parseInstant).makeOptionMandatory(),
    )
    .addHelpText('after', '\nExit status: 0 shown, 1 nothing is kept from then, or no Kafka, 2 wrong usage.')
    .action(async ({ partition, at: atMs, ...flags }: AtFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { showMomentAt } = await import('./at.ts');
        return showMomentAt(log, { ...(await addressesOf(flags, KAFKA)), partition, atMs }, print);
      });
    });
}

async function ask(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
