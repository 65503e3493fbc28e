/** The mapping file that an operator names, read before any file of results is opened. It must never be guessed at. */

import { readFile } from 'node:fs/promises';
import { describeFault } from '#exchange/formats/format-fault.ts';
import { readMapping, type SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { UsageError } from './options.ts';

/** @throws UsageError that names the file, what is wrong with it, and how to mend it */
export async function readMappingFile(path: string): Promise<SheetMapping> {
  const read = readMapping(await jsonIn(path));
  if (read.ok) return read.value;
  throw new UsageError(`${path}: ${describeFault(read.fault)}`);
}

async function jsonIn(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(`${path} ${code === undefined ? 'is no JSON' : `can’t be opened (${code})`}`);
  }
}
