/**
 * `hutong import`: its options, checked before anything is read or sent. What it does is in run.ts, and loaded only
 * when it is asked for: the other commands start faster without.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import { asOption } from '#services/cli/shared/as.ts';
import { doorOption } from '#services/cli/shared/door-url.ts';
import { withFileOptions } from '#services/cli/shared/file-options.ts';
import { runDirOption } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { type ImportOptions, LANGUAGES, REPORT_FORMS, UsageError } from './options.ts';

const KEEP_DAYS_MAX = 90;

/** @param print takes one line or table at a time; without it, the terminal does */
export function importCommand(print?: Print): Command {
  const command = new Command('import')
    .description(
      'send files of events (NDJSON) or of laboratory results (HL7 v2, FHIR R4, CSV, XLSX) through the producer’s door',
    )
    .argument(
      '<file...>',
      'NDJSON, HL7 v2, FHIR R4, or with --mapping spreadsheets; any may be gzip or zstd. - is standard input. Of one ' +
        'folder each file is moved to done/ or refused/ in it, with its report',
    )
    .addOption(doorOption())
    .addOption(runDirOption())
    .addOption(
      new Option(
        '--province <code>',
        'for HL7 and FHIR: the publishing province, two digits, 66 for the Corps',
      ).argParser(parseProvinceCode),
    )
    .option(
      '--mapping <file>',
      'the files are spreadsheets (CSV, XLSX), and this says what their columns and words mean',
    )
    .option('--propose-mapping', 'print a mapping for one spreadsheet, to be read, mended and kept; sends nothing')
    .option('--watch', 'of a folder: go on until stopped, as files come')
    .option('--again', 'send also what the door accepted of a file before')
    .option('--undo', 'take back what the door accepted of the files, by retractions')
    .addOption(
      new Option('--keep-days <days>', 'how long what can’t be as it says waits in quarantine, on this machine')
        .argParser(parseDays)
        .default(7),
    )
    .option('--check', 'judge the files as the door would, and send nothing')
    .option('--json', 'with --check: one JSON object a record; with --propose-mapping: the mapping alone')
    .addOption(
      new Option('--report <form>', 'the account at the end; csv and json list each reason once and no line by itself')
        .choices(REPORT_FORMS)
        .default('table'),
    )
    .addOption(new Option('--language <language>', 'of reasons and report').choices(LANGUAGES).default('en'))
    .addOption(asOption('province-<code> of --province'));
  return withFileOptions(command)
    .addOption(
      new Option('--retries <count>', 'how often to ask again when the door doesn’t answer')
        .argParser(parseRetries)
        .default(SENDER_DEFAULTS.retriesMax),
    )
    .addHelpText(
      'after',
      '\nExit status: 0 all accepted, duplicate or ignored, 1 something refused, quarantined or unreadable, 2 wrong ' +
        'usage, 3 the door was not available.',
    )
    .action(async (files: readonly string[], options: Omit<ImportOptions, 'written'>, command: Command) => {
      try {
        const { runImport } = await import('./run.ts');
        process.exitCode = await runImport(files, { ...options, written: writtenIn(command) }, print);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        command.error(`error: ${error.message}`);
      }
    });
}

function parseRetries(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It is a number from 0 to 999.');
  return Number(text);
}

function writtenIn(command: Command): ReadonlySet<string> {
  return new Set(Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === 'cli'));
}

function parseDays(text: string): number {
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > KEEP_DAYS_MAX)
    throw new InvalidArgumentError(`It is a number of days from 1 to ${KEEP_DAYS_MAX}.`);
  return Number(text);
}
