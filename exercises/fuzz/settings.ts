/** What a run of the fuzzer may be told by the environment. */

import { resolve } from 'node:path';
import { wholeNumbersIn } from '#exercises/town/whole-numbers.ts';
import { ROOT } from '#platform/folders.ts';

export interface FuzzSettings {
  readonly runDir: string;
  readonly requests: number;
  readonly seed: number;
}

/** @throws RangeError naming a setting that can't be used */
export function readFuzzSettings(seedGiven: number, environment: NodeJS.ProcessEnv = process.env): FuzzSettings {
  const number = wholeNumbersIn(environment);
  return {
    runDir: resolve(ROOT, environment['RUN_DIR'] || '.run-fuzz'),
    requests: number('REQUESTS', 200_000, 0, 100_000_000),
    seed: number('SEED', seedGiven, 0, 0xffff_ffff),
  };
}
