/**
 * What a principal tags and signs with: its newest keys, as the files in the folder say at the moment, so that a key is
 * changed without a restart. It must never sign with a key that isn't published: nobody could check it, and it would
 * count for nothing; nor use one whose time hasn't come.
 */

import { join } from 'node:path';
import { type KeyFile, keyFilesIn, keysUnusable, newestFirst } from './files.ts';
import { readRecordKey, RECORD_KEYS } from './ring.ts';
import type { SigningKey } from './signatures.ts';
import { readSigningKey, requireSigningKey, signingFilesOf } from './signing-keys.ts';
import type { RecordKey } from './tags.ts';

/** How often whoever writes looks for its next keys. */
export const NEXT_KEYS_LOOK_MS = 5_000;

/** As `KnownKeys` of exchange/topics. */
export interface Published {
  /** Whether a key of records of that name counts by now: a later start may have been stated for it. */
  mayTag(id: string, nowMs: number): boolean;
  /** Whether a key to sign with of that name is published, and counts by now. */
  maySign(id: string, nowMs: number): boolean;
  /** Whether any key to sign with of that principal is published. */
  knows(principal: string): boolean;
}

type MayUse = (known: Published, id: string, nowMs: number) => boolean;

/** Of a principal's keys for one use the newest that may be used. */
class NewestKey<K extends { readonly id: string }> {
  readonly #files: () => readonly KeyFile[];
  readonly #read: (file: KeyFile) => K;
  readonly #mayUse: MayUse;
  #current: K;
  /** There at the last look: who checks may not have read of it yet, so it is used from the next one on. */
  #seen: string | null = null;

  constructor(files: () => readonly KeyFile[], read: (file: KeyFile) => K, mayUse: MayUse, first: K) {
    this.#files = files;
    this.#read = read;
    this.#mayUse = mayUse;
    this.#current = first;
  }

  get current(): K {
    return this.#current;
  }

  /** The newest first; all there are where that of the key in use isn't there any more. */
  later(): readonly KeyFile[] {
    const files = this.#files();
    const used = files.findIndex(({ id }) => id === this.#current.id);
    return used < 0 ? files : files.slice(0, used);
  }

  /** @returns its name where another is used from now on */
  look(known: Published | null, nowMs: number): readonly string[] {
    const file = this.later().find(({ id }) => known !== null && this.#mayUse(known, id, nowMs));
    const isKnown = file !== undefined && file.path === this.#seen;
    this.#seen = file?.path ?? null;
    if (!isKnown) return [];
    this.#current = this.#read(file);
    return [file.id];
  }
}

const mayTag: MayUse = (known, id, nowMs) => known.mayTag(id, nowMs);
const maySign: MayUse = (known, id, nowMs) => known.maySign(id, nowMs);

/** What a principal tags with. */
export class OwnRecordKey {
  readonly #now: () => number;
  readonly #newest: NewestKey<RecordKey>;

  /** @throws HutongError CONFIG_INVALID without a key that counts by now */
  constructor(folder: string, principal: string, published: Published, now: () => number = Date.now) {
    const files = (): readonly KeyFile[] => newestFirst(keyFilesIn(join(folder, RECORD_KEYS), '.key'), principal);
    const first = files().find(({ id }) => published.mayTag(id, now()));
    if (first === undefined) throw keysUnusable(`there is no key of ${principal} that counts by now`);
    this.#now = now;
    this.#newest = new NewestKey(files, readRecordKey, mayTag, readRecordKey(first));
  }

  get recordKey(): RecordKey {
    return this.#newest.current;
  }

  /** @see OwnKeys.look */
  async look(published: () => Promise<Published>): Promise<readonly string[]> {
    const known = this.#newest.later().length === 0 ? null : await published();
    return this.#newest.look(known, this.#now());
  }
}

/** What a principal tags and signs with. */
export class OwnKeys {
  readonly #now: () => number;
  readonly #tag: OwnRecordKey;
  readonly #sign: NewestKey<SigningKey>;

  /** @throws HutongError CONFIG_INVALID without keys that count by now */
  constructor(folder: string, principal: string, published: Published, now: () => number = Date.now) {
    const files = (): readonly KeyFile[] => signingFilesOf(folder, principal);
    const signing = published.knows(principal) ? files().find(({ id }) => published.maySign(id, now())) : undefined;
    const first = signing === undefined ? requireSigningKey(folder, principal) : readSigningKey(signing);
    this.#now = now;
    this.#tag = new OwnRecordKey(folder, principal, published, now);
    this.#sign = new NewestKey(files, readSigningKey, maySign, first);
  }

  get recordKey(): RecordKey {
    return this.#tag.recordKey;
  }

  get signingKey(): SigningKey {
    return this.#sign.current;
  }

  /**
   * Looks again. @param published asked only where there is a key that isn't used yet
   * @returns the names of the keys that are used from now on
   * @throws HutongError CONFIG_INVALID of a file that is no key; what `published` throws
   */
  async look(published: () => Promise<Published>): Promise<readonly string[]> {
    const tags = await this.#tag.look(published);
    const known = this.#sign.later().length === 0 ? null : await published();
    return [...tags, ...this.#sign.look(known, this.#now())];
  }
}
