/**
 * The command behind make up, make status and make down. Exit status 0 means that all of the stack runs (up, status) or
 * that nothing of it is left (down).
 */

import { Command, Option } from 'commander';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { DASHBOARD_PATH } from './parts/prometheus.ts';
import { gone } from './process/part.ts';
import { isAlive, signal } from './process/process-identity.ts';
import { readSettings } from './process/settings.ts';
import { StackError } from './process/stack-error.ts';
import { type Addresses, lock, readAddresses } from './process/state.ts';
import { parseProducers, type ServiceSpec } from './stack/services.ts';
import { type Stack, startStack } from './stack/stack.ts';
import { stopRecorded } from './stack/stop-stack.ts';
import { readStatus, renderStatus, type StackStatus } from './status.ts';

interface UpOptions {
  readonly producers: string;
  readonly materialisers?: string;
  readonly lookups?: string;
  readonly mllp?: true;
  readonly onlyParts?: true;
  readonly services: boolean;
}

/** Longer than any part takes to stop. */
const LAUNCHER_STOP_MS_MAX = 120_000;

const ENVIRONMENT = `
Environment:
  RUN_DIR      state, logs and data of the stack (.run); another one gives another stack beside it
  CACHE_DIR    what make install has fetched (.cache)
  CLUSTER=1    three Kafka brokers, a Redis cluster of six nodes, two materialisers and two look-ups
  KEEP_DATA=1  up goes on with the data of the last stack in RUN_DIR; without it, up starts on empty data
  HUTONG_KAFKA, HUTONG_REGISTRY, HUTONG_REDIS, HUTONG_PROMETHEUS, HUTONG_ISSUER
               existing servers, which are used and not started or stopped
  HUTONG_KAFKA_PORT, HUTONG_KAFKA_SERVERS_PORT, HUTONG_KAFKA_CONTROLLER_PORT,
  HUTONG_REDIS_PORT, HUTONG_REDIS_BUS_PORT, HUTONG_REGISTRY_PORT, HUTONG_REGISTRY_BEHIND_PORT,
  HUTONG_PROMETHEUS_PORT, HUTONG_ISSUER_PORT,
  HUTONG_INTAKE_PORT, HUTONG_LOOKUP_PORT, HUTONG_MATERIALISER_PORT,
  HUTONG_MLLP_PORT, HUTONG_MLLP_WATCH_PORT
               ports for what is started; free ones by default
  Other HUTONG_* settings reach the services as they are.
down keeps the data and the logs; the next up removes them.`;

async function up(options: UpOptions): Promise<number> {
  const { runDir, topology } = readSettings();
  const existing = readStatus(runDir);
  if (existing.parts.some(({ state }) => state === 'running')) return report(runDir, existing);
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => abort.abort(new StackError(`${name}: stopping what was started`)));
  const stack = await startStack({
    runDir,
    signal: abort.signal,
    pace: 'lasting',
    services: servicesOf(options, topology === 'cluster' ? '2' : '1'),
    ...(options.onlyParts ? { topics: false } : {}),
    onProgress: (line) => console.log(line),
  });
  if (options.mllp === true) await withMllp(stack);
  console.log(describe(stack.addresses));
  return 0;
}

/** The last of all: it reports at the door. */
async function withMllp(stack: Stack): Promise<void> {
  try {
    await stack.startService({ kind: 'mllp' });
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function servicesOf({ producers, onlyParts, services, ...copies }: UpOptions, copiesByDefault: string): ServiceSpec[] {
  const { materialisers = copiesByDefault, lookups = copiesByDefault } = copies;
  if (onlyParts === true || !services) return [];
  const many = (kind: 'materialiser' | 'lookup', count: string): ServiceSpec[] =>
    Array.from({ length: Number(count) }, () => ({ kind }));
  const named = producers === '1' ? [{ name: 'a' }] : parseProducers(producers, PROVINCE_CODES);
  return [
    ...named.map((one) => ({ kind: 'producer' as const, ...one })),
    ...many('materialiser', materialisers),
    ...many('lookup', lookups),
  ];
}

function describe({ prometheus, lookup, intake, mllp }: Addresses): string {
  return [
    'The stack runs.',
    ...(intake === undefined ? [] : [`  intake      ${intake}/v1/events`]),
    ...(intake === undefined ? [] : [`  intake      ${intake}/docs`]),
    ...(mllp === undefined ? [] : [`  MLLP        ${mllp} (TLS, with a certificate)`]),
    ...(lookup === undefined ? [] : [`  look-up     ${lookup}/docs`]),
    ...(prometheus === undefined ? [] : [`  dashboard   ${prometheus}${DASHBOARD_PATH}`]),
  ].join('\n');
}

function status(): number {
  const { runDir } = readSettings();
  return report(runDir, readStatus(runDir));
}

/** What runs, and the exit status that says whether all of it does. */
function report(runDir: string, { parts, state }: StackStatus): number {
  if (state === 'absent') console.log(`Nothing runs in ${runDir}.`);
  else console.log(renderStatus(parts));
  if (state === 'healthy') console.log(describe(readAddresses(runDir)));
  if (state === 'unfinished') console.log('Its start was not finished: wait for it, or make down stops what there is.');
  if (state === 'broken') console.log('It has lost parts: make down stops the rest.');
  return state === 'healthy' ? 0 : 1;
}

async function down(): Promise<number> {
  const { runDir } = readSettings();
  for (;;) {
    const held = lock(runDir);
    if ('release' in held) {
      const stopped = await stopRecorded(runDir).finally(() => held.release());
      console.log(stopped.length === 0 ? `Nothing runs in ${runDir}.` : `Stopped: ${stopped.join(', ')}.`);
      return 0;
    }
    console.log(`Waiting for the launcher with pid ${held.heldBy.pid} to stop what it is starting.`);
    signal(held.heldBy, 'SIGTERM');
    if (isAlive(held.heldBy) && !(await gone(held.heldBy, LAUNCHER_STOP_MS_MAX)))
      throw new StackError(`the launcher with pid ${held.heldBy.pid} doesn't end`);
  }
}

const program = new Command('launcher')
  .description('Starts, shows and stops a local stack of the exchange.')
  .addHelpText('after', ENVIRONMENT);
program
  .command('up')
  .description('start everything in the background and return when it is ready')
  .option('--producers <spec>', 'producer processes: a number that shares the provinces, or name=11,12;other=13', '1')
  .addOption(
    new Option('--materialisers <number>', 'copies of the materialiser (default: 1, in a cluster 2)').argParser(count),
  )
  .addOption(new Option('--lookups <number>', 'copies of the look-up (default: 1, in a cluster 2)').argParser(count))
  .option('--mllp', 'the MLLP listener, by which laboratories send HL7 messages')
  .option('--only-parts', 'Kafka, registry, Redis and Prometheus only, without topics')
  .option('--no-services', 'parts, topics and schemas, but no service')
  .action(async (options: UpOptions) => finish(() => up(options)));
program
  .command('status')
  .description('show what runs')
  .action(async () => finish(status));
program
  .command('down')
  .description('stop everything')
  .action(async () => finish(down));

function count(value: string): string {
  if (/^([0-9]|[1-5][0-9]|6[0-4])$/.test(value)) return value;
  throw new StackError(`${value} is not a number from 0 to 64`);
}

async function finish(command: () => number | Promise<number>): Promise<void> {
  try {
    process.exit(await command());
  } catch (error) {
    console.error(error instanceof StackError || error instanceof RangeError ? error.message : error);
    process.exit(1);
  }
}

await program.parseAsync();
