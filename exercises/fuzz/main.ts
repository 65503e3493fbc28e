/**
 * `make fuzz`: more than a million wrong requests and events to both doors of a stack of its own. SEED repeats
 * them, REQUESTS sets how many requests; each holds ten events or so. Exit status 1 when anything was found. It must
 * leave nothing running, however it ends.
 */

import { randomInt } from 'node:crypto';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { Exchange } from '#exercises/oracle/exchange.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { stoppedByHand } from '#infra/process/stopped-by-hand.ts';
import { type Stack, startStack } from '#infra/stack/stack.ts';
import { fuzz, type FuzzReport } from './fuzz.ts';
import { readFuzzSettings } from './settings.ts';

const { runDir, requests, seed } = readFuzzSettings(randomInt(1_000_000));
const say = (line: string): void => console.log(line);

say(`SEED=${seed} REQUESTS=${requests}`);
const stopped = stoppedByHand();
let isClean = false;
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
  isClean = await run(stack);
} catch (error) {
  say(error instanceof StackError ? error.message : String(error instanceof Error ? error.stack : error));
}
process.exit(isClean ? 0 : stopped.aborted ? 130 : 1);

async function run(stack: Stack): Promise<boolean> {
  const exchange = new Exchange(stack);
  const startedMs = performance.now();
  try {
    const report = await fuzz({
      exchange,
      requests,
      seed,
      nowMs: Date.now(),
      processes: servicesOf(stack),
      onProgress: (done) => say(`${done} of ${requests} requests`),
      signal: stopped,
    });
    print(report, (performance.now() - startedMs) / 1_000);
    return report.findings.length === 0 && !stopped.aborted;
  } finally {
    exchange.redis.disconnect();
  }
}

function servicesOf({ processes }: Stack): Map<string, number> {
  return new Map(
    processes.filter(({ name }) => /^(producer|lookup|materialiser)-/.test(name)).map(({ name, pid }) => [name, pid]),
  );
}

function print({ tally, memory, findings }: FuzzReport, seconds: number): void {
  const { requests: sent, wellFormed, events, counts, byStatus } = tally;
  say(`${sent} requests in ${seconds.toFixed(0)} s, ${wellFormed} of them well-formed and wrong in meaning`);
  say(
    `statuses: ${[...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')}`,
  );
  const { accepted, refused, duplicate, unavailable } = counts;
  say(
    `${events} events: ${accepted} accepted, ${refused} refused, ${duplicate} known already, ${unavailable} not taken`,
  );
  for (const [name, mb] of memory.seen) say(`${name}: ${mb.filter((_, at) => at % 4 === 0).join(', ')} MB`);
  for (const finding of findings) say(`✗ ${finding}`);
  if (findings.length === 0) say('✓ nothing was found');
}
