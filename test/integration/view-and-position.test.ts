/**
 * Guarantee *View and position move together*: attacked through Redis, through a killed copy and through a second one.
 */

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import {
  codeAssignedJson,
  exposureRecordedJson,
  newPerson,
  samplingRecordedJson,
  testReportedJson,
  vaccinationJson,
} from '#exercises/town/door-events.ts';
import { startExchange } from '#test/support/exchange.ts';

const MATERIALISER = {
  kind: 'materialiser',
  name: '1',
  env: { HUTONG_COMMIT_EVENTS_MAX: '20', HUTONG_SESSION_TIMEOUT_MS: '6000' },
} as const;

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange({ services: [{ kind: 'producer', name: 'a' }, MATERIALISER] });
});

afterAll(async () => {
  await exchange?.stop();
});

/** A few hundred events of a few dozen people, in every shared topic. */
async function sendSome(rounds = 5): Promise<void> {
  const people = Array.from({ length: 40 }, newPerson);
  for (let round = 0; round < rounds; round += 1) {
    const events = people.flatMap((person) => [
      testReportedJson(person),
      samplingRecordedJson(person),
      vaccinationJson(person),
      codeAssignedJson(person),
      exposureRecordedJson(person),
    ]);
    const { body } = await exchange.send(events);
    expect(body.accepted).toBe(events.length);
  }
}

async function expectAllAsTheLogSays(): Promise<void> {
  await exchange.caughtUp();
  expect(await differencesFromOracle(exchange)).toEqual([]);
}

test('Redis emptied while idle: the loss is noticed without an event, and everything is read again', async () => {
  await sendSome();
  await expectAllAsTheLogSays();
  await emptyRedis(exchange.redis);
  await expectAllAsTheLogSays();
});

test('Redis emptied in the middle of a stream', async () => {
  const before = await exchange.redis.dbsize();
  await sendSome(2);
  const sending = sendSome(10);
  await until('something is visible', async () => (await exchange.redis.dbsize()) > before + 20);
  await emptyRedis(exchange.redis);
  await sending;
  await expectAllAsTheLogSays();
});

test('Redis comes back from an older state of its disk', async () => {
  const disk = join(exchange.stack.runDir, 'data', 'redis', 'appendonlydir');
  await exchange.redis.config('SET', 'appendfsync', 'always');
  await sendSome(2);
  await exchange.caughtUp();
  cpSync(disk, `${disk}.older`, { recursive: true });
  const older = await exchange.redis.dbsize();
  await sendSome(3);
  await exchange.caughtUp();

  onTestFinished(() => exchange.revive('redis'));
  await exchange.stack.kill('redis');
  rmSync(disk, { recursive: true });
  cpSync(`${disk}.older`, disk, { recursive: true });
  await exchange.stack.restart('redis');
  await until('redis answers', async () => (await exchange.redis.dbsize().catch(() => 0)) >= older);
  await expectAllAsTheLogSays();
});

test('a copy killed in mid-stream neither loses nor repeats an effect', async () => {
  onTestFinished(() => exchange.revive('materialiser-1'));
  for (let round = 0; round < 3; round += 1) {
    const sending = sendSome(8);
    const before = await exchange.redis.dbsize();
    await until('something new is visible', async () => (await exchange.redis.dbsize()) > before);
    await exchange.stack.kill('materialiser-1');
    await sending;
    await exchange.stack.restart('materialiser-1');
  }
  await expectAllAsTheLogSays();
});

test('a second copy takes its share, and the first wakes up after it lost all its partitions', async () => {
  await sendSome(2);
  onTestFinished(() => exchange.stack.kill('materialiser-1', 'SIGCONT'));
  await exchange.stack.startService({ ...MATERIALISER, name: '2' });
  const sending = sendSome(8);
  await until(
    'the second copy commits',
    async () =>
      (await exchange.metric(exchange.stack.addresses.materialisers?.[1] ?? '', 'hutong_materialised_events_total')) >
      0,
  );
  await exchange.stack.kill('materialiser-1', 'SIGSTOP');
  await sending;
  await exchange.caughtUp();
  await exchange.stack.kill('materialiser-1', 'SIGCONT');
  await sendSome(4);
  await expectAllAsTheLogSays();
});
