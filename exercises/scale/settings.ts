/** What a measurement of scaling may be told by the environment. */

import { resolve } from 'node:path';
import { wholeNumbersIn } from '#exercises/town/whole-numbers.ts';
import { ROOT } from '#platform/folders.ts';

export interface ScaleSettings {
  readonly runDir: string;
  readonly people: number;
  readonly events: number;
  readonly seed: number;
  readonly copies: readonly number[];
  readonly loadSeconds: number;
}

/** @throws RangeError naming a setting that can't be used */
export function readScaleSettings(environment: NodeJS.ProcessEnv = process.env): ScaleSettings {
  const number = wholeNumbersIn(environment);
  const copies = (environment['COPIES'] || '1,2,4').split(',').map(Number);
  if (copies.some((each, index) => !Number.isInteger(each) || each < 1 || each > 8 || each <= (copies[index - 1] ?? 0)))
    throw new RangeError('COPIES takes rising numbers from 1 to 8, such as 1,2,4');
  return {
    runDir: resolve(ROOT, environment['RUN_DIR'] || '.run-scale'),
    events: number('EVENTS', 300_000, 1_000, 5_000_000),
    people: number('PEOPLE', 60_000, 500, 1_000_000),
    seed: number('SEED', 20_220_729, 0, 0xffff_ffff),
    copies,
    loadSeconds: number('LOAD_SECONDS', 8, 1, 60),
  };
}
