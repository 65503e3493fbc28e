/** `hutong vouch`: its options, checked before anything is read or written; the work is in verify.ts and publish.ts. */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { ProvinceCode } from '#core/field/regions.ts';
import { NATIONAL, provinceOfPrincipal } from '#exchange/identity/principals.ts';
import { principalOfKey } from '#exchange/keys/files.ts';
import type { Log } from '#exchange/topics/log.ts';
import { type AddressFlags, addressesOf, withAddresses } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';
import { publishKey } from './publish.ts';
import { verifyVouched } from './verify.ts';

const SERVERS = ['kafka', 'registry'] as const;

/** @param print takes one line at a time */
export function vouchCommand(log: Log, print: Print = onConsole): Command {
  return new Command('vouch')
    .description('checks what provinces vouch for against what is there, and publishes their public keys')
    .addCommand(verifyCommand(log, print))
    .addCommand(publishCommand(log, print));
}

function verifyCommand(log: Log, print: Print): Command {
  return withAddresses(
    new Command('verify').description(
      'lists what is claimed and there, claimed and missing, and there and unclaimed; needs no key of records',
    ),
    SERVERS,
  )
    .addOption(new Option('--province <code>', 'of one province only').argParser(parseProvinceCode))
    .option('--json', 'one JSON object per partition and process')
    .addHelpText('after', '\nExit status: 0 nothing claimed is missing, 1 something is, or no Kafka, 2 wrong usage.')
    .action(async (flags: AddressFlags & { readonly province?: ProvinceCode; readonly json?: true }) => {
      process.exitCode = await withMessage(print, async () =>
        verifyVouched(
          log,
          await addressesOf(flags, SERVERS),
          { province: flags.province ?? null, asJson: flags.json === true },
          print,
        ),
      );
    });
}

function publishCommand(log: Log, print: Print): Command {
  return withAddresses(
    new Command('publish').description(
      'publishes the public key with which a province, or the national role, will sign',
    ),
    SERVERS,
  )
    .argument('<key>', 'its name, such as province-43-2', parseKey)
    .argument('<file>', 'the public key, PEM')
    .addHelpText('after', '\nExit status: 0 published, 1 it was before, or no Kafka, or no key, 2 wrong usage.')
    .action(async (id: string, file: string, flags: AddressFlags) => {
      process.exitCode = await withMessage(print, async () =>
        publishKey(log, await addressesOf(flags, SERVERS), { id, file }, print),
      );
    });
}

function parseKey(text: string): string {
  const principal = principalOfKey(text);
  if (principal === NATIONAL || provinceOfPrincipal(principal) !== null) return text;
  throw new InvalidArgumentError('It is province-<code>-<number>, such as province-43-2, or national-<number>.');
}
