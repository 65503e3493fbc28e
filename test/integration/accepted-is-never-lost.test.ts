/** Guarantee *Accepted is never lost*: acknowledgements are dropped after the broker has appended. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPerson, testReportedJson } from '#test/support/door-events.ts';
import { type DropAckProxy, startDropAckProxy } from '#test/support/drop-ack-proxy.ts';
import { Exchange } from '#test/support/exchange.ts';
import { readTopics } from '#test/support/raw-log.ts';

const DROP_RATE = 0.2;
const REQUESTS = 400;
const AT_ONCE = 10;
const EVENTS_EACH = 2;

let exchange: Exchange;
let proxy: DropAckProxy;

beforeAll(async () => {
  exchange = await Exchange.start({ services: [] });
  const brokerPort = Number(exchange.stack.addresses.kafka?.split(':')[1]);
  proxy = await startDropAckProxy(brokerPort, DROP_RATE, 7);
  const env = { NODE_OPTIONS: `--import ${new URL('../support/route.ts', import.meta.url).href}`, TEST_ROUTE: `${brokerPort}:${proxy.port}`, HUTONG_LOG_LEVEL: 'error' };
  await exchange.stack.startService({ kind: 'producer', name: 'dropped', provinces: ['43', '44'], env });
});

afterAll(async () => {
  await exchange?.stop();
  await proxy?.close();
});

test('no accepted event is missing from the log when acknowledgements are dropped and requests overlap', async () => {
  const accepted = new Set<string>();
  for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) => {
        const events = Array.from({ length: EVENTS_EACH }, () => testReportedJson(newPerson(), { province: index % 2 === 0 ? '43' : '44' }));
        const { body } = await exchange.send(events, 'dropped');
        for (const { outcome, eventId } of body.results ?? []) if (outcome === 'accepted') accepted.add(eventId as string);
      }),
    );
  }
  const inLog = new Set((await readTopics(exchange.kafka, ['tests'])).map(({ message }) => message.headers?.['ce_id']?.toString()));
  const missing = [...accepted].filter((eventId) => !inLog.has(eventId));

  expect(proxy.dropped()).toBeGreaterThan(10);
  expect(accepted.size).toBe(REQUESTS * EVENTS_EACH);
  expect(missing).toEqual([]);
});
