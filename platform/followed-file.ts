/**
 * A file that is read again once it is another, so that what it says can be changed without a restart. It never says
 * anything that the file didn't.
 */

import { readFileSync, type Stats, statSync } from 'node:fs';

/** Another one once the file is: it was written, or another took its place. */
export function versionOf({ mtimeMs, size, ino }: Pick<Stats, 'mtimeMs' | 'size' | 'ino'>): string {
  return `${mtimeMs}/${size}/${ino}`;
}

/**
 * @returns what the file says at the moment; it throws where the file can't be read, or `read` throws, and is to be
 * asked again
 */
export function followFile<T>(path: string, read: (text: string) => T): () => T {
  let seen: { readonly version: string; readonly said: T } | null = null;
  return () => {
    const version = versionOf(statSync(path));
    if (seen?.version !== version) seen = { version, said: read(readFileSync(path, 'utf8')) };
    return seen.said;
  };
}
