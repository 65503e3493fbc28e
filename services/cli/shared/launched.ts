/** Where a launched stack is and what its keys are made with: the launcher leaves both in its run directory. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { templateIn } from '#exchange/identity/pki.ts';
import { parsePrincipal } from '#exchange/identity/principals.ts';
import { readAs, readTlsFiles } from '#platform/config.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';

export const runDirOption = (): Option =>
  new Option('--run-dir <dir>', 'where the launcher keeps addresses.json').env('RUN_DIR').default('.run');

/** @throws RangeError naming the option that stands in for it */
export async function launchedAddress(
  runDir: string,
  name: 'intake' | 'issuer' | 'kafka' | 'registry' | 'redis',
  instead: string,
): Promise<string> {
  const path = join(runDir, 'addresses.json');
  try {
    const address = (JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)[name];
    if (typeof address === 'string') return address;
  } catch {
    // the message below says what to do about a missing file too
  }
  throw new RangeError(`${path} names no ${name}: start the exchange with make up, or ${instead}`);
}

/** Of every producer that the launcher started; empty where none is noted. */
export async function launchedDoors(runDir: string): Promise<readonly string[]> {
  try {
    const text = await readFile(join(runDir, 'addresses.json'), 'utf8');
    const { intakes } = JSON.parse(text) as { readonly intakes?: Readonly<Record<string, string>> };
    return Object.values(intakes ?? {});
  } catch {
    return [];
  }
}

/** The secret of its person keys. @throws RangeError naming the setting that stands in for it */
export async function launchedSecret(runDir: string): Promise<Buffer> {
  const path = join(runDir, 'person-key-secret');
  const hex = await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (/^([0-9a-f]{2}){32,}$/i.test(hex)) return Buffer.from(hex, 'hex');
  throw new RangeError(
    `${path} holds no secret: set HUTONG_PERSON_KEY_SECRETS as it is set for the services, or give the ` +
      'person by --person-key',
  );
}

/** The files by which the command says who it is: those that the environment names, else the launched stack's. */
export function launchedTls(runDir: string): TlsFiles {
  return readTlsFiles() ?? templateIn(join(runDir, 'pki'));
}

/** Of whom it connects as: the operator, unless HUTONG_AS says otherwise. @throws RangeError of nobody's name */
export function ownTls(runDir: string): TlsFiles {
  return filesOf(launchedTls(runDir), parsePrincipal(readAs()));
}

const FORMS = {
  kafka: 'host:port[,host:port]',
  registry: 'URL of its Confluent-compatible API',
  redis: 'host:port',
} as const;
export type Server = keyof typeof FORMS;

export type AddressFlags = Readonly<Partial<Record<Server, string>>> & { readonly runDir: string };

/** The command with an option for each server's address, and one for the run directory that names them otherwise. */
export function withAddresses(command: Command, servers: readonly Server[]): Command {
  for (const server of servers)
    command.addOption(
      new Option(`--${server} <address>`, `${FORMS[server]} (default: what addresses.json in the run directory names)`),
    );
  return command.addOption(runDirOption());
}

/** @throws RangeError naming the option that stands in for a missing one */
export async function addressesOf<S extends Server>(
  flags: AddressFlags,
  servers: readonly S[],
): Promise<Record<S, string> & { readonly tls: TlsFiles }> {
  const entries = await Promise.all(
    servers.map(
      async (server) =>
        [
          server,
          flags[server] ?? (await launchedAddress(flags.runDir, server, `give its address with --${server}`)),
        ] as const,
    ),
  );
  return { ...(Object.fromEntries(entries) as Record<S, string>), tls: ownTls(flags.runDir) };
}
