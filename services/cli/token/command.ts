/** `hutong token`: a token of a client, for tools at hand. Its options; how a token is got is in platform/tokens. */

import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { replaceFile } from '#platform/replace-file.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { asOption, clientAs } from '#services/cli/shared/as.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { launchedTls, runDirOption } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';

interface TokenFlags {
  readonly as: string;
  readonly runDir: string;
  readonly curlrc?: true;
}

/** @param print takes one line at a time */
export function tokenCommand(print: Print = onConsole): Command {
  return new Command('token')
    .description('print an access token of a client of the exchange')
    .addOption(asOption().makeOptionMandatory())
    .addOption(runDirOption())
    .option('--curlrc', 'write a configuration for curl with it instead, and print where: curl -K $(hutong token …)')
    .addHelpText(
      'after',
      '\nThe token of a client that has a certificate counts with that alone: --curlrc writes both for curl, and what' +
        ' is printed is to be shown on connections that show it too.' +
        '\nExit status: 0 printed, 1 no such client, or the issuer gave none, 2 wrong usage.',
    )
    .action(async ({ as, runDir, curlrc }: TokenFlags) => {
      process.exitCode = await withMessage(print, async () => {
        const client = clientAs(as, runDir);
        const token = await client.token();
        print(curlrc === true ? writeCurlrc(as, runDir, token, client.certificate()) : token);
        return EXIT.ok;
      });
    });
}

/** Readable by its owner only: who has the token, and the certificate that it may be bound to, is the client. */
function writeCurlrc(client: string, runDir: string, token: string, bound: TlsFiles | null): string {
  const path = join(runDir, `curlrc-${basename(client, '.json')}`);
  const settings = {
    cacert: resolve(launchedTls(runDir).ca),
    ...(bound === null ? {} : { cert: resolve(bound.cert), key: resolve(bound.key) }),
    header: `Authorization: Bearer ${token}`,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = "${value}"\n`);
  replaceFile(path, lines.join(''), 0o600);
  return path;
}
