/** `hutong province`: its options, checked before anything is read or written; what it does is in add.ts. */

import { Command, Option } from 'commander';
import type { ProvinceCode } from '#core/field/regions.ts';
import { LOOPBACK_NAMES } from '#exchange/identity/principals.ts';
import { runDirOption } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

interface AddFlags {
  readonly runDir: string;
  readonly kafka?: string;
  readonly hosts: readonly string[];
}

/** @param print takes one line at a time */
export function provinceCommand(print: Print = onConsole, now: () => number = Date.now): Command {
  return new Command('province')
    .description('lets a province belong to the exchange')
    .addCommand(addCommand(print, now));
}

function addCommand(print: Print, now: () => number): Command {
  return new Command('add')
    .description('makes its certificate, client and keys, gives it its rights, and says what to hand over')
    .argument('<province>', 'its code, two digits, 66 for the Corps', parseProvinceCode)
    .addOption(runDirOption())
    .addOption(kafkaOption())
    .addOption(hostsOption())
    .addHelpText('after', '\nExit status: 0 it belongs, 1 something could not be done: give it again, 2 wrong usage.')
    .action(async (code: ProvinceCode, { runDir, kafka, hosts }: AddFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const { addProvince } = await import('./add.ts');
        return addProvince(code, { runDir, kafka: kafka ?? null, hosts }, print, now());
      });
    });
}

const kafkaOption = (): Option =>
  new Option('--kafka <brokers>', 'host:port[,host:port] (default: what addresses.json names, if any)');

const hostsOption = (): Option =>
  new Option('--hosts <names>', 'names and addresses under which its door is reached, comma-separated')
    .argParser((text) => text.split(',').filter(Boolean))
    .default(LOOPBACK_NAMES, LOOPBACK_NAMES.join(','));
