/**
 * The keys that a process holds, from a folder: one file for each, named `<principal>-<number>.key`. A message about
 * one names its file and never repeats what it holds.
 */

import { createSecretKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { HutongError } from '#platform/errors.ts';
import type { RecordKey } from './tags.ts';

/** Of the keys' folder: what records are tagged with. */
export const RECORD_KEYS = 'record';
export const OPERATOR = 'operator';

export function principalOf(province: ProvinceCode): string {
  return `province-${province}`;
}

/** Null: it is no province. */
export function provinceOf(principal: string): ProvinceCode | null {
  const code = principal.startsWith('province-') ? principal.slice('province-'.length) : '';
  return isProvinceCode(code) ? code : null;
}

/** The province that a key's name begins with; null where it is none. */
export function provinceOfKeyId(id: string): ProvinceCode | null {
  return provinceOf(id.slice(0, Math.max(0, id.lastIndexOf('-'))));
}

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

  /** What a principal tags with. @throws HutongError CONFIG_INVALID when this process has no key of it */
  newestOf(principal: string): RecordKey {
    const newest = this.#newest.get(principal);
    if (newest === undefined) throw missing(`there is no key of ${principal}`);
    return newest.key;
  }
}

const NAME = /^([a-z]+(?:-\d{2})?)-([1-9]\d{0,3})\.key$/;
const HEX = /^[0-9a-f]{64}$/;

/**
 * All keys in `record/` of the folder.
 * @throws HutongError CONFIG_INVALID when a file there can't be read, or is no key
 */
export function readKeyRing(folder: string): KeyRing {
  const directory = join(folder, RECORD_KEYS);
  return new KeyRing(
    filesIn(directory).map((file) => {
      const [, principal = '', number = ''] = NAME.exec(file) ?? [];
      const path = join(directory, file);
      const hex = principal === '' ? '' : readFileSync(path, 'utf8').trim();
      if (!HEX.test(hex)) throw missing(`${path} is no key: 64 hex digits in <principal>-<number>.key`);
      return { id: `${principal}-${number}`, principal, secret: createSecretKey(hex, 'hex') };
    }),
  );
}

/** The same, for who can't work without one. @throws HutongError CONFIG_INVALID */
export function requireKeyRing(folder: string): KeyRing {
  const ring = readKeyRing(folder);
  if (ring.isEmpty) throw missing(`${join(folder, RECORD_KEYS)} holds no key`);
  return ring;
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith('.key'));
  } catch {
    return [];
  }
}

function missing(why: string): HutongError {
  return new HutongError('CONFIG_INVALID', `HUTONG_KEYS: ${why}`, {
    retriable: false,
    hint: 'HUTONG_KEYS is the folder of the keys that records are tagged with; make up makes one in its run directory',
  });
}
