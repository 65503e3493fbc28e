/**
 * What a run of the demo may be told by the environment. Nothing else in the demo reads it.
 */

import { resolve } from 'node:path';
import { ROOT } from '#platform/folders.ts';

export interface DemoSettings {
  readonly runDir: string;
  readonly people: number;
  readonly events: number;
  readonly seed: number;
  /** In which the simulated day is sent, if the exchange keeps up. */
  readonly streamSeconds: number;
  readonly loadSeconds: number;
  /** Leave it running. */
  readonly keep: boolean;
  readonly lookupConnections: number;
  /**
   * A mistake that the materialiser's merge gets, to show that the comparison fails; see
   * exercises/planted/planted-bugs.ts.
   */
  readonly plantedBug: string | null;
}

/** @throws RangeError naming a setting that can't be used */
export function readDemoSettings(
  environment: NodeJS.ProcessEnv = process.env,
  flags: readonly string[] = process.argv.slice(2),
): DemoSettings {
  const number = (name: string, fallback: number, min: number, max: number): number => {
    const value = Number(environment[name] || fallback);
    if (Number.isFinite(value) && value >= min && value <= max) return value;
    throw new RangeError(`${name}=${environment[name]} can't be used: it takes a number from ${min} to ${max}`);
  };
  const events = Math.round(number('EVENTS', 505_000, 1_000, 20_000_000));
  return {
    runDir: resolve(ROOT, environment['RUN_DIR'] || '.run'),
    people: Math.round(number('PEOPLE', 101_000, 500, 5_000_000)),
    events,
    seed: Math.round(number('SEED', 20_220_729, 0, 0xffff_ffff)),
    streamSeconds: number('STREAM_SECONDS', Math.max(6, events / 12_500), 1, 3_600),
    loadSeconds: number('LOAD_SECONDS', Math.min(5, Math.max(2, events / 50_000)), 1, 60),
    keep: environment['KEEP'] === '1' || flags.includes('--keep'),
    plantedBug: environment['PLANTED_BUG'] || null,
    lookupConnections: Math.round(number('LOOKUP_CONNECTIONS', 32, 1, 512)),
  };
}
