/**
 * Look-ups under load by wrk, a load generator that many know and that takes little of the machine which it shares with
 * what it measures. It must never count an answer other than 2xx as one.
 */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { wrk } from '#infra/parts/programs.ts';

const SCRIPT = fileURLToPath(new URL('./questions.lua', import.meta.url));
/** An answer that takes longer has failed. */
const ANSWER_S_MAX = 10;

export interface Asked {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface Answered {
  readonly answered: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What questions.lua writes in the end. */
interface Written {
  readonly answered: number;
  readonly failed: number;
  readonly tookUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** @returns the file for `askByWrk` */
export function writeQuestions(folder: string, bodies: readonly string[]): string {
  const file = join(folder, 'questions.ndjson');
  writeFileSync(file, `${bodies.join('\n')}\n`);
  return file;
}

/** @throws StackError when wrk is missing; Error with what it says when it fails, or when `signal` ends it */
export async function askByWrk(
  { url, token, connections, seconds }: Asked,
  questions: string,
  signal: AbortSignal,
): Promise<Answered> {
  const tokenFile = `${questions}.token`; // not an argument: everybody sees those
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const given = ['-t1', `-c${connections}`, `-d${seconds}s`, `--timeout=${ANSWER_S_MAX}s`, '-s', SCRIPT, url];
  const { stdout } = await promisify(execFile)(wrk(), [...given, '--', questions, tokenFile], { signal });
  const line = stdout.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`wrk measured nothing: ${stdout}`);
  const { answered, failed, tookUs, p50Us, p99Us } = JSON.parse(line) as Written;
  return {
    answered: answered - failed,
    failed,
    perSecond: ((answered - failed) * 1e6) / tookUs,
    p50Ms: p50Us / 1_000,
    p99Ms: p99Us / 1_000,
  };
}
