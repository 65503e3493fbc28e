/**
 * `hutong quarantine`: its options, checked before anything is read or sent. What it does is in list.ts and release.ts,
 * and loaded only when it is asked for: the other commands start faster without.
 */

import { Command } from 'commander';
import { asOption } from '#services/cli/shared/as.ts';
import { doorOption } from '#services/cli/shared/door-url.ts';
import { runDirOption } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { quarantineIn } from '#services/cli/shared/quarantine.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

interface Which {
  readonly runDir: string;
  readonly all?: true;
}

/** @param print takes one line or table at a time */
export function quarantineCommand(print: Print = onConsole): Command {
  return new Command('quarantine')
    .description('lists, shows, releases and discards what an import kept on this machine')
    .addCommand(listCommand(print))
    .addCommand(showCommand(print))
    .addCommand(releaseCommand(print))
    .addCommand(discardCommand(print));
}

function listCommand(print: Print): Command {
  return new Command('list')
    .description('what is kept: its id, where it stood, why, and until when')
    .option('--json', 'one JSON object per line')
    .addOption(runDirOption())
    .addHelpText('after', '\nExit status: 0 listed, 1 it can’t be read, 2 wrong usage.')
    .action(async ({ runDir, json }: { readonly runDir: string; readonly json?: true }) => {
      process.exitCode = await withMessage(print, async () => {
        const { listKept } = await import('./list.ts');
        return listKept(quarantineIn(runDir, Date.now), json === true, print);
      });
    });
}

function showCommand(print: Print): Command {
  return new Command('show')
    .description('one of them, with its event; the number of the document is left out')
    .argument('<id>', 'as list prints it')
    .addOption(runDirOption())
    .addHelpText('after', '\nExit status: 0 shown, 1 there is none of that id, 2 wrong usage.')
    .action(async (id: string, { runDir }: { readonly runDir: string }) => {
      process.exitCode = await withMessage(print, async () => {
        const { showKept } = await import('./list.ts');
        return showKept(quarantineIn(runDir, Date.now), id, print);
      });
    });
}

function releaseCommand(print: Print): Command {
  return withIds(new Command('release').description('send them as they are; what the door takes is no longer kept'))
    .addOption(doorOption())
    .addOption(asOption('province-<code> of the events'))
    .addHelpText(
      'after',
      '\nExit status: 0 all taken, 1 something was refused or isn’t there, 2 wrong usage, 3 the door was not ' +
        'available.',
    )
    .action(async (ids: readonly string[], options: Which & { readonly to?: URL; readonly as?: string }) => {
      process.exitCode = await withMessage(print, async () => {
        const { releaseKept } = await import('./release.ts');
        return releaseKept(quarantineIn(options.runDir, Date.now), chosen(ids, options), options, print);
      });
    });
}

function discardCommand(print: Print): Command {
  return withIds(new Command('discard').description('delete them; nothing is sent'))
    .addHelpText('after', '\nExit status: 0 all deleted, 1 something isn’t there, 2 wrong usage.')
    .action(async (ids: readonly string[], options: Which) => {
      process.exitCode = await withMessage(print, async () => {
        const { discardKept } = await import('./release.ts');
        return discardKept(quarantineIn(options.runDir, Date.now), chosen(ids, options), print);
      });
    });
}

function withIds(command: Command): Command {
  return command
    .argument('[id...]', 'as list prints them')
    .option('--all', 'all that are kept')
    .addOption(runDirOption())
    .hook('preAction', (one) => {
      if ((one.args.length === 0) === (one.opts<Which>().all !== true))
        one.error('error: name what is meant by its ids, or by --all');
    });
}

function chosen(ids: readonly string[], { all }: Which): readonly string[] | 'all' {
  return all === true ? 'all' : ids;
}
