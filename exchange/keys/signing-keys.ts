/**
 * The keys that small records of the exchange are signed with, from the folder of keys. A private one is in
 * `signing/<principal>-<number>.pem`; in `anchors/operator-<number>.pem` is a public one of the operator, whom
 * everybody believes who has that file. A message about one names its file and never repeats what it holds.
 */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HutongError } from '#platform/errors.ts';
import { OPERATOR } from './ring.ts';
import type { PublicKey, SigningKey } from './signatures.ts';

export const SIGNING_KEYS = 'signing';
export const ANCHORS = 'anchors';

const NAME = /^([a-z]+(?:-\d{2})?)-([1-9]\d{0,3})\.pem$/;

/** `province-43` of `province-43-1`; empty where it is no name of a key. */
export function principalOfKey(id: string): string {
  return NAME.exec(`${id}.pem`)?.[1] ?? '';
}

/** What a principal signs with: its key with the highest number. @throws HutongError CONFIG_INVALID without one */
export function requireSigningKey(folder: string, principal: string): SigningKey {
  const newest = filesIn(join(folder, SIGNING_KEYS))
    .filter((file) => file.principal === principal)
    .toSorted((a, b) => b.number - a.number)[0];
  if (newest === undefined) throw missing(`${join(folder, SIGNING_KEYS)} holds no key of ${principal}`);
  return { id: newest.id, principal, privateKey: read(newest.path, createPrivateKey) };
}

/** The public halves of all signing keys of the folder: for whoever made them. */
export function publicHalves(folder: string): readonly PublicKey[] {
  return filesIn(join(folder, SIGNING_KEYS)).map(({ id, principal, path }) => ({
    id,
    principal,
    publicKey: read(path, (pem) => createPublicKey(createPrivateKey(pem))),
  }));
}

/** Whom a process believes about others' keys. @throws HutongError CONFIG_INVALID without any */
export function requireAnchors(folder: string): readonly PublicKey[] {
  const anchors = filesIn(join(folder, ANCHORS)).filter(({ principal }) => principal === OPERATOR);
  if (anchors.length === 0) throw missing(`${join(folder, ANCHORS)} holds no public key of the operator`);
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
  if (key?.asymmetricKeyType !== 'ed25519') throw missing(`${path} is no Ed25519 key`);
  return key;
}

interface KeyFile {
  readonly id: string;
  readonly principal: string;
  readonly number: number;
  readonly path: string;
}

function filesIn(directory: string): readonly KeyFile[] {
  let names: readonly string[] = [];
  try {
    names = readdirSync(directory).toSorted();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const [, principal, number] = NAME.exec(name) ?? [];
    if (principal === undefined) return [];
    return [{ id: name.slice(0, -'.pem'.length), principal, number: Number(number), path: join(directory, name) }];
  });
}

function missing(why: string): HutongError {
  return new HutongError('CONFIG_INVALID', `HUTONG_KEYS: ${why}`, {
    retriable: false,
    hint: 'HUTONG_KEYS is the folder of the keys; make up makes one in its run directory',
  });
}
