/**
 * The folder of senders' profiles, a file `<identity>.json` for each. A file is read again when it has changed, so a
 * new sender needs no restart. It must never look anywhere else for a name that is no identity's.
 */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { fault, type Reading } from '#exchange/formats/format-fault.ts';
import { versionOf } from '#platform/followed-file.ts';
import { readProfile, type SenderProfile } from './sender-profile.ts';

const REMEMBERED_MAX = 1_000;
/** More than any profile has. */
const PROFILE_BYTES_MAX = 1024 * 1024;

interface Seen {
  readonly version: string;
  readonly profile: Reading<SenderProfile>;
}

export class SenderProfiles {
  readonly #dir: string;
  readonly #seen = new LRUCache<string, Seen>({ max: REMEMBERED_MAX });

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @param identity of who sends: the common name of a certificate, or the client of a token; null: it has none */
  async of(identity: string): Promise<Reading<SenderProfile> | null> {
    if (!/^[a-z0-9-]+$/.test(identity)) return null;
    const file = join(this.#dir, `${identity}.json`);
    const found = await stat(file).catch(() => null);
    if (found === null) return null;
    const version = versionOf(found);
    const seen = this.#seen.get(identity);
    if (seen?.version === version) return seen.profile;
    const profile = found.size > PROFILE_BYTES_MAX ? NOT_JSON : await readFrom(file);
    this.#seen.set(identity, { version, profile });
    return profile;
  }
}

async function readFrom(file: string): Promise<Reading<SenderProfile>> {
  try {
    return readProfile(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return NOT_JSON;
  }
}

const NOT_JSON = fault('', 'can’t be read as JSON', 'write it as exchange/readers/sender-profile.ts says');
