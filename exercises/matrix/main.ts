/**
 * `make matrix`: each of 32 provinces tries to do what is each other's, at the doors and past them, on a stack of its
 * own. Exit status 1 when somebody was let who shouldn't be, or refused who should. It must leave nothing running,
 * however it ends.
 */

import { resolve } from 'node:path';
import Table from 'cli-table3';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { Exchange } from '#exercises/oracle/exchange.ts';
import { ensureSigningKey, signingKeyIn } from '#infra/issuer/keys.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { stoppedByHand, unlessStopped } from '#infra/process/stopped-by-hand.ts';
import { type Stack, startStack } from '#infra/stack/stack.ts';
import { readConfig } from '#platform/config.ts';
import { ROOT } from '#platform/folders.ts';
import { issuerIn } from '#platform/tokens/registered-clients.ts';
import { type Attempt, faultsOf } from './attempt.ts';
import { tryMatrix } from './matrix.ts';

const runDir = resolve(ROOT, process.env['RUN_DIR'] || '.run-matrix');
const say = (line: string): void => console.log(line);
const stopped = stoppedByHand();
let isRight = false;
try {
  await using stack = await startStack({
    runDir,
    parts: ['kafka', 'registry', 'redis', 'issuer'],
    services: [
      { kind: 'producer', name: 'a', provinces: PROVINCE_CODES },
      { kind: 'materialiser' },
      { kind: 'lookup' },
    ],
    onProgress: say,
    signal: stopped,
  });
  isRight = await unlessStopped(run(stack), stopped);
} catch (error) {
  say(error instanceof StackError ? error.message : String(error instanceof Error ? error.stack : error));
}
process.exit(isRight ? 0 : stopped.aborted ? 130 : 1);

async function run(stack: Stack): Promise<boolean> {
  const exchange = new Exchange(stack);
  try {
    const { issuer, audience } = readConfig({ ...stack.serviceEnv }).tokens;
    const signingKey = ensureSigningKey(signingKeyIn(issuerIn(runDir)));
    const attempts = await tryMatrix({
      exchange,
      provinces: PROVINCE_CODES,
      issuer: { url: issuer, audience, signingKey },
      onProgress: say,
    });
    const faults = faultsOf(attempts);
    say(tableOf(attempts));
    for (const fault of faults) say(`✗ ${fault}`);
    say(
      faults.length === 0
        ? `✓ ${attempts.length} attempts: nobody was let who shouldn't be`
        : `${faults.length} faults`,
    );
    return faults.length === 0;
  } finally {
    exchange.redis.disconnect();
  }
}

function tableOf(attempts: readonly Attempt[]): string {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['what', 'let', 'refused', 'let and shouldn’t be', 'refused and shouldn’t be'],
  });
  for (const [what, of] of Map.groupBy(attempts, (attempt) => attempt.what)) {
    const count = (may: boolean, did: boolean): number => of.filter((one) => one.may === may && one.did === did).length;
    table.push([what, count(true, true), count(false, false), count(false, true), count(true, false)]);
  }
  return table.toString();
}
