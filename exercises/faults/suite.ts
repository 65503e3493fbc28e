/**
 * The whole suite: a scene, its rounds one after the other until they are done or one violates a guarantee, a report.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlessStopped } from '#infra/process/stopped-by-hand.ts';
import { CLUSTER_KINDS, KINDS, SHORT_ROUNDS } from './kinds/index.ts';
import { planRounds } from './plan.ts';
import { Round, type RoundResult, withoutBite } from './round.ts';
import type { Injection, InjectionKind } from './scene/injection.ts';
import { randomOf, Scene } from './scene/scene.ts';

export interface SuiteOptions {
  readonly runDir: string;
  readonly seed: number;
  /** How many rounds; null: the short form, which meets each kind once. */
  readonly rounds: number | null;
  /** Only kinds whose name holds this text; all with ''. */
  readonly only?: string;
  readonly say: (line: string) => void;
  /** Ends the suite early; never by default. */
  readonly signal?: AbortSignal;
}

export interface SuiteReport {
  readonly seed: number;
  readonly passed: boolean;
  readonly tookSeconds: number;
  readonly rounds: readonly RoundResult[];
}

/** @throws the signal's reason when it ends the suite; nothing of the stack is left then either */
export async function runSuite(options: SuiteOptions): Promise<SuiteReport> {
  const { runDir, seed, rounds: count, only = '', say, signal = new AbortController().signal } = options;
  const startedMs = performance.now();
  const scene = await Scene.start({ runDir, seed, long: count !== null, onProgress: say, signal });
  const results: RoundResult[] = [];
  try {
    for (const waves of plan(scene.stack.topology === 'cluster' ? CLUSTER_KINDS : KINDS, seed, count, only)) {
      const round = new Round(scene, waves, randomOf(seed, results.length));
      const result = await unlessStopped(round.run(sum(results, ({ doubled }) => doubled)), signal);
      results.push(result);
      say(lineOf(results.length, result));
      if (Object.keys(result.violations).length > 0) break; // what follows would only tell of it again
    }
  } finally {
    await scene.stop();
  }
  const held = results.length > 0 && results.every(({ violations }) => Object.keys(violations).length === 0);
  // The long form is run to be sure of something.
  const passed = held && (count === null || results.every((result) => withoutBite(result).length === 0));
  const report = { seed, passed, tookSeconds: Math.round((performance.now() - startedMs) / 100) / 10, rounds: results };
  mkdirSync(runDir, { recursive: true });
  writeFileSync(join(runDir, 'faults.json'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** Of each round, its waves. */
function plan(kinds: readonly InjectionKind[], seed: number, count: number | null, only: string): Injection[][][] {
  const isWanted = (kind: InjectionKind): boolean => kind().name.includes(only);
  if (count !== null) return planRounds(kinds.filter(isWanted), randomOf(seed, -1), count).map((wave) => [wave]);
  return SHORT_ROUNDS.map((waves) =>
    waves.map((wave) => wave.filter(isWanted).map((kind) => kind())).filter((wave) => wave.length > 0),
  ).filter((waves) => waves.length > 0);
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function lineOf(round: number, result: RoundResult): string {
  const { injections, events, answers, lookupPauseMs, streamPauseMs, catchUpMs, violations, bites } = result;
  const seconds = (ms: number | null): string => (ms === null ? 'never' : `${(ms / 1_000).toFixed(1)} s`);
  const broken = Object.keys(violations);
  const bit = bites.flat().map(({ what, count }) => `${what} ${count}`);
  const idle = withoutBite(result);
  return (
    `${broken.length === 0 ? '✓' : '✗'} ${round}. ${injections.join(' + ')}: ${events} events, ${answers} ` +
    `answers, without look-ups ${seconds(lookupPauseMs)}, without stream ${seconds(streamPauseMs)}, caught ` +
    `up after ${seconds(catchUpMs)}${broken.length === 0 ? '' : `; violated: ${broken.join(', ')}`}\n` +
    `    ${bit.join(', ')}${idle.length === 0 ? '' : `; did nothing, and so tested nothing: ${idle.join(' + ')}`}`
  );
}
