/**
 * The clients that a development issuer knows, as a file that it follows: each with the public halves of its keys and
 * what it holds. No private key ever lies in it.
 */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { followFile } from '#platform/followed-file.ts';
import { replaceFile } from '#platform/replace-file.ts';

export interface RegisteredClient<H = object> {
  readonly id: string;
  /** What its tokens say that it may do. */
  readonly held: H;
  /** By each of them it is known; several while it changes from one to the next. */
  readonly publicKeys: readonly JWK[];
  /** It has a certificate: without that it gets no token. */
  readonly isCertified?: boolean;
}

/** Where the launcher keeps the issuer of a stack. */
export const issuerIn = (runDir: string): string => join(runDir, 'issuer');

const registeredIn = (issuerDir: string): string => join(issuerDir, 'clients.json');

export function writeRegistered(issuerDir: string, clients: readonly RegisteredClient[]): void {
  mkdirSync(issuerDir, { recursive: true, mode: 0o700 });
  replaceFile(registeredIn(issuerDir), `${JSON.stringify(clients, null, 2)}\n`, 0o600);
}

/** Has the issuer know the client by this key besides. @returns false where no such issuer knows it */
export function registerNextKey(issuerDir: string, id: string, publicKey: JWK): boolean {
  return change(issuerDir, id, (client) => [{ ...client, publicKeys: [...client.publicKeys, publicKey] }]);
}

/** Has the issuer give the client no more tokens. @returns false where no such issuer knows it */
export function forgetClient(issuerDir: string, id: string): boolean {
  return change(issuerDir, id, () => []);
}

/** Has the issuer know a client that it doesn't. @returns false where there is no such issuer, or it does */
export function registerClient(issuerDir: string, client: RegisteredClient): boolean {
  const known = readRegistered(issuerDir);
  if (known === null || known.some(({ id }) => id === client.id)) return false;
  writeRegistered(issuerDir, [...known, client]);
  return true;
}

function change(
  issuerDir: string,
  id: string,
  changed: (client: RegisteredClient) => readonly RegisteredClient[],
): boolean {
  const clients = readRegistered(issuerDir);
  if (clients?.some((client) => client.id === id) !== true) return false;
  writeRegistered(
    issuerDir,
    clients.flatMap((client) => (client.id === id ? changed(client) : client)),
  );
  return true;
}

/** Null: there is no such issuer. */
function readRegistered(issuerDir: string): readonly RegisteredClient[] | null {
  const path = registeredIn(issuerDir);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RegisteredClient[]) : null;
}

/** @returns what the file says at the moment; it is read again once it is another */
export function followRegistered<H>(issuerDir: string): () => readonly RegisteredClient<H>[] {
  return followFile(registeredIn(issuerDir), (text) => JSON.parse(text) as RegisteredClient<H>[]);
}
