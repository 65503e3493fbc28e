/**
 * `hutong log`: what operators do by hand with the log. Its options; the work is in log/, loaded when it's asked for.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { Log } from '#exchange/topics/log.ts';
import { readConfig } from '#platform/config.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

interface RepublishFlags extends AddressFlags {
  readonly partitions?: number;
  readonly keyVersion?: number;
  readonly withoutErased?: true;
}

/** @param print takes one line at a time */
export function logCommand(log: Log, print: Print = onConsole): Command {
  return new Command('log')
    .description('works with the log')
    .addCommand(republishCommand(log, print))
    .addCommand(requireTagsCommand(log, print));
}

function requireTagsCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('require-tags'), ['kafka', 'registry'])
    .description(
      'states that all that is appended from now on bears a tag: for a log from before there were tags, once every ' +
        'producer tags and while the materialisers are stopped',
    )
    .addHelpText('after', '\nExit status: 0 stated, now or before, 1 no Kafka or no keys, 2 wrong usage.')
    .action(async (flags: AddressFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { requireTags } = await import('./require-tags.ts');
        return requireTags(log, await addressesOf(flags, ['kafka', 'registry']), print);
      });
    });
}

function republishCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('republish'), ['kafka', 'registry'])
    .description(
      'copy the shared topics into their next edition, with more partitions or under a newer version of ' +
        'the person keys; broken off, it goes on from there',
    )
    .addOption(
      new Option('--partitions <number>', 'of each new topic (default: as many as before)').argParser(parseCount),
    )
    .addOption(
      new Option(
        '--key-version <number>',
        'version of the person keys there (default: keys stay as they are); the secrets come from ' +
          'HUTONG_PERSON_KEY_SECRETS',
      ).argParser(parseCount),
    )
    .addOption(
      new Option('--without-erased', 'leave out what erasures hide by now: with the former topics, it is deleted'),
    )
    .addHelpText(
      'after',
      '\nRun it while everything runs, and again after the producers were stopped, always with the same ' +
        'options. HUTONG_LOG_EDITION is the edition that is read.\nExit status: 0 copied to the end that ' +
        'the log had, 1 something is missing, 2 wrong usage.',
    )
    .action(async ({ partitions, keyVersion, withoutErased, ...flags }: RepublishFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const secrets = readConfig().personKeySecrets;
        if (keyVersion !== undefined && secrets.length < keyVersion)
          throw new RangeError(
            `HUTONG_PERSON_KEY_SECRETS holds ${secrets.length} secrets, and key version ${keyVersion} needs as many`,
          );
        const { republishLog } = await import('./republish.ts');
        return republishLog(
          log,
          {
            ...(await addressesOf(flags, ['kafka', 'registry'])),
            partitions: partitions ?? null,
            keyVersion: keyVersion ?? null,
            secrets,
            withoutErased: withoutErased ?? false,
            addressFlags: given(flags),
          },
          print,
        );
      });
    });
}

/** As they were given, for a command that can be copied. */
function given({ kafka, registry, runDir }: AddressFlags): string[] {
  const named = { kafka, registry, 'run-dir': runDir === '.run' ? undefined : runDir };
  return Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}
