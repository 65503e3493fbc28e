/** What a run of the fuzzer may be told by the environment. */

import { resolve } from 'node:path';
import { ROOT } from '#platform/folders.ts';

export interface FuzzSettings {
  readonly runDir: string;
  readonly requests: number;
  readonly seed: number;
}

/** @throws RangeError naming a setting that can't be used */
export function readFuzzSettings(seedGiven: number, environment: NodeJS.ProcessEnv = process.env): FuzzSettings {
  const number = (name: string, fallback: number, max: number): number => {
    const value = Number(environment[name] || fallback);
    if (Number.isInteger(value) && value >= 0 && value <= max) return value;
    throw new RangeError(`${name}=${environment[name]} can't be used: it takes a whole number from 0 to ${max}`);
  };
  return {
    runDir: resolve(ROOT, environment['RUN_DIR'] || '.run-fuzz'),
    requests: number('REQUESTS', 200_000, 100_000_000),
    seed: number('SEED', seedGiven, 0xffff_ffff),
  };
}
