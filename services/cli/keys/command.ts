/** `hutong keys`: its options, checked before anything is read or written; the work is in revoke.ts and list.ts. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { NATIONAL, OPERATOR, provinceOfPrincipal } from '#exchange/identity/principals.ts';
import { principalOfKey } from '#exchange/keys/files.ts';
import type { Log } from '#exchange/topics/log.ts';
import { parseInstant } from '#services/cli/shared/instant.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { parseNote } from '#services/cli/shared/note.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

const SERVERS = ['kafka'] as const;

interface RevokeFlags extends AddressFlags {
  readonly why: string;
  readonly since?: number | null;
  readonly signing?: true;
}

/** @param print takes one line at a time */
export function keysCommand(log: Log, print: Print = onConsole): Command {
  return new Command('keys')
    .description('revokes keys that records are tagged or signed with, and lists which are revoked')
    .addCommand(revokeCommand(log, print))
    .addCommand(listCommand(log, print));
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
    .description('which keys are revoked, from when on and why')
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

function parseKey(text: string): string {
  const principal = principalOfKey(text);
  if (principal === OPERATOR || principal === NATIONAL || provinceOfPrincipal(principal) !== null) return text;
  throw new InvalidArgumentError(
    'It is province-<code>-<number>, such as province-43-1, or that of national or operator.',
  );
}
