/** Makes a principal's keys, each in a file that its owner alone reads. What is there already is never replaced. */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORD_KEYS } from './ring.ts';

const KEY_BYTES = 32;

/** @returns the files that were made; none where the principal has keys */
export function makeKeys(folder: string, principal: string): readonly string[] {
  const directory = join(folder, RECORD_KEYS);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (readdirSync(directory).some((file) => file.startsWith(`${principal}-`))) return [];
  return [writeKey(join(directory, `${principal}-1.key`))];
}

/** The next key of a principal: its records are tagged with it from the next start on. @returns its file */
export function makeNextKey(folder: string, principal: string): string {
  const directory = join(folder, RECORD_KEYS);
  for (let number = 1; ; number += 1) {
    const path = join(directory, `${principal}-${number}.key`);
    if (!existsSync(path)) return writeKey(path);
  }
}

function writeKey(path: string): string {
  writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return path;
}
