/**
 * make scale: how events and look-ups a second grow with copies on this machine, what each part spends of a processor
 * for them, and what an event and a person weigh. Look-ups are asked by wrk. Prints tables and leaves scale.json, with
 * which CAPACITY.md reckons. It must leave nothing running, however it ends.
 */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { wrk } from '#infra/parts/programs.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { stoppedByHand, unlessStopped } from '#infra/process/stopped-by-hand.ts';
import { replicationOf } from '#infra/stack/servers.ts';
import { type Stack, startStack } from '#infra/stack/stack.ts';
import { GROUPS, type Group } from './cpu.ts';
import { type Measured, Scale, SERVICES } from './measure.ts';
import { readScaleSettings } from './settings.ts';

const settings = readScaleSettings();
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const stopped = stoppedByHand();
try {
  wrk(); // or a quarter of an hour would be measured in vain
  await using stack = await startStack({
    runDir: settings.runDir,
    pace: 'lasting',
    services: SERVICES,
    onProgress: say,
    signal: stopped,
  });
  await unlessStopped(measure(stack), stopped);
} catch (error) {
  say(error instanceof StackError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exit(1);
}
process.exit(0);

async function measure(stack: Stack): Promise<void> {
  const scale = await Scale.connect(stack, settings, stopped);
  try {
    const door = await scale.fill();
    say(table('events through one door', ['producer', 'kafka', 'client'], [door]));
    const materialised: Measured[] = [];
    for (const copies of settings.copies) materialised.push(await scale.materialisers(copies));
    say(table('events into views', ['materialiser', 'kafka', 'redis'], materialised));
    const lookedUp: Measured[] = [];
    for (const copies of settings.copies) lookedUp.push(await scale.lookups(copies));
    say(table('look-ups', ['lookup', 'redis', 'client'], lookedUp));
    const sizes = await scale.sizes(replicationOf(stack.topology));
    for (const [name, value] of Object.entries(sizes)) say(`${name.padEnd(24)}${value.toFixed(1)}`);
    const { topology } = stack;
    const report = { topology, processors: cpus().length, settings, door, materialised, lookedUp, sizes };
    writeFileSync(join(settings.runDir, 'scale.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await scale.close();
  }
}

/** @param groups whose processor time is given for each thing done */
function table(what: string, groups: readonly Group[], rows: readonly Measured[]): string {
  const shown = new Table({
    style: { head: [], border: [] },
    head: [
      'copies',
      `${what} a second`,
      ...groups.map((group) => `CPU µs each: ${group}`),
      'cores: all of these',
      'others',
      'idle',
      'p50 / p99 ms',
    ],
  });
  for (const { copies, perSecond, done, spent, p50Ms, p99Ms } of rows) {
    const own = GROUPS.reduce((sum, group) => sum + spent.cpu[group], 0) / spent.seconds;
    const all = cpus().length;
    const cores = [own, Math.max(0, all * spent.busy - own), all * (1 - spent.busy)].map((value) => value.toFixed(2));
    const latency = p50Ms === undefined || p99Ms === undefined ? '' : `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`;
    shown.push([
      copies,
      count(perSecond),
      ...groups.map((group) => ((spent.cpu[group] * 1e6) / done).toFixed(1)),
      ...cores,
      latency,
    ]);
  }
  return shown.toString();
}
