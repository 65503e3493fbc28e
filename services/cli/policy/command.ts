/**
 * `hutong policy`: checks a folder of recognition rules, explains one in words and over time, and publishes them;
 * what it prints goes to the caller it is given.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { PersonKey } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { parseDay, parseTime } from '#core/field/time.ts';
import { PURPOSES, type Purpose } from '#core/rules/purpose.ts';
import { redisAccess } from '#exchange/identity/operator.ts';
import { coverageTable } from '#exchange/policy/covered.ts';
import { loadRuleSet } from '#exchange/policy/files.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type Config, readConfig } from '#platform/config.ts';
import { POLICIES } from '#platform/folders.ts';
import type { RedisAccess } from '#platform/redis.ts';
import { launchedAddress, launchedSecret, ownTls, runDirOption } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';
import { checkPolicies } from './check.ts';
import { diffPolicies } from './diff.ts';
import { explainRule } from './explain.ts';
import { type LivePerson, readDocument, readLivePerson } from './person.ts';
import { publishPolicies } from './publish.ts';

/** What a command is given beside its arguments. */
export interface Given {
  readonly input: AsyncIterable<Buffer | string>;
  readonly config: () => Config;
}

/** @param print takes one line or table at a time */
export function policyCommand(
  log: Log,
  print: Print = onConsole,
  given: Given = { input: process.stdin, config: readConfig },
): Command {
  return new Command('policy')
    .description('works with the recognition rules')
    .addCommand(checkCommand(print))
    .addCommand(explainCommand(log, print, given))
    .addCommand(diffCommand(log, print))
    .addCommand(tableCommand(print))
    .addCommand(publishCommand(print));
}

function tableCommand(print: Print): Command {
  return new Command('table')
    .description('province × purpose as Markdown: own rules from day to day, national ones, or none known')
    .argument('[dir]', 'the folder', POLICIES)
    .addHelpText('after', '\nExit status: 0 printed, 1 a faulty folder, 2 wrong usage.')
    .action(async (folder: string) => {
      process.exitCode = await withMessage(print, async () => {
        print(coverageTable((await loadRuleSet(folder)).texts));
        return 0;
      });
    });
}

function checkCommand(print: Print): Command {
  return new Command('check')
    .description('validate all rules of a folder and run their cases; each fault with file, line and mend')
    .argument('[dir]', 'the folder', POLICIES)
    .addHelpText('after', '\nExit status: 0 no faults, 1 faults, 2 wrong usage.')
    .action(async (folder: string) => {
      process.exitCode = await withMessage(print, () => checkPolicies(folder, print));
    });
}

interface ExplainOptions {
  readonly policies: string;
  readonly purpose: Purpose;
  readonly at?: string;
  readonly history?: string;
  readonly person?: true;
  readonly personKey?: string;
  readonly occasion?: string;
  readonly redis?: string;
  readonly runDir: string;
}

const EXPLAIN_HELP = `
The document's number never stands on the command line: --person reads it from standard input, as the JSON that the
look-up takes, and the key is made with HUTONG_PERSON_KEY_SECRETS, else with the secret in the run directory.
  hutong policy explain 44 --person < person.json

Exit status: 0 explained, 1 a faulty folder, history or person, or no Redis, 2 wrong usage.`;

function explainCommand(log: Log, print: Print, given: Given): Command {
  return new Command('explain')
    .description(
      'a rule in words, and what it answers over time for an example history or for a person as the ' +
        'exchange knows them',
    )
    .argument('<destination>', 'whose rule: two-digit code, 66 for the Corps', parseProvinceCode)
    .addOption(new Option('--purpose <purpose>', 'what the person wants to do').choices(PURPOSES).default('entry'))
    .addOption(
      new Option(
        '--at <instant>',
        'which version: the one in force then (default: now); ISO 8601 with offset',
      ).argParser(parseInstant),
    )
    .addOption(
      new Option(
        '--history <file>',
        'JSON as in the cases beside the rules: {"history": …, "occasion": …}; without it one result ' +
          'issued at that instant',
      ).conflicts(['person', 'personKey', 'occasion']),
    )
    .addOption(
      new Option('--person', 'the person whose document is given as JSON on standard input').conflicts('personKey'),
    )
    .addOption(new Option('--person-key <hex>', 'the person of that key, 32 hex digits'))
    .addOption(new Option('--occasion <file>', 'for a person: what is stated, JSON as in a look-up'))
    .addOption(
      new Option(
        '--redis <address>',
        'for a person: host:port (default: what addresses.json in the run directory names)',
      ).argParser(parseAddress),
    )
    .addOption(runDirOption())
    .addOption(
      new Option('--policies <dir>', 'the folder of the rules; what was published is not looked at').default(
        POLICIES,
        'policies',
      ),
    )
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (destination: ProvinceCode, options: ExplainOptions) => {
      process.exitCode = await withMessage(print, async () => {
        const { policies, purpose, at, history, occasion } = options;
        const atMs = at === undefined ? Date.now() : (parseTime(at)?.atMs ?? Number.NaN);
        const person = await personOf(log, options, given);
        if (person === null && occasion !== undefined)
          throw new RangeError('--occasion goes with --person or --person-key; a history holds its own');
        const subject = person === null ? { historyFile: history ?? null } : { person, occasionFile: occasion ?? null };
        return explainRule({ folder: policies, destination, purpose, atMs, subject }, print);
      });
    });
}

/** Null where none was asked for. */
async function personOf(
  log: Log,
  { person, personKey, redis, runDir }: ExplainOptions,
  { input, config }: Given,
): Promise<LivePerson | null> {
  if (person !== true && personKey === undefined) return null;
  const { partitions, personKeySecrets } = config();
  const key =
    personKey === undefined
      ? await readDocument(
          input,
          personKeySecrets.length > 0 ? personKeySecrets : [await launchedSecret(runDir)],
          Date.now(),
        )
      : parseKey(personKey);
  return readLivePerson(log, await redisOf(redis, runDir), partitions, key);
}

/** Not an argument's parser: its message would repeat what was given, be it a document's number. */
function parseKey(hex: string): PersonKey {
  if (/^[0-9a-f]{32}$/i.test(hex)) return Buffer.from(hex, 'hex');
  throw new RangeError(
    '--person-key takes a person key, 32 hex digits; a document goes by --person, on standard input',
  );
}

async function redisOf(address: string | undefined, runDir: string): Promise<RedisAccess> {
  const named = address ?? (await launchedAddress(runDir, 'redis', 'give its address with --redis'));
  return redisAccess(named, ownTls(runDir));
}

function parseAddress(text: string): string {
  if (/^[^,:]+:\d+$/.test(text)) return text;
  throw new InvalidArgumentError('It is host:port.');
}

function parseSeveral(text: string): string {
  return text.split(',').map(parseAddress).join(',');
}

interface DiffFlags {
  readonly at?: string;
  readonly sample?: number;
  readonly redis?: string;
  readonly runDir: string;
}

function diffCommand(log: Log, print: Print): Command {
  return new Command('diff')
    .description('who gains and who loses by a change of rules, by clause, over the live views')
    .argument('<old>', 'folder of the rules as they are')
    .argument('<new>', 'folder of the rules as they would be')
    .addOption(
      new Option(
        '--at <instant>',
        'the instant to judge at, such as one after the new version comes into force (default: now)',
      ).argParser(parseInstant),
    )
    .addOption(
      new Option('--sample <people>', 'only so many people, as drawn by lot (default: all)').argParser(parseCount),
    )
    .addOption(
      new Option(
        '--redis <address>',
        'host:port[,host:port], several for a cluster (default: what addresses.json in the run directory names)',
      ).argParser(parseSeveral),
    )
    .addOption(runDirOption())
    .addHelpText('after', '\nExit status: 0 compared, 1 a faulty folder or no Redis, 2 wrong usage.')
    .action(async (before: string, after: string, { at, sample, redis, runDir }: DiffFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const atMs = at === undefined ? Date.now() : (parseTime(at)?.atMs ?? Number.NaN);
        const options = { before, after, atMs, peopleMax: sample ?? Number.POSITIVE_INFINITY };
        return diffPolicies(log, { ...options, redis: () => redisOf(redis, runDir) }, print);
      });
    });
}

function parseCount(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of people, 1 or more.');
}

interface PublishFlags {
  readonly kafka?: string;
  readonly runDir: string;
  readonly by: string;
  readonly asOf?: string;
}

function publishCommand(print: Print): Command {
  return new Command('publish')
    .description(
      'put all rules of a folder in force everywhere, at once and without a restart; each version from its own instant',
    )
    .argument('[dir]', 'the folder; one with a fault is not published', POLICIES)
    .addOption(
      new Option(
        '--kafka <brokers>',
        'host:port[,host:port] (default: what addresses.json in the run directory names)',
      ).argParser(parseSeveral),
    )
    .addOption(runDirOption())
    .requiredOption('--by <who>', 'who publishes: kept with the record')
    .addOption(
      new Option(
        '--as-of <day>',
        'put in force what was on that day, such as 2022-09-15, with all dates moved, until the next publication; ' +
          'every answer says so',
      ).argParser(parseAsOf),
    )
    .addHelpText('after', '\nExit status: 0 published, 1 a faulty folder or no Kafka, 2 wrong usage.')
    .action(async (folder: string, { kafka, runDir, by, asOf }: PublishFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const brokers = kafka ?? (await launchedAddress(runDir, 'kafka', 'give the brokers with --kafka'));
        return publishPolicies(
          {
            folder,
            kafka: brokers,
            tls: ownTls(runDir),
            publishedBy: by,
            nowMs: Date.now(),
            ...(asOf === undefined ? {} : { asOf }),
          },
          print,
        );
      });
    });
}

function parseAsOf(text: string): string {
  if (parseDay(text) !== null) return text;
  throw new InvalidArgumentError('It is a day such as 2022-09-15.');
}

function parseInstant(text: string): string {
  if (parseTime(text) !== null) return text;
  throw new InvalidArgumentError('It is an instant such as 2022-08-01T08:12+08:00.');
}
