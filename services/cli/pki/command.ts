/**
 * `hutong pki`: the development authority, by hand. Its options; the work is in exchange/identity, and its library is
 * loaded only when something is signed.
 */

import { join } from 'node:path';
import { Command, Option } from 'commander';
import { initPki, issueCertificates, readIssued } from '#exchange/identity/pki.ts';
import { LOOPBACK_NAMES, newestOf, parsePrincipal, type Principal, standingOf } from '#exchange/identity/principals.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { runDirOption } from '#services/cli/shared/launched.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';
import { table } from './table.ts';

interface PkiFlags {
  readonly runDir: string;
  readonly kafka?: string;
  readonly hosts: readonly string[];
}

/** @param print takes one line or table at a time */
export function pkiCommand(print: Print = onConsole, now: () => number = Date.now): Command {
  const verb = (name: string, does: string, statuses: string): Command =>
    new Command(name)
      .description(does)
      .addOption(runDirOption())
      .addHelpText('after', `\nThe files lie in pki/ of the run directory. Exit status: ${statuses}, 2 wrong usage.`);
  const work = (does: () => Promise<number>) => async (): Promise<void> =>
    void (process.exitCode = await withMessage(print, does));

  const init = verb('init', 'make an authority, unless there is one', '0 there is one, 1 it could not be made');
  init.action(async ({ runDir }: PkiFlags) =>
    work(async () => {
      const dir = pkiIn(runDir);
      print((await initPki(dir, now())) ? `Made an authority in ${dir}.` : `There is an authority in ${dir} already.`);
      return EXIT.ok;
    })(),
  );

  const issue = verb('issue', 'issue a key and a certificate', '0 issued, 1 it could not be')
    .argument('<name>', 'who it is for: province-43, gate-beijing-west, laboratory-changsha-1, lookup')
    .addOption(
      new Option('--hosts <names>', 'names and addresses under which it is reached, comma-separated')
        .argParser((text) => text.split(',').filter(Boolean))
        .default(LOOPBACK_NAMES, LOOPBACK_NAMES.join(',')),
    );
  issue.action(async (name: string, { runDir, hosts }: PkiFlags) =>
    work(async () => issueOne(pkiIn(runDir), parsePrincipal(name), hosts, print, now()))(),
  );

  const renew = verb('renew', 'issue again, in place of a certificate that there is', '0 renewed, 1 it could not be')
    .argument('<name>', 'whose it is')
    .addOption(issue.options.find(({ long }) => long === '--hosts') as Option);
  renew.action(async (name: string, { runDir, hosts }: PkiFlags) =>
    work(async () => {
      const principal = parsePrincipal(name);
      const known = newestOf(readIssued(pkiIn(runDir))).find((one) => one.name === principal);
      if (known === undefined) throw new RangeError(`${name} has no certificate to renew: hutong pki issue ${name}`);
      if (known.revokedAtMs !== null)
        throw new RangeError(`${name} was revoked: hutong pki issue ${name} gives it a new certificate all the same`);
      return issueOne(pkiIn(runDir), principal, hosts, print, now());
    })(),
  );

  const revoke = verb(
    'revoke',
    'revoke all certificates of a principal, and take away its rights, on open connections too',
    '0 revoked, 1 there was none, or its rights could not be taken away',
  )
    .argument('<name>', 'whose they are')
    .addOption(new Option('--kafka <brokers>', 'host:port[,host:port] (default: what addresses.json names, if any)'));
  revoke.action(async (name: string, { runDir, kafka }: PkiFlags) =>
    work(async () => {
      const { revokePrincipal } = await import('./revoke.ts');
      return revokePrincipal(pkiIn(runDir), parsePrincipal(name), { runDir, kafka: kafka ?? null }, print, now());
    })(),
  );

  const list = verb('list', 'list the newest certificate of each principal', '0 none has ended, 1 some have');
  list.action(async ({ runDir }: PkiFlags) =>
    work(async () => {
      const newest = newestOf(readIssued(pkiIn(runDir)));
      const nowMs = now();
      print(newest.length === 0 ? 'Nothing was issued.' : table(newest, nowMs));
      return newest.some((one) => standingOf(one, nowMs) === 'ended') ? EXIT.failed : EXIT.ok;
    })(),
  );

  return [init, issue, renew, revoke, list].reduce(
    (group, command) => group.addCommand(command),
    new Command('pki').description('issues, renews and revokes keys and certificates'),
  );
}

async function issueOne(
  dir: string,
  principal: Principal,
  hosts: readonly string[],
  print: Print,
  nowMs: number,
): Promise<number> {
  await issueCertificates(dir, [principal], nowMs, hosts);
  const issued = newestOf(readIssued(dir)).find(({ name }) => name === principal);
  print(`${join(dir, `${principal}.pem`)} ends ${new Date(issued?.toMs ?? 0).toISOString()}.`);
  return EXIT.ok;
}

const pkiIn = (runDir: string): string => join(runDir, 'pki');
