/**
 * The keys that a process tags and checks records with, from a folder: one file for each, named
 * `<principal>-<number>.key`. It never says what one holds.
 */

import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyFile, keyFilesIn, keysUnusable, principalOfKey } from './files.ts';
import type { RecordKey } from './tags.ts';

/** Of the keys' folder: what records are tagged with. */
export const RECORD_KEYS = 'record';

/** Anybody may name a key that there isn't: the folder isn't listed for each record of theirs. */
const LOOK_AGAIN_MS = 1_000;

export interface LooksAgain {
  /** All keys that there are now. @throws HutongError CONFIG_INVALID */
  readonly read: () => readonly RecordKey[];
  readonly monotonicMs: () => number;
}

export class KeyRing {
  readonly #keys = new Map<string, RecordKey>();
  readonly #newest = new Map<string, { readonly key: RecordKey; readonly number: number }>();
  readonly #again: LooksAgain | null;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  /** @param again for who is to take keys that come later; what it has taken stays what it is */
  constructor(keys: readonly RecordKey[], again: LooksAgain | null = null) {
    this.#again = again;
    this.#add(keys);
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  /** Undefined: this process hasn't got it. */
  of(id: string): RecordKey | undefined {
    const known = this.#keys.get(id);
    if (known !== undefined || this.#again === null || principalOfKey(id) === '') return known;
    this.#lookAgain(this.#again);
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

  #lookAgain({ read, monotonicMs }: LooksAgain): void {
    const nowMs = monotonicMs();
    if (nowMs - this.#lookedAtMs < LOOK_AGAIN_MS) return;
    this.#lookedAtMs = nowMs;
    try {
      this.#add(read().filter(({ id }) => !this.#keys.has(id)));
    } catch {
      // A file that is being written: at the next look it is there.
    }
  }

  #add(keys: readonly RecordKey[]): void {
    for (const key of keys) {
      this.#keys.set(key.id, key);
      const number = Number(key.id.slice(key.principal.length + 1));
      if (number > (this.#newest.get(key.principal)?.number ?? 0)) this.#newest.set(key.principal, { key, number });
    }
  }
}

const HEX = /^[0-9a-f]{64}$/;

/**
 * All keys in `record/` of the folder.
 * @throws HutongError CONFIG_INVALID when a file there can't be read, or is no key
 */
export function readKeyRing(folder: string): KeyRing {
  return new KeyRing(readRecordKeys(folder));
}

/**
 * The same, for who can't work without one, and works for long: when a record names a key that it hasn't got, it looks
 * whether there is one by now, so that a province's next key is handed over without a restart.
 * @throws HutongError CONFIG_INVALID
 */
export function requireKeyRing(folder: string, monotonicMs = (): number => performance.now()): KeyRing {
  const ring = new KeyRing(readRecordKeys(folder), { read: () => readRecordKeys(folder), monotonicMs });
  if (ring.isEmpty) throw keysUnusable(`${join(folder, RECORD_KEYS)} holds no key`);
  return ring;
}

function readRecordKeys(folder: string): readonly RecordKey[] {
  return keyFilesIn(join(folder, RECORD_KEYS), '.key').map(readRecordKey);
}

/** @throws HutongError CONFIG_INVALID when the file can't be read, or is no key */
export function readRecordKey({ id, principal, path }: Omit<KeyFile, 'number'>): RecordKey {
  const hex = principal === '' ? '' : readFileSync(path, 'utf8').trim();
  if (!HEX.test(hex)) throw keysUnusable(`${path} is no key: 64 hex digits in <principal>-<number>.key`);
  return { id, principal, secret: createSecretKey(hex, 'hex') };
}
