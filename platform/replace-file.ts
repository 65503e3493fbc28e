/** A file that is replaced in one step: a reader never sees half of one. It must never write beside that path. */

import { renameSync, writeFileSync } from 'node:fs';

/** @param mode of the file, such as 0o600; without it what the process's umask leaves */
export function replaceFile(path: string, text: string, mode?: number): void {
  writeFileSync(`${path}.new`, text, mode === undefined ? {} : { mode });
  renameSync(`${path}.new`, path);
}
