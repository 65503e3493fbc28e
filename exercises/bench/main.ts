/**
 * `make bench`: what it costs to be secure: events and look-ups a second and their latency, with TLS, identity and tags
 * and without, in one run. Prints tables and leaves bench.json. It must leave nothing running, however it ends.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { wrk } from '#infra/parts/programs.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { stoppedByHand, unlessStopped } from '#infra/process/stopped-by-hand.ts';
import { type Broker, startBroker } from './broker.ts';
import { type Row, tableOf } from './rows.ts';
import { secureKafka } from './secure-kafka.ts';
import { secureLookup } from './secure-lookup.ts';
import { secureRecords } from './secure-records.ts';
import { readBenchSettings } from './settings.ts';

const { runDir, report, rounds, seconds } = readBenchSettings();
const say = (text: string): void => console.log(text);
const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

const stopped = stoppedByHand();
let broker: Broker | undefined;
let status = 1;
try {
  wrk(); // or minutes would be measured in vain
  say(`${cpus().length} × ${cpus()[0]?.model ?? 'processor'}; Node ${process.version}; load ${load()}`);
  say(`${rounds} rounds of ${seconds} s a way, after one that warms; ratios are the median of the rounds' pairs\n`);
  const rows = await unlessStopped(measured(), stopped);
  mkdirSync(dirname(report), { recursive: true, mode: 0o700 });
  writeFileSync(report, `${JSON.stringify(rows, null, 2)}\n`);
  say(`load ${load()}; ${report}`);
  status = 0;
} catch (error) {
  say(error instanceof StackError ? error.message : String(error instanceof Error ? error.stack : error));
  if (stopped.aborted) status = 130;
} finally {
  await broker?.stop();
}
process.exit(status);

async function measured(): Promise<readonly Row[]> {
  const records = await secureRecords(rounds);
  say(`${tableOf('records', records)}\n`);
  broker = await startBroker(runDir, stopped);
  const kafka = await secureKafka(broker, rounds, seconds);
  await broker.stop();
  say(`${tableOf('Kafka', kafka)}\n`);
  const lookup = await secureLookup(runDir, rounds, seconds, stopped);
  say(`${tableOf('look-up', lookup)}\n`);
  return [...records, ...kafka, ...lookup];
}
