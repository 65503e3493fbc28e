/**
 * Keys of the clients and of the issuer itself, made once. Each client's private key lies in a file of its own that
 * only its owner may read; the issuer gets the public halves.
 */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JWK } from 'jose';
import type { Held } from '#exchange/identity/caller.ts';
import { replaceFile } from '#platform/replace-file.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';
import { makeClient, newKey } from '#platform/tokens/client-file.ts';
import type { RegisteredClient } from '#platform/tokens/registered-clients.ts';
import { CLIENTS } from './clients.ts';

/**
 * Sees to it that each client of the table has a key.
 * @param tls where those lie that have a certificate
 * @returns what the issuer needs of them
 */
export function ensureClients(clientsDir: string, tls: TlsFiles): RegisteredClient<Held>[] {
  return CLIENTS.map(({ id, held }) => {
    const isCertified = existsSync(filesOf(tls, id).cert);
    return { id, held, publicKeys: [makeClient(clientsDir, id)], isCertified };
  });
}

/** The key that the issuer signs with: the same over restarts, or all tokens would end with one. */
export function ensureSigningKey(file: string): JWK {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    replace(file, newKey('issuer'));
  }
  return JSON.parse(readFileSync(file, 'utf8')) as JWK;
}

/** Where the launcher keeps the clients of a stack. */
export const clientsIn = (runDir: string): string => join(runDir, 'clients');

export function signingKeyIn(issuerDir: string): string {
  return join(issuerDir, 'signing-key.json');
}

function replace(path: string, content: unknown): void {
  replaceFile(path, `${JSON.stringify(content, null, 2)}\n`, 0o600);
}
