/**
 * What a principal tags and signs with: its newest keys, as the files in the folder say at the moment, so that a key is
 * changed without a restart. It must never sign with a key that isn't published: nobody could check it, and it would
 * count for nothing.
 */

import { join } from 'node:path';
import { type KeyFile, keyFilesIn, keysUnusable, newestFirst } from './files.ts';
import { readRecordKey, RECORD_KEYS } from './ring.ts';
import type { SigningKey } from './signatures.ts';
import { readSigningKey, requireSigningKey, signingFilesOf } from './signing-keys.ts';
import type { RecordKey } from './tags.ts';

/** How often whoever writes looks for its next keys. */
export const NEXT_KEYS_LOOK_MS = 5_000;

/** As `PublicKeys` of exchange/topics. */
export interface Published {
  has(id: string): boolean;
  knows(principal: string): boolean;
}

export class OwnKeys {
  readonly #folder: string;
  readonly #principal: string;
  #recordKey: RecordKey;
  #signingKey: SigningKey;
  /** There at the last look: who checks may not have read of it yet, so it is used from the next one on. */
  #seen: ReadonlySet<string> = new Set();

  /** @throws HutongError CONFIG_INVALID without keys */
  constructor(folder: string, principal: string, published: Published) {
    this.#folder = folder;
    this.#principal = principal;
    const [newest] = this.#recordFiles();
    if (newest === undefined) throw keysUnusable(`there is no key of ${principal}`);
    this.#recordKey = readRecordKey(newest);
    const signing = published.knows(principal)
      ? signingFilesOf(folder, principal).find(({ id }) => published.has(id))
      : undefined;
    this.#signingKey = signing === undefined ? requireSigningKey(folder, principal) : readSigningKey(signing);
  }

  get recordKey(): RecordKey {
    return this.#recordKey;
  }

  get signingKey(): SigningKey {
    return this.#signingKey;
  }

  /**
   * Looks again. @param published asked only where there is a signing key that isn't used yet
   * @returns the names of the keys that are used from now on
   * @throws HutongError CONFIG_INVALID of a file that is no key; what `published` throws
   */
  async look(published: () => Promise<Published>): Promise<readonly string[]> {
    const seen = this.#seen;
    const record = this.#laterRecordFile();
    const signing = await this.#laterSigningFile(published);
    this.#seen = new Set([record, signing].flatMap((file) => file?.path ?? []));
    const taken: string[] = [];
    if (record !== undefined && seen.has(record.path)) {
      this.#recordKey = readRecordKey(record);
      taken.push(record.id);
    }
    if (signing !== undefined && seen.has(signing.path)) {
      this.#signingKey = readSigningKey(signing);
      taken.push(signing.id);
    }
    return taken;
  }

  #laterRecordFile(): KeyFile | undefined {
    const [newest] = this.#recordFiles();
    return newest?.id === this.#recordKey.id ? undefined : newest;
  }

  async #laterSigningFile(published: () => Promise<Published>): Promise<KeyFile | undefined> {
    const files = signingFilesOf(this.#folder, this.#principal);
    const used = files.findIndex(({ id }) => id === this.#signingKey.id);
    const later = used < 0 ? files : files.slice(0, used);
    if (later.length === 0) return undefined;
    const known = await published();
    return later.find(({ id }) => known.has(id));
  }

  #recordFiles(): readonly KeyFile[] {
    return newestFirst(keyFilesIn(join(this.#folder, RECORD_KEYS), '.key'), this.#principal);
  }
}
