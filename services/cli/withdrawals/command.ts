/**
 * `hutong withdraw` and `hutong withdrawals`: their options, checked before anything is read or written. The work is in
 * withdraw.ts and list.ts, loaded when it's asked for.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import { holdsNumber } from '#core/field/number-in-text.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { parseTime, shanghaiDayOf } from '#core/field/time.ts';
import {
  NATIONAL,
  type Scope,
  SPAN_TIMES,
  type SpanTime,
  withdrawalFaultOf,
  type Withdrawer,
} from '#core/withdrawals/withdrawal.ts';
import type { Log } from '#exchange/topics/log.ts';
import { withdrawerOf } from '#exchange/topics/withdrawals.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { parseNote } from '#services/cli/shared/note.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';
import type { UndoneById } from './withdraw.ts';

const ALL = ['kafka', 'registry', 'redis'] as const;
const LOG_ONLY = ['kafka', 'registry'] as const;

interface WithdrawFlags extends AddressFlags {
  readonly as: Withdrawer;
  readonly province?: ProvinceCode;
  readonly laboratory?: string;
  readonly run?: string;
  readonly method?: string;
  readonly from?: number;
  readonly to?: number;
  readonly of: SpanTime;
  readonly undo?: string;
  readonly why?: string;
  readonly preview?: true;
}

const SCOPE_FLAGS = ['province', 'laboratory', 'run', 'method', 'from', 'to'] as const;

/** @param print takes one line or table at a time */
export function withdrawCommand(log: Log, print: Print = onConsole): Command {
  return withAddresses(new Command('withdraw'), ALL)
    .description('withdraws results of a laboratory, as if they had been retracted, or undoes that')
    .addOption(
      new Option('--as <principal>', 'who says it: province-<code> or national; its key signs it')
        .argParser(parseWithdrawer)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--province <code>', 'whose laboratory, or whose withdrawal (default: that of --as)').argParser(
        parseProvinceCode,
      ),
    )
    .addOption(new Option('--laboratory <name>', 'as its results name it').argParser(parseIdentifier))
    .addOption(new Option('--run <name>', 'results of this run').argParser(parseIdentifier))
    .addOption(new Option('--method <name>', 'results by this method').argParser(parseIdentifier))
    .addOption(new Option('--from <time>', 'results from this time on, ISO 8601 with offset').argParser(parseInstant))
    .addOption(new Option('--to <time>', 'up to and without this time').argParser(parseInstant))
    .addOption(new Option('--of <time>', 'of a result that the two are about').choices(SPAN_TIMES).default('issued'))
    .addOption(new Option('--undo <id>', 'a withdrawal, as list names it').argParser(parseIdentifier))
    .addOption(
      new Option('--why <reason>', 'kept in the log; name no person').argParser((text) =>
        withoutNumber(parseNote(text)),
      ),
    )
    .addOption(new Option('--preview', 'say how many people and which answers it changes, and append nothing'))
    .addHelpText(
      'after',
      '\nOf --run, --method and the two times a result must fit all that are named; one of them must be.' +
        '\nExit status: 0 in force everywhere, or previewed, 1 refused, not in force in time, or something is ' +
        'missing, 2 wrong usage.',
    )
    .action(async (flags: WithdrawFlags, command: Command) => {
      const what = flags.undo === undefined ? scopeOf(flags, command) : undoingOf(flags, flags.undo, command);
      if (flags.why === undefined && flags.preview === undefined) command.error('error: say why, by --why');
      process.exitCode = await withMessage(print, async () => {
        const { withdraw } = await import('./withdraw.ts');
        const { as: by, why = '', preview } = flags;
        const options = { ...(await addressesOf(flags, ALL)), by, why, what, isPreview: preview ?? false };
        return withdraw(log, options, print);
      });
    });
}

/** @param print takes one line or table at a time */
export function withdrawalsCommand(log: Log, print: Print = onConsole): Command {
  return new Command('withdrawals')
    .description('works with withdrawals of results')
    .addCommand(listCommand(log, print));
}

function listCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('list'), LOG_ONLY)
    .description('which results are withdrawn, by whom and why')
    .addOption(new Option('--all', 'also those that were undone'))
    .addOption(new Option('--json', 'a line of JSON for each'))
    .addHelpText('after', '\nExit status: 0 listed, 1 no Kafka, 2 wrong usage.')
    .action(async ({ all, json, ...flags }: AddressFlags & { readonly all?: true; readonly json?: true }) => {
      process.exitCode = await withMessage(print, async () => {
        const { listWithdrawals } = await import('./list.ts');
        const options = { ...(await addressesOf(flags, LOG_ONLY)), all: all ?? false, asJson: json ?? false };
        return listWithdrawals(log, options, print);
      });
    });
}

function scopeOf(flags: WithdrawFlags, command: Command): Scope {
  const { as: by, laboratory = '', run = null, method = null, from, to, of } = flags;
  const province = flags.province ?? (by === NATIONAL ? undefined : by);
  if (province === undefined) return command.error('error: the national role names whose laboratory, by --province');
  if ((from === undefined) !== (to === undefined)) return command.error('error: --from and --to belong together');
  const span = from === undefined || to === undefined ? null : { of, fromMs: from, toMs: to };
  const scope = { province, laboratory, run, method, span };
  const fault = withdrawalFaultOf({ ...scope, id: 'new', by, why: '', atMs: 0 });
  return fault === null ? scope : command.error(`error: ${fault}`);
}

function undoingOf(flags: WithdrawFlags, undoes: string, command: Command): UndoneById {
  return SCOPE_FLAGS.some((name) => name !== 'province' && flags[name] !== undefined)
    ? command.error('error: --undo names what is undone by its id, and by --province whose it is')
    : { undoes, of: flags.province ?? null };
}

function parseWithdrawer(text: string): Withdrawer {
  const withdrawer = withdrawerOf(text);
  if (withdrawer !== null) return withdrawer;
  throw new InvalidArgumentError('It is province-<code> or national: nobody else withdraws.');
}

/** As the door writes identifiers. */
function parseIdentifier(text: string): string {
  const tidy = text.normalize('NFKC').trim();
  if (tidy !== '') return withoutNumber(tidy);
  throw new InvalidArgumentError('It is a text.');
}

/** The topic keeps it for ever, and answers may show it. */
function withoutNumber(text: string): string {
  if (!holdsNumber(text, null, shanghaiDayOf(Date.now()))) return text;
  throw new InvalidArgumentError('It holds what may be the number of a person’s document.');
}

function parseInstant(text: string): number {
  const parsed = parseTime(text);
  if (parsed !== null) return parsed.atMs;
  throw new InvalidArgumentError('It is ISO 8601 with offset, such as 2022-08-01T08:12+08:00.');
}
