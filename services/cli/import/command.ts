/**
 * `hutong import`: its options, checked before anything is read or sent. What it does is in import.ts.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { ProvinceCode } from '#core/field/regions.ts';
import { TO_FILL } from '#exchange/formats/sheet/mapping.ts';
import { readConfig } from '#platform/config.ts';
import { asOption, tokenAs } from '#services/cli/shared/as.ts';
import { type FileFlags, mappingOf, parseUrl, withFileOptions } from '#services/cli/shared/file-options.ts';
import { launchedAddress, runDirOption } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { checkFiles } from './check.ts';
import { importFiles, UsageError } from './import.ts';
import { type Language, LANGUAGES } from './language.ts';
import { readMappingFile } from './mapping-file.ts';
import { REPORT_FORMS, type ReportForm } from './printed.ts';
import { proposeFor } from './propose.ts';

interface Options extends FileFlags {
  readonly to?: URL;
  readonly runDir: string;
  readonly province?: ProvinceCode;
  readonly as?: string;
  readonly retries: number;
  readonly mapping?: string;
  readonly proposeMapping?: true;
  readonly check?: true;
  readonly json?: true;
  readonly report: ReportForm;
  readonly language: Language;
}

/** @param print takes one line or table at a time; without it, the terminal does */
export function importCommand(print?: Print): Command {
  const command = new Command('import')
    .description(
      'send files of events (NDJSON) or of laboratory results (HL7 v2, FHIR R4, CSV, XLSX) through the producer’s door',
    )
    .argument('<file...>', 'NDJSON, HL7 v2, FHIR R4, or with --mapping spreadsheets; any may be gzip')
    .addOption(
      new Option(
        '--to <url>',
        'the door (default: the intake that addresses.json in the run directory names)',
      ).argParser(parseUrl),
    )
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
      '\nExit status: 0 all accepted, duplicate or ignored, 1 something refused or unreadable, 2 wrong usage, 3 ' +
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
  const { runDir } = options;
  const asJson = options.json === true;
  if (options.proposeMapping === true) return proposeFor(files, options.province ?? TO_FILL, asJson, print);
  if (asJson && options.check !== true) throw new UsageError('--json goes with --check or --propose-mapping');
  const sheet = options.mapping === undefined ? undefined : await readMappingFile(options.mapping);
  const province = options.province ?? sheet?.province;
  if (sheet !== undefined && province !== sheet.province)
    throw new UsageError(`--province is ${province}, but the mapping is of ${sheet.province}`);
  const how = {
    format: options.format ?? null,
    mapping: province === undefined ? null : mappingOf(province, options),
    sheet,
  };
  const paths = [...new Set(files)];
  if (options.check === true) {
    const { clockSkewMs } = readConfig();
    return checkFiles(paths, { ...how, clockSkewMs, asJson, language: options.language }, Date.now(), print);
  }
  const as = options.as ?? (province === undefined ? undefined : `province-${province}`);
  const settings = {
    sender: {
      ...SENDER_DEFAULTS,
      url: eventsUrl(options.to ?? (await launchedDoor(runDir))),
      retriesMax: options.retries,
    },
    token: as === undefined ? null : tokenAs(as, runDir),
    ...how,
    reporting: { form: options.report, language: options.language },
  };
  return importFiles(paths, settings, print);
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
