/** Where a launched stack is and what its keys are made with: the launcher leaves both in its run directory. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';

export const runDirOption = (): Option => new Option('--run-dir <dir>', 'where the launcher keeps addresses.json').env('RUN_DIR').default('.run');

/** @throws RangeError naming the option that stands in for it */
export async function launchedAddress(runDir: string, name: 'intake' | 'kafka' | 'redis', instead: string): Promise<string> {
  const path = join(runDir, 'addresses.json');
  try {
    const address = (JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)[name];
    if (typeof address === 'string') return address;
  } catch {
    // the message below says what to do about a missing file too
  }
  throw new RangeError(`${path} names no ${name}: start the exchange with make up, or ${instead}`);
}

/** The secret of its person keys. @throws RangeError naming the setting that stands in for it */
export async function launchedSecret(runDir: string): Promise<Buffer> {
  const path = join(runDir, 'person-key-secret');
  const hex = await readFile(path, 'utf8').then((text) => text.trim(), () => '');
  if (/^([0-9a-f]{2}){32,}$/i.test(hex)) return Buffer.from(hex, 'hex');
  throw new RangeError(`${path} holds no secret: set HUTONG_PERSON_KEY_SECRETS as it is set for the services, or give the person by --person-key`);
}
