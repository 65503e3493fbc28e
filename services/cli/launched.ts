/** Where a launched stack is: the launcher leaves it in addresses.json of its run directory. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';

export const runDirOption = (): Option => new Option('--run-dir <dir>', 'where the launcher keeps addresses.json').env('RUN_DIR').default('.run');

/** @throws RangeError naming the option that stands in for it */
export async function launchedAddress(runDir: string, name: 'intake' | 'kafka' | 'registry' | 'redis', instead: string): Promise<string> {
  const path = join(runDir, 'addresses.json');
  try {
    const address = (JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)[name];
    if (typeof address === 'string') return address;
  } catch {
    // the message below says what to do about a missing file too
  }
  throw new RangeError(`${path} names no ${name}: start the exchange with make up, or ${instead}`);
}
