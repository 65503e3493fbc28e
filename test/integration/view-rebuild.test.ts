/**
 * `hutong view rebuild` while events come in and look-ups are asked: what it mends, and what nobody may notice of it.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, onTestFinished, test } from 'vitest';
import type { IdentityDocument } from '#core/field/identity.ts';
import type { Generation } from '#exchange/view/keys.ts';
import { RebuildLease } from '#exchange/view/rebuild-lease.ts';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, samplingRecordedJson, testReportedJson, vaccinationJson } from '#exercises/town/door-events.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { STANDSTILL_MS_MAX } from '#services/cli/shared/standstill.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { runHutong, startHutong } from '#test/support/hutong.ts';

/** Between two requests of the stream, so that it leaves room for the command that runs beside it. */
const PAUSE_MS = 50;

let exchange: Exchange;
/** The generation that look-ups read at the beginning of a test, in all partitions; a rebuild fills the next. */
let live: Generation;

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a' },
      { kind: 'materialiser', name: '1' },
      { kind: 'lookup', name: '1' },
    ],
  });
});

afterAll(async () => {
  await exchange?.stop();
});

beforeEach(async () => {
  // The next test begins with views that are read anew from the log, and without a rebuild that was begun.
  onTestFailed(async () => void (await emptyRedis(exchange.redis)));
  await exchange.caughtUp();
  live = await exchange.generation(0);
});

async function send(people: readonly IdentityDocument[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const events = people.flatMap((person) => [
      testReportedJson(person),
      samplingRecordedJson(person),
      vaccinationJson(person),
    ]);
    expect((await exchange.send(events)).body.accepted).toBe(events.length);
  }
}

/** Keeps doing something until told to stop, by the end of the test at the latest; then how often it was done. */
function keep(doing: () => Promise<void>): { stop: () => Promise<number> } {
  let stopped = false;
  let times = 0;
  const running = (async () => {
    for (; !stopped; times += 1) await doing();
  })();
  const stop = async (): Promise<number> => {
    stopped = true;
    await running;
    return times;
  };
  onTestFinished(async () => void (await stop().catch(() => undefined))); // the test has it
  return { stop };
}

async function damage(people: readonly IdentityDocument[]): Promise<string[]> {
  const keys = people.map((person) => exchange.keyOf(person));
  await Promise.all(
    keys.map(async (key) => {
      const partition = partitionOf(key, exchange.partitions);
      expect(await exchange.redis.del(KEYS.view(await exchange.generation(partition), partition, key))).toBe(1);
    }),
  );
  return keys.map((key) => key.toString('hex'));
}

async function keysLeftOf(generation: number): Promise<number> {
  let count = 0;
  for await (const keys of exchange.redis.scanBufferStream({ match: `${generation}{*`, count: 1_000 }))
    count += (keys as Buffer[]).length;
  return count;
}

const ALL = (): number[] => Array.from({ length: exchange.partitions }, (_, partition) => partition);

const generations = (): Promise<Generation[]> => Promise.all(ALL().map((partition) => exchange.generation(partition)));

test('without --switch look-ups stay with the live view, and --afresh gives up what was filled', async () => {
  const people = Array.from({ length: 20 }, newPerson);
  await send(people, 2);
  await exchange.caughtUp();
  expect((await runHutong(exchange, 'view', 'rebuild')).output).toContain('Not switched');
  expect(await exchange.generation(0)).toBe(live);
  // As a rebuild by a version with a fault would have left it.
  const key = exchange.keyOf(people[0] as IdentityDocument);
  const partition = partitionOf(key, exchange.partitions);
  await exchange.redis.set(KEYS.view(live + 1, partition, key), Buffer.of(2, 0));
  const { status, output } = await runHutong(exchange, 'view', 'rebuild', '--switch', '--afresh');
  expect(status, output).toBe(0);
  expect(output).toContain('have the same view, byte for byte');
  expect(await exchange.generation(0)).toBe(live + 2);
  expect([await keysLeftOf(live), await keysLeftOf(live + 1)]).toEqual([0, 0]);
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('a rebuild that was answered with no kept the memory of a second view for ever: it can be given up', async () => {
  await send(Array.from({ length: 20 }, newPerson), 2);
  await exchange.caughtUp();
  expect((await runHutong(exchange, 'view', 'rebuild')).output).toContain('--abandon gives it up');
  expect(await keysLeftOf(live + 1)).toBeGreaterThan(20);
  expect((await runHutong(exchange, 'view', 'sweep')).output).toContain('Removed 0 keys');
  const { status, output } = await runHutong(exchange, 'view', 'rebuild', '--abandon');
  expect(status, output).toBe(0);
  expect(output).toContain(
    `Given up: the rebuild that was begun, in ${exchange.partitions} of ${exchange.partitions} partitions`,
  );
  expect(await keysLeftOf(live + 1)).toBe(0);
  expect((await runHutong(exchange, 'view', 'rebuild', '--abandon')).output).toContain('No rebuild was begun');
  const again = await runHutong(exchange, 'view', 'rebuild', '--switch');
  expect(again.status, again.output).toBe(0);
  expect(await exchange.generation(0)).toBe(live + 2);
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('a command that can’t begin ends at once, with a sentence that says what to do', async () => {
  await send(Array.from({ length: 20 }, newPerson), 1);
  await exchange.caughtUp();
  const startedAtMs = Date.now();
  const [, maxBytes = '0'] = (await exchange.redis.config('GET', 'maxmemory')) as string[];
  const dataset = Number(/^used_memory_dataset:(\d+)/m.exec(await exchange.redis.info('memory'))?.[1]);
  // Perhaps less than Redis uses now, besides the data: then it refuses writes until this is over.
  await exchange.redis.config('SET', 'maxmemory', Math.floor(1.9 * dataset));
  try {
    const full = await runHutong(exchange, 'view', 'rebuild', '--switch');
    expect(full.status, full.output).toBe(1);
    expect(full.output).toContain('two views need about');
  } finally {
    await exchange.redis.config('SET', 'maxmemory', maxBytes);
  }
  const unmade = await startHutong(exchange, ['view', 'verify'], { HUTONG_LOG_EDITION: '7' }).ended;
  expect(unmade).toEqual({
    status: 1,
    output:
      'edition 7 of the log has no topics tests-7, vaccinations-7, codes-7, erasures-7\nTo mend: ' +
      'HUTONG_LOG_EDITION=6 hutong log republish makes it from edition 6; or another edition is meant ' +
      '(HUTONG_LOG_EDITION is 7)\n',
  });
  // One that waited for what doesn't come would take so long alone.
  expect(Date.now() - startedAtMs).toBeLessThan(STANDSTILL_MS_MAX);
});

test('damaged views are mended while the stream and the look-ups run, and no look-up notices', async () => {
  const steady = Array.from({ length: 60 }, newPerson);
  const damaged = Array.from({ length: 5 }, newPerson);
  const busy = Array.from({ length: 40 }, newPerson);
  await send([...steady, ...damaged, ...busy], 3);
  await exchange.caughtUp();
  const names = await damage(damaged);

  const streaming = keep(async () => {
    await send(busy, 1);
    await delay(PAUSE_MS);
  });
  const faults: string[] = [];
  const asking = keep(async () => {
    await Promise.all(
      steady.slice(0, 10).map(async (person) => {
        const fault = await faultOfAnswer(person);
        if (fault !== null) faults.push(fault);
      }),
    );
    await delay(5);
  });
  const { status, output } = await runHutong(exchange, 'view', 'rebuild', '--switch', '--names');
  const [rounds, looks] = [await streaming.stop(), await asking.stop()];

  expect(output).toContain('5 of ');
  for (const name of names) expect(output).toContain(name);
  expect(output.match(/ person /g)).toHaveLength(5);
  expect(status, output).toBe(0);
  expect(faults).toEqual([]);
  expect(Math.min(rounds, looks)).toBeGreaterThan(5);
  expect(await generations()).toEqual(ALL().map(() => live + 1));
  await exchange.caughtUp();
  expect(await differencesFromOracle(exchange)).toEqual([]);
  expect(await keysLeftOf(live)).toBe(0);
});

/** Of someone of whom nothing new comes in: what is wrong with an answer, or null. */
async function faultOfAnswer(person: IdentityDocument): Promise<string | null> {
  const response = await exchange.as('operator')(
    `${exchange.stack.addresses.lookup}/v1/people/${exchange.keyOf(person).toString('hex')}`,
  );
  const { view } = (await response.json()) as {
    view?: { tests: unknown[]; samplings: unknown[]; doses?: unknown[]; vaccinations?: unknown[] };
  };
  return response.status === 200 && view?.tests.length === 3 && view.samplings.length === 3
    ? null
    : `${response.status}: ${JSON.stringify(view)}`;
}

test('two rebuilds refused each other’s steps and both gave up; now the second names the first', async () => {
  const lease = await RebuildLease.take(exchange.redis, LOG);
  try {
    const { status, output } = await runHutong(exchange, 'view', 'rebuild', '--switch');
    expect(output).toContain('another hutong view rebuild is at work on these views');
    expect(status).toBe(1);
  } finally {
    await lease.giveBack();
  }
  expect((await runHutong(exchange, 'view', 'rebuild', '--switch')).output).toContain('Switched');
});

test('a rebuild that is killed goes on where it was, and what it filled is not switched to before', async () => {
  const people = Array.from({ length: 400 }, newPerson);
  await send(people, 8);
  await exchange.caughtUp();
  const first = startHutong(exchange, ['view', 'rebuild', '--switch']);
  await until('something of the next generation is stored', async () => (await consumed(live + 1)) > 0);
  first.child.kill('SIGKILL');
  await first.ended;
  const before = await consumed(live + 1);
  const end = await consumed(live);
  expect(await generations()).toEqual(ALL().map(() => live));
  expect(before).toBeLessThan(end);

  const { status, output } = await runHutong(exchange, 'view', 'rebuild', '--switch');
  expect(status, output).toBe(0);
  expect(output).toContain(
    `Goes on with the rebuild that was begun, in ${exchange.partitions} of ${exchange.partitions} partitions`,
  );
  expect(await differencesFromOracle(exchange)).toEqual([]);
  expect(await exchange.redis.exists(...ALL().map((partition) => KEYS.building(partition)))).toBe(0);
});

/** Records that a generation has consumed, of all partitions and topics. */
async function consumed(generation: number): Promise<number> {
  const stored = await exchange.redis.mget(ALL().map((partition) => KEYS.position(generation, partition)));
  const positions = stored.flatMap((text) =>
    text === null ? [] : [JSON.parse(text) as { topics: Record<string, { nextOffset: number }> }],
  );
  return positions.reduce(
    (sum, { topics }) => sum + Object.values(topics).reduce((total, { nextOffset }) => total + nextOffset, 0),
    0,
  );
}
