/**
 * `hutong view verify`: it names those whose views are not what the log says, and nobody else, while events come in.
 */

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonKey } from '#core/field/identity.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, samplingRecordedJson, testReportedJson, vaccinationJson } from '#exercises/town/door-events.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS } from '#test/support/first-edition.ts';
import { runHutong } from '#test/support/hutong.ts';

/** Between two requests of the stream, so that it leaves room for the command that runs beside it. */
const PAUSE_MS = 50;

let exchange: Exchange;
const people = Array.from({ length: 60 }, newPerson);

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a' },
      { kind: 'materialiser', name: '1' },
    ],
  });
  await sendAll();
  await exchange.caughtUp();
});

afterAll(async () => {
  await exchange?.stop();
});

async function sendAll(): Promise<void> {
  const events = people.flatMap((person) => [
    testReportedJson(person),
    samplingRecordedJson(person),
    vaccinationJson(person),
  ]);
  expect((await exchange.send(events)).body.accepted).toBe(events.length);
}

const placeOf = (key: PersonKey): Buffer => KEYS.view(1, partitionOf(key, exchange.partitions), key);
const namesIn = (output: string): string[] =>
  [...output.matchAll(/^partition \d+ person ([0-9a-f]{32})$/gm)].map(([, name]) => name ?? '').sort();

test('a view that is as the log says, in the middle of a stream', async () => {
  let streaming = true;
  const stream = (async () => {
    for (; streaming; await delay(PAUSE_MS)) await sendAll();
  })();
  const { status, output } = await runHutong(exchange, 'view', 'verify');
  streaming = false;
  await stream;
  expect(output).toMatch(/All \d+ people have the same view, byte for byte/);
  expect(status).toBe(0);
});

test('views that are missing, altered, outdated or of nobody are named; a rebuild mends them', async () => {
  await exchange.caughtUp();
  const keys = people.slice(0, 4).map((person) => exchange.keyOf(person));
  const [missing, altered, earlier, garbled] = keys as [PersonKey, PersonKey, PersonKey, PersonKey];
  const stray = randomBytes(16);
  const ofAltered = decodeView((await exchange.viewBytes(altered)) ?? Buffer.alloc(0));
  const ofEarlier = decodeView((await exchange.viewBytes(earlier)) ?? Buffer.alloc(0));
  await exchange.redis.del(placeOf(missing));
  await exchange.redis.set(
    placeOf(altered),
    encodeView({
      ...ofAltered,
      datedTests: ofAltered.datedTests.map((register) => ({ ...register, result: 'positive' })),
    }),
  );
  await exchange.redis.set(placeOf(earlier), encodeView({ ...ofEarlier, datedTests: ofEarlier.datedTests.slice(1) }));
  await exchange.redis.set(placeOf(garbled), Buffer.of(1, 2, 3));
  await exchange.redis.set(placeOf(stray), encodeView(ofEarlier));
  const names = [...keys, stray].map((key) => key.toString('hex')).sort();

  const found = await runHutong(exchange, 'view', 'verify');
  expect(namesIn(found.output)).toEqual(names);
  expect(found.output).toContain('5 of ');
  expect(found.status).toBe(1);
  expect(namesIn((await runHutong(exchange, 'view', 'verify', '--slices', '3', '--at-once', '2')).output)).toEqual(
    names,
  );
  const partition = partitionOf(missing, exchange.partitions);
  const inOne = await runHutong(exchange, 'view', 'verify', '--partition', String(partition));
  expect(namesIn(inOne.output)).toEqual(
    [...keys, stray]
      .filter((key) => partitionOf(key, exchange.partitions) === partition)
      .map((key) => key.toString('hex'))
      .sort(),
  );

  const rebuilt = await runHutong(exchange, 'view', 'rebuild', '--switch', '--names');
  expect(namesIn(rebuilt.output)).toEqual(names);
  expect(rebuilt.status).toBe(0);
  expect(await differencesFromOracle(exchange)).toEqual([]);
  expect((await runHutong(exchange, 'view', 'verify')).status).toBe(0);
});

test('what it can’t do is said, with the mend', async () => {
  const unknown = await runHutong(exchange, 'view', 'verify', '--partition', '99');
  expect(unknown).toMatchObject({ status: 1, output: expect.stringContaining('there is no partition 99') as string });
  const usage = await runHutong(exchange, 'view', 'verify', '--slices', '0');
  expect(usage.status).toBe(2);
});
