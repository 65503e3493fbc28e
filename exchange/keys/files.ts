/**
 * The files of the keys' folder, each named `<principal>-<number>` with an ending that says what it holds. It never
 * looks into one, and what is said of one names it and never repeats what it holds.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HutongError } from '#platform/errors.ts';

export interface KeyFile {
  /** `<principal>-<number>` */
  readonly id: string;
  readonly principal: string;
  /** A later key of a principal has a higher one. */
  readonly number: number;
  readonly path: string;
}

const ID = /^([a-z]+(?:-\d{2})?)-([1-9]\d{0,3})$/;

/** `province-43` of `province-43-1`; empty where it is no name of a key. */
export function principalOfKey(id: string): string {
  return ID.exec(id)?.[1] ?? '';
}

/** Those with that ending, by their names; the principal is empty where the name is none of a key. */
export function keyFilesIn(directory: string, ending: '.key' | '.pem'): readonly KeyFile[] {
  return namesIn(directory)
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => {
      const id = name.slice(0, -ending.length);
      const [, principal = '', number] = ID.exec(id) ?? [];
      return { id, principal, number: Number(number), path: join(directory, name) };
    });
}

/** Those of one principal. */
export function newestFirst(files: readonly KeyFile[], principal: string): readonly KeyFile[] {
  return files.filter((file) => file.principal === principal).toSorted((a, b) => b.number - a.number);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export function keysUnusable(why: string): HutongError {
  return new HutongError('CONFIG_INVALID', `HUTONG_KEYS: ${why}`, {
    retriable: false,
    hint:
      'HUTONG_KEYS is the folder of the keys that records are tagged and signed with; make up makes one in its run ' +
      'directory',
  });
}
