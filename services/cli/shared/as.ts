/**
 * As whom a command asks: a client of the exchange, with the key that lies in its file, and the certificate where there
 * is one. It must never show a key.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { type Config, readConfig } from '#platform/config.ts';
import type { Fetch } from '#platform/fetch-as.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';
import { clientFileIn, readClientFile } from '#platform/tokens/client-file.ts';
import { TokenSource } from '#platform/tokens/token-source.ts';
import { launchedAddress, launchedTls } from './launched.ts';

/** @param byDefault in words */
export const asOption = (byDefault?: string): Option =>
  new Option(
    '--as <client>',
    'who asks: a client in clients/ of the run directory, or the file of one' +
      (byDefault === undefined ? '' : ` (default: ${byDefault})`),
  );

export interface ClientOfExchange {
  /** One each time, a new one before the old one ends. @throws as `clientAs` */
  readonly token: () => Promise<string>;
  /** With the certificate that the token counts with alone, where there is one. */
  readonly fetch: Fetch;
  /** The files of that certificate, once there is a token; null: it counts without one. */
  readonly certificate: () => TlsFiles | null;
}

/**
 * Nothing is read before the first token. Where a certificate of the client lies at hand, its tokens are bound to it.
 * @throws RangeError when there is no such client, or no issuer is named; HutongError ISSUER_UNAVAILABLE, TOKEN_REFUSED
 */
export function clientAs(client: string, runDir: string, read: () => Config = readConfig): ClientOfExchange {
  let known: Promise<KnownClient> | null = null;
  const knownClient = (): Promise<KnownClient> => (known ??= clientOf(client, runDir, read().tokens));
  let bound: TlsFiles | null = null;
  return {
    token: async () => {
      const { source, files } = await knownClient();
      const token = await source.token();
      bound = source.identity === null ? null : files;
      return token;
    },
    fetch: async (url, asked) => (await knownClient()).source.fetch(url, asked),
    certificate: () => bound,
  };
}

interface KnownClient {
  readonly source: TokenSource;
  readonly files: TlsFiles;
}

async function clientOf(client: string, runDir: string, { issuer, audience }: Config['tokens']): Promise<KnownClient> {
  const file = readClientFile(client.endsWith('.json') ? client : clientFileIn(join(runDir, 'clients'), client));
  const files = filesOf(launchedTls(runDir), file.clientId);
  const source = new TokenSource({
    ...file,
    issuer: issuer === '' ? await launchedAddress(runDir, 'issuer', 'set HUTONG_ISSUER') : issuer,
    audience,
    identity: existsSync(files.cert) ? new Identity(files) : null,
  });
  return { source, files };
}
