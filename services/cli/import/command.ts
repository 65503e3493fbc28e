/**
 * `hutong import`: its options, checked before anything is read or sent. What it does is in import.ts.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { ProvinceCode } from '#core/field/regions.ts';
import { asOption, tokenAs } from '#services/cli/shared/as.ts';
import { type FileFlags, mappingOf, parseUrl, withFileOptions } from '#services/cli/shared/file-options.ts';
import { launchedAddress, runDirOption } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { importFiles, UsageError } from './import.ts';

interface Options extends FileFlags {
  readonly to?: URL;
  readonly runDir: string;
  readonly province?: ProvinceCode;
  readonly as?: string;
  readonly retries: number;
}

/** @param print takes one line or table at a time; without it, the terminal does */
export function importCommand(print?: Print): Command {
  const command = new Command('import')
    .description('send files of events (NDJSON) or of laboratory results (HL7 v2 ORU^R01) through the producer’s door')
    .argument('<file...>', 'NDJSON, one event per line, or HL7 v2 messages; either may be gzip')
    .addOption(
      new Option(
        '--to <url>',
        'the door (default: the intake that addresses.json in the run directory names)',
      ).argParser(parseUrl),
    )
    .addOption(runDirOption())
    .addOption(
      new Option('--province <code>', 'for HL7: the publishing province, two digits, 66 for the Corps').argParser(
        parseProvinceCode,
      ),
    )
    .addOption(asOption('province-<code> of --province'));
  return withFileOptions(command)
    .addOption(
      new Option('--retries <count>', 'how often to ask again when the door doesn’t answer')
        .argParser(parseRetries)
        .default(SENDER_DEFAULTS.retriesMax),
    )
    .addHelpText(
      'after',
      '\nExit status: 0 all accepted or duplicate, 1 something refused or unreadable, 2 wrong usage, 3 ' +
        'the door was not available.',
    )
    .action(async (files: readonly string[], options: Options, command: Command) => {
      try {
        process.exitCode = await runImport(files, options, print);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        command.error(`error: ${error.message}`);
      }
    });
}

async function runImport(files: readonly string[], options: Options, print?: Print): Promise<number> {
  const { province, runDir } = options;
  const as = options.as ?? (province === undefined ? undefined : `province-${province}`);
  const settings = {
    sender: {
      ...SENDER_DEFAULTS,
      url: eventsUrl(options.to ?? (await launchedDoor(runDir))),
      retriesMax: options.retries,
    },
    token: as === undefined ? null : tokenAs(as, runDir),
    format: options.format ?? null,
    mapping: province === undefined ? null : mappingOf(province, options),
  };
  return importFiles([...new Set(files)], settings, print);
}

function eventsUrl(door: URL): string {
  const base = door.href.replace(/\/+$/, '');
  return base.endsWith('/v1/events') ? base : `${base}/v1/events`;
}

async function launchedDoor(runDir: string): Promise<URL> {
  try {
    return new URL(await launchedAddress(runDir, 'intake', 'give the door with --to'));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

function parseRetries(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It is a number from 0 to 999.');
  return Number(text);
}
