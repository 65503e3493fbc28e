/**
 * `make faults`: runs the suite, prints its table. SEED repeats a run's choices, ROUNDS sets its length (SHORT=1: the
 * form that is part of `make test`), ONLY picks injections by a part of their name, CLUSTER=1 takes several of
 * everything. Exit status 1 when a guarantee was violated.
 */

import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { StackError } from '#infra/process/stack-error.ts';
import { stoppedByHand } from '#infra/process/stopped-by-hand.ts';
import { ROOT } from '#platform/folders.ts';
import { runSuite } from './suite.ts';
import { tableOf, timesOf, verdictOf } from './table.ts';

const ROUNDS = 30;

const environment = process.env;
const seed = numberOf('SEED', randomInt(1_000_000));
const rounds = environment['SHORT'] === '1' ? null : numberOf('ROUNDS', ROUNDS);
const runDir = resolve(ROOT, environment['RUN_DIR'] || '.run');
const say = (line: string): void => console.log(line);

say(`SEED=${seed} ${rounds === null ? 'SHORT=1' : `ROUNDS=${rounds}`}`);
const stopped = stoppedByHand();
try {
  const report = await runSuite({ runDir, seed, rounds, only: environment['ONLY'] ?? '', say, signal: stopped });
  say(tableOf(report.rounds));
  say(timesOf(report));
  say(verdictOf(report));
  process.exit(report.passed ? 0 : 1);
} catch (error) {
  say(error instanceof StackError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exit(stopped.aborted ? 130 : 1);
}

function numberOf(name: string, fallback: number): number {
  const value = Number(environment[name] || fallback);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`${name}=${environment[name]} can't be used: it takes a whole number`);
}
