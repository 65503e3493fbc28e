/**
 * The keys that a process tags and checks records with, from a folder: one file for each, named
 * `<principal>-<number>.key`. It never says what one holds.
 */

import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFilesIn, keysUnusable } from './files.ts';
import type { RecordKey } from './tags.ts';

/** Of the keys' folder: what records are tagged with. */
export const RECORD_KEYS = 'record';

export class KeyRing {
  readonly #keys = new Map<string, RecordKey>();
  readonly #newest = new Map<string, { readonly key: RecordKey; readonly number: number }>();

  constructor(keys: readonly RecordKey[]) {
    for (const key of keys) {
      this.#keys.set(key.id, key);
      const number = Number(key.id.slice(key.principal.length + 1));
      if (number > (this.#newest.get(key.principal)?.number ?? 0)) this.#newest.set(key.principal, { key, number });
    }
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  /** Undefined: this process hasn't got it. */
  of(id: string): RecordKey | undefined {
    return this.#keys.get(id);
  }

  /** Whether this process may tag as that principal. */
  has(principal: string): boolean {
    return this.#newest.has(principal);
  }

  /** What a principal tags with. @throws HutongError CONFIG_INVALID when this process has no key of it */
  newestOf(principal: string): RecordKey {
    const newest = this.#newest.get(principal);
    if (newest === undefined) throw keysUnusable(`there is no key of ${principal}`);
    return newest.key;
  }
}

const HEX = /^[0-9a-f]{64}$/;

/**
 * All keys in `record/` of the folder.
 * @throws HutongError CONFIG_INVALID when a file there can't be read, or is no key
 */
export function readKeyRing(folder: string): KeyRing {
  return new KeyRing(
    keyFilesIn(join(folder, RECORD_KEYS), '.key').map(({ id, principal, path }) => {
      const hex = principal === '' ? '' : readFileSync(path, 'utf8').trim();
      if (!HEX.test(hex)) throw keysUnusable(`${path} is no key: 64 hex digits in <principal>-<number>.key`);
      return { id, principal, secret: createSecretKey(hex, 'hex') };
    }),
  );
}

/** The same, for who can't work without one. @throws HutongError CONFIG_INVALID */
export function requireKeyRing(folder: string): KeyRing {
  const ring = readKeyRing(folder);
  if (ring.isEmpty) throw keysUnusable(`${join(folder, RECORD_KEYS)} holds no key`);
  return ring;
}
