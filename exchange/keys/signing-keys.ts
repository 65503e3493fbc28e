/**
 * The keys that small records of the exchange are signed with, from the folder of keys. A private one is in
 * `signing/<principal>-<number>.pem`; in `anchors/operator-<number>.pem` is a public one of the operator, whom
 * everybody believes who has that file. A message about one names its file and never repeats what it holds.
 */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { type KeyFile, keyFilesIn, keysUnusable, newestFirst, principalOfKey } from './files.ts';
import type { PublicKey, SigningKey } from './signatures.ts';

export const SIGNING_KEYS = 'signing';
export const ANCHORS = 'anchors';

/** What a principal signs with: its key with the highest number. @throws HutongError CONFIG_INVALID without one */
export function requireSigningKey(folder: string, principal: string): SigningKey {
  const [newest] = signingFilesOf(folder, principal);
  if (newest === undefined) throw keysUnusable(`${join(folder, SIGNING_KEYS)} holds no key of ${principal}`);
  return readSigningKey(newest);
}

/** The newest first. */
export function signingFilesOf(folder: string, principal: string): readonly KeyFile[] {
  return newestFirst(pemsIn(join(folder, SIGNING_KEYS)), principal);
}

/** @throws HutongError CONFIG_INVALID */
export function readSigningKey({ id, principal, path }: KeyFile): SigningKey {
  return { id, principal, privateKey: read(path, createPrivateKey) };
}

/** The public halves of all signing keys of the folder: for whoever made them. */
export function publicHalves(folder: string): readonly PublicKey[] {
  return pemsIn(join(folder, SIGNING_KEYS)).map(({ id, principal, path }) => ({
    id,
    principal,
    publicKey: read(path, (pem) => createPublicKey(createPrivateKey(pem))),
  }));
}

/** Whom a process believes about others' keys. @throws HutongError CONFIG_INVALID without any */
export function requireAnchors(folder: string): readonly PublicKey[] {
  const anchors = pemsIn(join(folder, ANCHORS)).filter(({ principal }) => principal === OPERATOR);
  if (anchors.length === 0) throw keysUnusable(`${join(folder, ANCHORS)} holds no public key of the operator`);
  return anchors.map(({ id, principal, path }) => ({ id, principal, publicKey: read(path, createPublicKey) }));
}

/** A public key that a province handed over. @throws HutongError CONFIG_INVALID */
export function readPublicKey(id: string, path: string): PublicKey {
  return { id, principal: principalOfKey(id), publicKey: read(path, createPublicKey) };
}

function read(path: string, make: (pem: string) => KeyObject): KeyObject {
  let key: KeyObject | null = null;
  try {
    key = make(readFileSync(path, 'utf8'));
  } catch {
    // What stands in it stays there.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw keysUnusable(`${path} is no Ed25519 key`);
  return key;
}

/** What lies there under another name is none of a key. */
function pemsIn(directory: string): readonly KeyFile[] {
  return keyFilesIn(directory, '.pem').filter(({ principal }) => principal !== '');
}
