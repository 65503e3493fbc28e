/** The bar of a command that takes long, on the error stream of a terminal. It prints nothing where there is none. */

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
