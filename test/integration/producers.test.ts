/** Producer instances on the real parts: two processes of one name, a port that is taken, and retiring one for good. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Freshness, provinceWatermarkMs } from '#core/view/snapshot.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
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
