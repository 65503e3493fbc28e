/** Producer instances on the real parts: two processes of one name, a port that is taken, and retiring one for good. */

import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Freshness, provinceWatermarkMs } from '#core/view/snapshot.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { endsOf, type PartitionEnds } from '#platform/kafka/ends.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS } from '#test/support/first-edition.ts';
import { runHutong } from '#test/support/hutong.ts';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a', provinces: ['43'] },
      { kind: 'materialiser', name: '1' },
    ],
  });
});
afterAll(() => exchange?.stop());

async function freshness(): Promise<Freshness> {
  return JSON.parse(
    (await exchange.redis.get(KEYS.freshness(FIRST_GENERATION, 0))) ?? '{"watermarks":[]}',
  ) as Freshness;
}

async function logEnds(): Promise<readonly PartitionEnds[]> {
  const admin = exchange.kafka.admin();
  await admin.connect();
  try {
    return await endsOf(admin, exchange.log.topics);
  } finally {
    await admin.disconnect();
  }
}

const throughMs = async (): Promise<number> => provinceWatermarkMs(await freshness(), '43') ?? 0;
const listed = async (): Promise<{ instance: string; epoch: number; retired: object | null }[]> =>
  (await runHutong(exchange, 'producers', 'list', '--json')).output
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { instance: string; epoch: number; retired: object | null });

test('a producer whose port is taken ends, and its province waits for nothing of it', async () => {
  const server = await listening();
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const env = { HUTONG_INSTANCE: 'b', HUTONG_PROVINCES: '43', HUTONG_INTAKE_PORT: String(port) };
  await expect(exchange.stack.startService({ kind: 'producer', name: 'late', env })).rejects.toThrow('EADDRINUSE');
  expect((await listed()).map(({ instance }) => instance)).toEqual(['43-a']);
  const before = await throughMs();
  await until('the watermark of 43 goes on', async () => (await throughMs()) > before);
});

test('a province’s sample is checked at the door, and nothing of it gets into the log', async () => {
  const { runDir } = exchange.stack;
  const person = newPerson();
  const events = [testReportedJson(person), { ...testReportedJson(person), result: 'perhaps' }];
  const file = join(runDir, 'sample.ndjson');
  writeFileSync(file, events.map((event) => JSON.stringify(event)).join('\n'));
  const before = await logEnds();
  const test = async (as: string) => {
    const { status, output } = await runHutong(
      exchange,
      'contract',
      'test',
      '--as',
      as,
      '--live',
      '--json',
      '--run-dir',
      runDir,
      file,
    );
    return { status, ...(JSON.parse(output) as { findings: { step: string; code: string }[]; door: object }) };
  };
  expect(await test('43')).toMatchObject({
    status: 1,
    findings: [{ step: 'form', code: 'wrong-form' }],
    door: { acceptable: 1, refused: 0, away: null },
  });
  // The sample is another province's, and this door publishes for none but 43.
  const other = await test('11');
  expect(other.findings.map(({ code }) => code)).toContain('not-entitled');
  expect(other.door).toMatchObject({ acceptable: 0, away: null });
  expect(await logEnds()).toEqual(before);
  expect(await exchange.viewBytes(exchange.keyOf(person))).toBeNull();
});

test('the board says what each province is ready for, by what there is of it', async () => {
  expect((await exchange.send([testReportedJson(newPerson())], 'a')).body.accepted).toBe(1);
  // Its claim is in the log with one of the next watermarks.
  await until('43 is ready for tests', async () => {
    const { status, output } = await runHutong(
      exchange,
      'contract',
      'board',
      '--json',
      '--run-dir',
      exchange.stack.runDir,
    );
    expect(status).toBe(0);
    const lines = output.trim().split('\n');
    const board = lines.map((line) => JSON.parse(line) as { province: string; lacks: string[]; ready: string[] });
    const of = (province: string) => board.find((one) => one.province === province);
    expect(board.length).toBe(32);
    expect(of('11')).toMatchObject({ keyPublished: true, ready: [], lacks: ['no instance is registered'] });
    expect(of('43')).toMatchObject({ keyPublished: true, instances: ['43-a'], door: { accepted: 1, checked: 1 } });
    expect(of('43')).toMatchObject({ lacks: [], ready: ['tests'], unseen: ['vaccinations', 'codes', 'erasures'] });
    return true;
  });
});

test('a second process of a name ends the first, and the view has all that either called accepted', async () => {
  const people = Array.from({ length: 400 }, newPerson);
  const accepted: typeof people = [];
  const taking = (async () => {
    for (const person of people) {
      const { body } = await exchange.send([testReportedJson(person)], 'a').catch(() => ({ body: null }));
      if (body?.accepted !== 1) return;
      accepted.push(person);
    }
  })();
  await exchange.stack.startService({
    kind: 'producer',
    name: 'again',
    provinces: ['43'],
    env: { HUTONG_INSTANCE: 'a' },
  });
  await taking;
  expect((await exchange.stack.exitOf('producer-a')).code).toBe(1);
  expect(await listed()).toMatchObject([{ instance: '43-a', epoch: 2, retired: null }]);

  const last = newPerson();
  expect((await exchange.send([testReportedJson(last)], 'again')).body.accepted).toBe(1);
  const acceptedAtMs = Date.now();
  await until('the watermark of 43 goes on', async () => (await throughMs()) > acceptedAtMs);
  expect(accepted.length).toBeGreaterThan(0);
  for (const person of [...accepted, last]) expect(await exchange.viewBytes(exchange.keyOf(person))).not.toBeNull();
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('an instance that writes isn’t retired; one that was stopped is, and nobody waits for it any more', async () => {
  const retire = () => runHutong(exchange, 'producers', 'retire', '43-a', '--by', 'li', '--why', 'moved');
  const refused = await retire();
  expect([refused.status, refused.output]).toEqual([1, expect.stringContaining('it wrote a watermark')]);

  await exchange.stack.stopPart('producer-again');
  await until('it may be retired', async () => (await retire()).status === 0);
  expect(await listed()).toMatchObject([{ instance: '43-a', epoch: 2, retired: { by: 'li', why: 'moved' } }]);
  await until('nobody waits for it', async () => provinceWatermarkMs(await freshness(), '43') === null);

  await exchange.stack.restart('producer-again');
  expect(await listed()).toMatchObject([{ instance: '43-a', epoch: 3, retired: null }]);
  await until('it is waited for again', async () => (await throughMs()) > 0);
});

async function listening(): Promise<Server> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return server;
}
