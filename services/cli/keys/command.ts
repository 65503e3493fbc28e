/**
 * `hutong keys`: its options, checked before anything is read or written; the work is in rotate.ts, revoke.ts and
 * list.ts.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import {
  isPrincipal,
  LOOPBACK_NAMES,
  NATIONAL,
  OPERATOR,
  type Principal,
  provinceOfPrincipal,
} from '#exchange/identity/principals.ts';
import { principalOfKey } from '#exchange/keys/files.ts';
import type { Log } from '#exchange/topics/log.ts';
import { parseInstant } from '#services/cli/shared/instant.ts';
import { type AddressFlags, addressesOf, runDirOption, withAddresses } from '#services/cli/shared/launched.ts';
import { parseNote } from '#services/cli/shared/note.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';
import { ROTATED, type Rotated } from './rotated.ts';

const SERVERS = ['kafka'] as const;

interface RevokeFlags extends AddressFlags {
  readonly why: string;
  readonly since?: number | null;
  readonly signing?: true;
}

interface RotateFlags {
  readonly runDir: string;
  readonly kafka?: string;
  readonly hosts: readonly string[];
  readonly validFrom?: number;
}

/** @param print takes one line at a time */
export function keysCommand(
  log: Log,
  print: Print = onConsole,
  { now, sleep }: { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> } = CLOCK,
): Command {
  return new Command('keys')
    .description('makes the next key of a principal, revokes keys, and says which keys count from and until when')
    .addCommand(rotateCommand(print, now, sleep))
    .addCommand(revokeCommand(log, print))
    .addCommand(listCommand(log, print));
}

const CLOCK = { now: Date.now, sleep: (ms: number) => delay(ms) };

function rotateCommand(print: Print, now: () => number, sleep: (ms: number) => Promise<void>): Command {
  return new Command('rotate')
    .description('makes the next key or certificate of a principal, and says whom to hand it to, in which order')
    .argument('<principal>', 'whose: province-43, national, operator, gate-44', parsePrincipalName)
    .addArgument(new Argument('<what>', 'which of them').choices(ROTATED))
    .addOption(runDirOption())
    .option('--kafka <brokers>', 'host:port[,host:port] (default: what addresses.json names, if any)')
    .addOption(
      new Option('--hosts <names>', 'of a certificate: under which it is reached, comma-separated')
        .argParser((text) => text.split(',').filter(Boolean))
        .default(LOOPBACK_NAMES, LOOPBACK_NAMES.join(',')),
    )
    .addOption(
      new Option(
        '--valid-from <time>',
        'of a tag-key or a signing-key: what is appended under it before then counts for nothing',
      ).argParser(parseInstant),
    )
    .addHelpText(
      'after',
      '\nNothing is restarted for it, and the former one goes on to count. With --valid-from a tag-key is made a' +
        '\nminute later: until then nobody has it.' +
        '\nExit status: 0 it is made, 1 it could not be: give it again, 2 wrong usage.',
    )
    .action(async (principal: Principal, what: Rotated, flags: RotateFlags, command: Command) => {
      const { runDir, kafka = null, hosts, validFrom = null } = flags;
      if (validFrom !== null && !what.endsWith('g-key'))
        command.error(`error: --valid-from is of a tag-key or a signing-key, not of a ${what}`);
      process.exitCode = await withMessage(print, async () => {
        const { rotate } = await import('./rotate.ts');
        return rotate(principal, what, { runDir, kafka, hosts, fromMs: validFrom }, { print, now, sleep });
      });
    });
}

function revokeCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('revoke'), SERVERS)
    .description('has nothing count any more that is tagged, or signed, with a key, from 60 s later on')
    .argument('<key>', 'its name, such as province-43-1', parseKey)
    .addOption(
      new Option('--why <reason>', 'kept in the log; name no person').argParser(parseNote).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--since <time>',
        'since when somebody else may have had it: what was appended under it since then counts no more',
      ).argParser(parseInstant),
    )
    .option('--signing', 'the key of that name to sign with, not the one that records are tagged with')
    .addHelpText(
      'after',
      '\nBefore: give the province its next key. Without --since, what lies in the log goes on to count. With it,' +
        '\nevery answer that may rest on the holder’s records is undetermined until hutong view rebuild --switch is' +
        '\ndone; of a key to sign with, what it has signed since then claims, registers and withdraws nothing.' +
        '\nExit status: 0 revoked, 1 it was before, or no Kafka, or no operator’s key, 2 wrong usage.',
    )
    .action(async (key: string, { why, since = null, signing, ...flags }: RevokeFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { revokeKey } = await import('./revoke.ts');
        const use = signing === true ? 'sign' : 'tag';
        const revoked = { key, why, use, sinceMs: requirePast(since, Date.now()) } as const;
        return revokeKey(log, await addressesOf(flags, SERVERS), revoked, print);
      });
    });
}

function listCommand(log: Log, print: Print): Command {
  return withAddresses(new Command('list'), SERVERS)
    .description('which keys are revoked, from when on and why, and which start later')
    .addHelpText('after', '\nExit status: 0 listed, 1 no Kafka, 2 wrong usage.')
    .action(async (flags: AddressFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { listRevoked } = await import('./list.ts');
        return listRevoked(log, await addressesOf(flags, SERVERS), print);
      });
    });
}

/** @throws RangeError of a time that is still to come: by then the revocation holds anyway */
function requirePast(sinceMs: number | null, nowMs: number): number | null {
  if (sinceMs === null || sinceMs <= nowMs) return sinceMs;
  throw new RangeError('--since lies in the future: it is since when the key may have been somebody else’s');
}

function parsePrincipalName(text: string): Principal {
  if (isPrincipal(text)) return text;
  throw new InvalidArgumentError('It is province-<code>, national, operator, gate-<name> or another principal.');
}

function parseKey(text: string): string {
  const principal = principalOfKey(text);
  if (principal === OPERATOR || principal === NATIONAL || provinceOfPrincipal(principal) !== null) return text;
  throw new InvalidArgumentError(
    'It is province-<code>-<number>, such as province-43-1, or that of national or operator.',
  );
}
