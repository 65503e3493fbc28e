/** The file of a client: its name and its private key, made once. Whoever can read it is that client. */

import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { replaceFile } from '#platform/replace-file.ts';

export interface ClientFile {
  readonly clientId: string;
  /** With `alg`, and `kid` where the issuer needs one. */
  readonly privateKey: JWK;
}

export function clientFileIn(clientsDir: string, clientId: string): string {
  return join(clientsDir, `${clientId}.json`);
}

/** @throws RangeError that names the file and nothing of what is in it */
export function readClientFile(path: string): ClientFile {
  try {
    const { clientId, privateKey } = JSON.parse(readFileSync(path, 'utf8')) as Partial<ClientFile>;
    if (typeof clientId === 'string' && typeof privateKey?.kty === 'string') return { clientId, privateKey };
  } catch {
    // the message below says what to do about a missing file too
  }
  throw new RangeError(`${path} holds no client: it is JSON with clientId and privateKey (a JWK)`);
}

/** Sees to it that the client has a file. @returns the public half of its key, as the issuer needs it */
export function makeClient(clientsDir: string, clientId: string): JWK {
  mkdirSync(clientsDir, { recursive: true, mode: 0o700 });
  const file = clientFileIn(clientsDir, clientId);
  if (!existsSync(file)) writeClientFile(file, { clientId, privateKey: newKey(clientId) });
  return publicHalf(readClientFile(file).privateKey);
}

/** The next key of a client, under a name of its own, so that the issuer can know it beside the one in use. */
export function nextClient(clientsDir: string, clientId: string): ClientFile {
  const { kid = '' } = readClientFile(clientFileIn(clientsDir, clientId)).privateKey;
  const number = kid.startsWith(`${clientId}-`) ? Number(kid.slice(clientId.length + 1)) + 1 : 2;
  return { clientId, privateKey: newKey(`${clientId}-${number}`) };
}

export function writeClientFile(file: string, client: ClientFile): void {
  replaceFile(file, `${JSON.stringify(client, null, 2)}\n`, 0o600);
}

export function publicHalf({ d: _private, ...shown }: JWK): JWK {
  return shown;
}

/** A private key for signatures (ES256). */
export function newKey(kid: string): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } as JWK;
}
