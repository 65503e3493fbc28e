/**
 * As whom a command asks: a client of the exchange, with the key that lies in its file. It must never show a key.
 */

import { join } from 'node:path';
import { Option } from 'commander';
import { type Config, readConfig } from '#platform/config.ts';
import { clientFileIn, readClientFile } from '#platform/tokens/client-file.ts';
import { TokenSource } from '#platform/tokens/token-source.ts';
import { launchedAddress } from './launched.ts';

/** @param byDefault in words */
export const asOption = (byDefault?: string): Option =>
  new Option(
    '--as <client>',
    'who asks: a client in clients/ of the run directory, or the file of one' +
      (byDefault === undefined ? '' : ` (default: ${byDefault})`),
  );

/**
 * A token each time, a new one before the old one ends. Nothing is read before the first.
 * @throws RangeError when there is no such client, or no issuer is named; HutongError ISSUER_UNAVAILABLE, TOKEN_REFUSED
 */
export function tokenAs(client: string, runDir: string, read: () => Config = readConfig): () => Promise<string> {
  let source: TokenSource | null = null;
  return async () => {
    source ??= await sourceOf(client, runDir, read().tokens);
    return source.token();
  };
}

async function sourceOf(client: string, runDir: string, { issuer, audience }: Config['tokens']): Promise<TokenSource> {
  const file = client.endsWith('.json') ? client : clientFileIn(join(runDir, 'clients'), client);
  return new TokenSource({
    ...readClientFile(file),
    issuer: issuer === '' ? await launchedAddress(runDir, 'issuer', 'set HUTONG_ISSUER') : issuer,
    audience,
  });
}
