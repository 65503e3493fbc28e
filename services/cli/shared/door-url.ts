/** The full address at which a door takes events: the one that was given, or that of the launched stack. */

import { Option } from 'commander';
import { parseUrl } from './file-options.ts';
import { launchedAddress } from './launched.ts';

export const doorOption = (): Option =>
  new Option('--to <url>', 'the door (default: the intake that addresses.json in the run directory names)').argParser(
    parseUrl,
  );

/** @throws RangeError where neither is known */
export async function doorUrl(to: URL | undefined, runDir: string): Promise<string> {
  const door = to ?? new URL(await launchedAddress(runDir, 'intake', 'give the door with --to'));
  const base = door.href.replace(/\/+$/, '');
  return base.endsWith('/v1/events') ? base : `${base}/v1/events`;
}
