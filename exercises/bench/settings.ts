/** What a run of the bench may be told by the environment. */

import { resolve } from 'node:path';
import { wholeNumbersIn } from '#exercises/town/whole-numbers.ts';
import { ROOT } from '#platform/folders.ts';

export interface BenchSettings {
  /** Of what it starts. */
  readonly runDir: string;
  readonly report: string;
  readonly rounds: number;
  /** Of one way in one round. */
  readonly seconds: number;
}

/** @throws RangeError naming a setting that can't be used */
export function readBenchSettings(environment: NodeJS.ProcessEnv = process.env): BenchSettings {
  const number = wholeNumbersIn(environment);
  return {
    runDir: resolve(ROOT, environment['RUN_DIR'] || '.run-bench'),
    report: resolve(ROOT, '.run', 'bench.json'),
    rounds: number('ROUNDS', 7, 1, 1_000),
    seconds: number('LOAD_SECONDS', 2, 1, 60),
  };
}
