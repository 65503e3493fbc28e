/**
 * The progress bar of an import, on the error stream of a terminal; nothing where there's no terminal. Lines of the
 * report appear above it.
 */

import { MultiBar, Presets } from 'cli-progress';
import type { Tally } from './report.ts';

export interface Progress {
  readonly read: (bytes: number) => void;
  readonly print: (line: string) => void;
  readonly stop: () => void;
}

/** @param tally asked for at each change, so that the bar shows what the door has answered */
export function startProgress(totalBytes: number, tally: () => Tally): Progress {
  if (process.stderr.isTTY !== true)
    return { read: () => undefined, print: (line) => process.stdout.write(`${line}\n`), stop: () => undefined };
  const bars = new MultiBar(
    {
      stream: process.stderr,
      format: '{bar} {percentage} % | {accepted} accepted | {refused} refused | {eta_formatted} left',
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const bar = bars.create(totalBytes, 0, { accepted: 0, refused: 0 });
  const print = (line: string) => {
    if (process.stdout.isTTY === true) bars.log(`${line}\n`);
    else process.stdout.write(`${line}\n`);
  };
  return {
    read: (bytes) => {
      const { accepted, duplicate, refused } = tally();
      bar.increment(bytes, { accepted: accepted + duplicate, refused });
    },
    print,
    stop: () => bars.stop(),
  };
}
