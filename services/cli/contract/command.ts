/** `hutong contract`: its options, checked before anything is read or asked; the work is in test.ts and board.ts. */

import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { provincePrincipal, RENEW_BEFORE_DAYS } from '#exchange/identity/principals.ts';
import type { Log } from '#exchange/topics/log.ts';
import { readConfig } from '#platform/config.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';
import { clientAs } from '#services/cli/shared/as.ts';
import { type FileFlags, mappingOf, parseUrl, withFileOptions } from '#services/cli/shared/file-options.ts';
import {
  type AddressFlags,
  addressesOf,
  launchedAddress,
  launchedDoors,
  launchedTls,
  runDirOption,
  withAddresses,
} from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

interface TestFlags extends FileFlags {
  readonly as: ProvinceCode;
  readonly live?: true;
  readonly to?: URL;
  readonly runDir: string;
  readonly days: number;
  readonly registry?: string;
  readonly json?: true;
}

/**
 * @param print takes one line or table at a time
 * @param rules of a folder
 */
export function contractCommand(
  log: Log,
  print: Print = onConsole,
  now: () => number = Date.now,
  rules: Rules = loadRules,
): Command {
  return new Command('contract')
    .description('says what a new province has to mend, and which provinces are ready for what')
    .addCommand(testCommand(print, now, rules))
    .addCommand(boardCommand(log, print, now));
}

type Rules = (folder: string) => Promise<PolicyBook>;
/** Compiling rules is loaded when it's asked for. */
const loadRules: Rules = async (folder) => (await import('#exchange/policy/files.ts')).loadPolicies(folder);

function testCommand(print: Print, now: () => number, rules: Rules): Command {
  const command = new Command('test')
    .description('judges a province’s sample as the door would, and prints what to mend, in order; sends nothing')
    .argument('<file...>', 'NDJSON, one event per line, or HL7 v2 messages; either may be gzip')
    .addOption(
      new Option('--as <province>', 'two-digit code, 66 for the Corps').argParser(parseTested).makeOptionMandatory(),
    );
  return withFileOptions(command)
    .option('--live', 'also look at certificate and token, and ask the door that addresses.json names')
    .addOption(new Option('--to <url>', 'the same with this door').argParser(parseUrl))
    .addOption(runDirOption())
    .addOption(
      new Option('--days <count>', 'name a certificate that ends within so many days')
        .argParser(parseDays)
        .default(RENEW_BEFORE_DAYS),
    )
    .option('--registry <url>', 'whether it holds the schemas (default: the one that addresses.json names, if any)')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing to mend, 1 something to mend, 2 wrong usage, 3 the door was not available.',
    )
    .action(async (files: readonly string[], flags: TestFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { testContract } = await import('./test.ts');
        const { policiesDir, clockSkewMs } = readConfig();
        const settings = {
          province: flags.as,
          files: [...new Set(files)],
          format: flags.format ?? null,
          mapping: mappingOf(flags.as, flags),
          rules: () => rules(policiesDir),
          clockSkewMs,
          live: await liveOf(flags),
          asJson: flags.json === true,
        };
        return testContract(settings, now(), print);
      });
    });
}

const SERVERS = ['kafka', 'registry', 'redis'] as const;

function boardCommand(log: Log, print: Print, now: () => number): Command {
  return withAddresses(new Command('board'), SERVERS)
    .description('what each of the 32 has at this exchange, and for which kinds of events it is ready')
    .addOption(
      new Option(
        '--doors <urls>',
        'whose metrics are asked, comma-separated (default: all that addresses.json names)',
      ).argParser((text) =>
        text
          .split(',')
          .filter(Boolean)
          .map((url) => parseUrl(url).href),
      ),
    )
    .option('--json', 'one JSON object for each province')
    .addHelpText('after', '\nExit status: 0 shown, 1 something is missing, 2 wrong usage.')
    .action(async (flags: AddressFlags & { readonly doors?: readonly string[]; readonly json?: true }) => {
      process.exitCode = await withMessage(print, async () => {
        const { showBoard } = await import('./board.ts');
        const settings = {
          addresses: await addressesOf(flags, SERVERS),
          runDir: flags.runDir,
          doors: flags.doors ?? (await launchedDoors(flags.runDir)),
          asJson: flags.json === true,
        };
        return showBoard(log, settings, now(), print);
      });
    });
}

/** An integrator's run directory may name none. */
const noted = (runDir: string): Promise<string | null> =>
  launchedAddress(runDir, 'registry', '').catch((error: unknown) => {
    if (error instanceof RangeError) return null;
    throw error;
  });

/** Null where no certificate lies at hand: that is found by itself. */
const identityAt = (files: TlsFiles): Identity | null => (existsSync(files.cert) ? new Identity(files) : null);

async function liveOf({ as, live, to, runDir, days, registry }: TestFlags) {
  if (live === undefined && to === undefined) return null;
  const [tls, url] = [launchedTls(runDir), registry ?? (await noted(runDir))];
  return {
    door: to?.href ?? (await launchedAddress(runDir, 'intake', 'give the door with --to')),
    client: clientAs(provincePrincipal(as), runDir),
    runDir,
    tls,
    dueDays: days,
    registry: url === null ? null : { url, identity: identityAt(filesOf(tls, provincePrincipal(as))) },
  };
}

/** As a code, or as the name of its client. */
function parseTested(text: string): ProvinceCode {
  return parseProvinceCode(text.replace(/^province-/, ''));
}

function parseDays(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of days from 0 to 9999.');
}
