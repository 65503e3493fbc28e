/**
 * The bar of a command that takes long, with the time left, on the error stream; nothing where there is no terminal.
 */

import { Presets, SingleBar } from 'cli-progress';

/** @param counted such as `{value} of {total} records`. @returns the bar, which its owner stops */
export function startBar(label: string, counted: string, total: number, done = 0): SingleBar {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: `${label} {bar} {percentage} % | ${counted} | {eta_formatted} left`,
      clearOnComplete: true,
      noTTYOutput: false,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  bar.start(total, done);
  return bar;
}
