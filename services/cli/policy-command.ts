/**
 * `hutong policy`: checks a folder of recognition rules, explains one in words and over time, and publishes them;
 * what it prints goes to the caller it is given.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { PURPOSES, type Purpose } from '#core/policy.ts';
import { isProvinceCode, type ProvinceCode } from '#core/regions.ts';
import { parseTime } from '#core/time.ts';
import { HutongError } from '#platform/errors.ts';
import { checkPolicies } from './policy-check.ts';
import { launchedAddress, runDirOption } from './launched.ts';
import { diffPolicies } from './policy-diff.ts';
import { explainRule } from './policy-explain.ts';
import { publishPolicies } from './policy-publish.ts';

const POLICIES = new URL('../../policies', import.meta.url).pathname;

/** @param print takes one line or table at a time */
export function policyCommand(print: (text: string) => void = (text) => console.log(text)): Command {
  return new Command('policy').description('works with the recognition rules').addCommand(checkCommand(print)).addCommand(explainCommand(print)).addCommand(diffCommand(print)).addCommand(publishCommand(print));
}

function checkCommand(print: (text: string) => void): Command {
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
}

function explainCommand(print: (text: string) => void): Command {
  return new Command('explain')
    .description('a rule in words, and what it answers over time for an example history')
    .argument('<destination>', 'whose rule: two-digit code, 66 for the Corps', parseDestination)
    .addOption(new Option('--purpose <purpose>', 'what the person wants to do').choices(PURPOSES).default('entry'))
    .addOption(new Option('--at <instant>', 'which version: the one in force then (default: now); ISO 8601 with offset').argParser(parseInstant))
    .addOption(new Option('--history <file>', 'JSON as in the cases beside the rules: {"history": …, "occasion": …}; without it one result issued at that instant'))
    .addOption(new Option('--policies <dir>', 'the folder of the rules').default(POLICIES, 'policies'))
    .addHelpText('after', '\nExit status: 0 explained, 1 no such rule or a faulty folder or history, 2 wrong usage.')
    .action(async (destination: ProvinceCode, { policies, purpose, at, history }: ExplainOptions) => {
      const atMs = at === undefined ? Date.now() : (parseTime(at)?.atMs ?? Number.NaN);
      process.exitCode = await withMessage(print, () => explainRule({ folder: policies, destination, purpose, atMs, historyFile: history ?? null }, print));
    });
}

interface DiffFlags {
  readonly at?: string;
  readonly sample?: number;
  readonly redis?: string;
  readonly runDir: string;
}

function diffCommand(print: (text: string) => void): Command {
  return new Command('diff')
    .description('who gains and who loses by a change of rules, by clause, over the live views')
    .argument('<old>', 'folder of the rules as they are')
    .argument('<new>', 'folder of the rules as they would be')
    .addOption(new Option('--at <instant>', 'the instant to judge at, such as one after the new version comes into force (default: now)').argParser(parseInstant))
    .addOption(new Option('--sample <people>', 'only so many people, as drawn by lot (default: all)').argParser(parseCount))
    .addOption(new Option('--redis <address>', 'host:port[,host:port], several for a cluster (default: what addresses.json in the run directory names)'))
    .addOption(runDirOption())
    .addHelpText('after', '\nExit status: 0 compared, 1 a faulty folder or no Redis, 2 wrong usage.')
    .action(async (before: string, after: string, { at, sample, redis, runDir }: DiffFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const atMs = at === undefined ? Date.now() : (parseTime(at)?.atMs ?? Number.NaN);
        const address = redis ?? (await launchedAddress(runDir, 'redis', 'give its address with --redis'));
        return diffPolicies({ before, after, redis: address, atMs, peopleMax: sample ?? Number.POSITIVE_INFINITY }, print);
      });
    });
}

function parseCount(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of people, 1 or more.');
}

function publishCommand(print: (text: string) => void): Command {
  return new Command('publish')
    .description('put all rules of a folder in force everywhere, at once and without a restart; each version from its own instant')
    .argument('[dir]', 'the folder; one with a fault is not published', POLICIES)
    .addOption(new Option('--kafka <brokers>', 'host:port[,host:port] (default: what addresses.json in the run directory names)'))
    .addOption(runDirOption())
    .requiredOption('--by <who>', 'who publishes: kept with the record')
    .addHelpText('after', '\nExit status: 0 published, 1 a faulty folder or no Kafka, 2 wrong usage.')
    .action(async (folder: string, { kafka, runDir, by }: { readonly kafka?: string; readonly runDir: string; readonly by: string }) => {
      process.exitCode = await withMessage(print, async () => {
        const brokers = kafka ?? (await launchedAddress(runDir, 'kafka', 'give the brokers with --kafka'));
        return publishPolicies({ folder, brokers: brokers.split(','), publishedBy: by }, print);
      });
    });
}

/** The status of the work, or 1 with the message of what kept it from being done. */
async function withMessage(print: (text: string) => void, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HutongError || error instanceof RangeError)) throw error;
    print(error.message);
    if (error instanceof HutongError && error.hint !== undefined) print(`To mend: ${error.hint}`);
    return 1;
  }
}

function parseDestination(code: string): ProvinceCode {
  if (isProvinceCode(code)) return code;
  throw new InvalidArgumentError('It is a two-digit code such as 44; 66 for the Corps.');
}

function parseInstant(text: string): string {
  if (parseTime(text) !== null) return text;
  throw new InvalidArgumentError('It is an instant such as 2022-08-01T08:12+08:00.');
}
