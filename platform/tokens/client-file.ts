/** The file of a client: its name and its private key. Whoever can read it is that client. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';

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
