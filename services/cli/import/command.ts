/**
 * `hutong import`: its options, checked before anything is read or sent. What it does is in import.ts.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import { DOCUMENT_TYPES, type DocumentType, normaliseDocument } from '#core/field/identity.ts';
import { isProvinceCode, PROVINCES, type ProvinceCode } from '#core/field/regions.ts';
import { parseTime } from '#core/field/time.ts';
import { type Format, FORMATS } from '#exchange/readers/readers.ts';
import { asOption, tokenAs } from '#services/cli/shared/as.ts';
import { launchedAddress, runDirOption } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { importFiles, UsageError } from './import.ts';
import { SENDER_DEFAULTS } from './sender.ts';

interface Options {
  readonly to?: URL;
  readonly runDir: string;
  readonly province?: ProvinceCode;
  readonly as?: string;
  readonly format?: Format;
  readonly documentType?: DocumentType;
  readonly issuingCountry?: string;
  readonly timeZone: string;
  readonly laboratory?: string;
  readonly retries: number;
}

/** @param print takes one line or table at a time; without it, the terminal does */
export function importCommand(print?: Print): Command {
  return new Command('import')
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
        parseProvince,
      ),
    )
    .addOption(asOption('province-<code> of --province'))
    .addOption(new Option('--format <format>', 'instead of going by the content').choices(FORMATS))
    .addOption(
      new Option(
        '--document-type <type>',
        'for HL7: what the numbers in PID-3 are where their type doesn’t say it',
      ).choices(DOCUMENT_TYPES),
    )
    .addOption(
      new Option(
        '--issuing-country <code>',
        'for HL7: the country of passports whose message doesn’t name it',
      ).argParser(parseCountry),
    )
    .addOption(
      new Option('--time-zone <offset>', 'for HL7: the offset of times where neither they nor MSH-7 have one')
        .argParser(parseOffset)
        .default('+08:00'),
    )
    .addOption(new Option('--laboratory <name>', 'for HL7: the laboratory where a message names none'))
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
  const { province, runDir, timeZone, laboratory, documentType, issuingCountry } = options;
  const as = options.as ?? (province === undefined ? undefined : `province-${province}`);
  const settings = {
    sender: {
      ...SENDER_DEFAULTS,
      url: eventsUrl(options.to ?? (await launchedDoor(runDir))),
      retriesMax: options.retries,
    },
    token: as === undefined ? null : tokenAs(as, runDir),
    format: options.format ?? null,
    mapping: province === undefined ? null : { province, timeZone, laboratory, documentType, issuingCountry },
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

function parseUrl(text: string): URL {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('It is no http or https address.');
  return new URL(text);
}

function parseProvince(code: string): ProvinceCode {
  if (isProvinceCode(code)) return code;
  throw new InvalidArgumentError(
    `It is one of ${PROVINCES.map(({ code: known, nameEn }) => `${known} ${nameEn}`).join(', ')}.`,
  );
}

/** Held against the rule of the passport, with a number that is beyond doubt. */
function parseCountry(code: string): string {
  const checked = normaliseDocument({ documentType: 'passport', issuingCountry: code, documentNumber: 'A0000000' });
  if (checked.ok) return checked.country;
  throw new InvalidArgumentError(`It is ${checked.fault.detail}: ${checked.fault.hint}.`);
}

function parseOffset(text: string): string {
  const offset = /^[+-]\d{4}$/.test(text) ? `${text.slice(0, 3)}:${text.slice(3)}` : text;
  if (parseTime(`2020-01-01T00:00${offset}`) === null)
    throw new InvalidArgumentError('It is an offset such as +08:00.');
  return offset === 'Z' || offset === 'z' ? '+00:00' : offset;
}

function parseRetries(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It is a number from 0 to 999.');
  return Number(text);
}
