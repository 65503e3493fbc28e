/**
 * The progress bar of an import, on the error stream of a terminal; nothing where there's no terminal. Lines of the
 * report appear above it.
 */

import { MultiBar, Presets } from 'cli-progress';
import type { Account } from './account.ts';

export interface Progress {
  readonly read: (bytes: number) => void;
  readonly print: (line: string) => void;
  readonly stop: () => void;
}

/**
 * @param totalBytes 0 where nobody knows how much comes
 * @param account asked at each change, so that the bar shows what the door has answered
 */
export function startProgress(totalBytes: number, account: () => Account, nowMs = () => performance.now()): Progress {
  if (process.stderr.isTTY !== true)
    return { read: () => undefined, print: (line) => process.stdout.write(`${line}\n`), stop: () => undefined };
  const bars = new MultiBar(
    {
      stream: process.stderr,
      format:
        totalBytes === 0
          ? '{accepted} accepted | {refused} refused | {rate} a second'
          : '{bar} {percentage} % | {accepted} accepted | {refused} refused | {rate} a second | {eta_formatted} left',
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const bar = bars.create(totalBytes, 0, { accepted: 0, refused: 0, rate: 0 });
  const startMs = nowMs();
  const print = (line: string) => {
    if (process.stdout.isTTY === true) bars.log(`${line}\n`);
    else process.stdout.write(`${line}\n`);
  };
  return {
    read: (bytes) => {
      const of = account();
      const accepted = of.total('accepted') + of.total('duplicate');
      const refused = of.total('refused') + of.total('quarantined');
      bar.increment(bytes, { accepted, refused, rate: rateOf(accepted + refused, nowMs() - startMs) });
    },
    print,
    stop: () => bars.stop(),
  };
}

/** A second, rounded. */
function rateOf(results: number, passedMs: number): number {
  return passedMs <= 0 ? 0 : Math.round((results * 1_000) / passedMs);
}
