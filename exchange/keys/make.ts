/** Makes a principal's keys, each in a file that its owner alone reads. What is there already is never replaced. */

import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { RECORD_KEYS } from './ring.ts';
import type { PublicKey } from './signatures.ts';
import { ANCHORS, SIGNING_KEYS } from './signing-keys.ts';

const KEY_BYTES = 32;

/** @returns the files that were made; none where the principal has keys */
export function makeKeys(folder: string, principal: string): readonly string[] {
  const directory = madeIn(folder, RECORD_KEYS);
  return hasKey(directory, principal) ? [] : [writeKey(join(directory, `${principal}-1.key`))];
}

export function hasRecordKey(folder: string, principal: string): boolean {
  return hasKey(madeIn(folder, RECORD_KEYS), principal);
}

/**
 * The next key of a principal, that has no file yet. Whoever has the file tags with it.
 * @param isTaken whether a key of that name must not be made
 */
export function nextRecordKey(
  folder: string,
  principal: string,
  isTaken: (id: string) => boolean = () => false,
): { readonly id: string; readonly write: () => string } {
  const directory = madeIn(folder, RECORD_KEYS);
  const id = nextName(principal, (name) => isTaken(name) || existsSync(join(directory, `${name}.key`)));
  return { id, write: () => writeKey(join(directory, `${id}.key`)) };
}

/** A signing key that has no file yet: it is to be published before anybody signs with it. */
export interface UnwrittenKey {
  readonly publicKey: PublicKey;
  /** @returns its file */
  readonly write: () => string;
  /** Its public half, for who is to believe it. @returns the file */
  readonly writeAnchor: () => string;
}

/** @param isTaken whether a key of that name was published */
export function nextSigningKey(folder: string, principal: string, isTaken: (id: string) => boolean): UnwrittenKey {
  const directory = madeIn(folder, SIGNING_KEYS);
  const id = nextName(principal, (name) => isTaken(name) || existsSync(join(directory, `${name}.pem`)));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: { id, principal, publicKey },
    write: () => write(join(directory, `${id}.pem`), privatePem(privateKey)),
    writeAnchor: () => write(join(madeIn(folder, ANCHORS), `${id}.pem`), publicPem(publicKey)),
  };
}

/**
 * A principal's first signing key; the operator's public half is an anchor, which others are to get as a file.
 * @returns the files that were made; none where the principal has one
 */
export function makeSigningKey(folder: string, principal: string): readonly string[] {
  const directory = madeIn(folder, SIGNING_KEYS);
  if (hasKey(directory, principal)) return [];
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const file = `${principal}-1.pem`;
  const made = [write(join(directory, file), privatePem(privateKey))];
  if (principal !== OPERATOR) return made;
  return [...made, write(join(madeIn(folder, ANCHORS), file), publicPem(publicKey))];
}

function nextName(principal: string, isTaken: (name: string) => boolean): string {
  let number = 1;
  while (isTaken(`${principal}-${number}`)) number += 1;
  return `${principal}-${number}`;
}

const privatePem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
const publicPem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString();

/** One of the keys' directories, which is made where it isn't there. */
function madeIn(folder: string, name: string): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

function hasKey(directory: string, principal: string): boolean {
  return readdirSync(directory).some((file) => file.startsWith(`${principal}-`));
}

function writeKey(path: string): string {
  return write(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
}

function write(path: string, text: string): string {
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  return path;
}
