/** Guarantee *Accepted is never lost*: acknowledgements are dropped after the broker has appended. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { routeThrough, TcpProxy } from '#exercises/faults/proxy/tcp-proxy.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { seededRandom } from '#exercises/town/random.ts';
import { filesOf } from '#platform/tls.ts';
import { startExchange } from '#test/support/exchange.ts';

const DROP_RATE = 0.2;
const REQUESTS = 400;
const AT_ONCE = 10;
const EVENTS_EACH = 2;

let exchange: Exchange;
let proxy: TcpProxy;

beforeAll(async () => {
  exchange = await startExchange({ services: [] });
  const brokerPort = Number(exchange.stack.addresses.kafka?.split(':')[1]);
  proxy = await TcpProxy.start(brokerPort, {
    isKafka: true,
    tls: {
      ofServer: filesOf(exchange.stack.tls, 'broker'),
      ofClient: (principal) => filesOf(exchange.stack.tls, principal),
    },
  });
  proxy.trouble = { kind: 'drop_acks', share: DROP_RATE, chance: seededRandom(7).next };
  const env = { ...routeThrough([proxy]), HUTONG_LOG_LEVEL: 'error' };
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
        const events = Array.from({ length: EVENTS_EACH }, () =>
          testReportedJson(newPerson(), { province: index % 2 === 0 ? '43' : '44' }),
        );
        const { body } = await exchange.send(events, 'dropped');
        for (const { outcome, eventId } of body.results ?? [])
          if (outcome === 'accepted') accepted.add(eventId as string);
      }),
    );
  }
  const inLog = new Set(
    (await readTopics(exchange.kafka, ['tests'])).map(({ message }) => message.headers?.['ce_id']?.toString()),
  );
  const missing = [...accepted].filter((eventId) => !inLog.has(eventId));

  expect(proxy.hits.drop_acks).toBeGreaterThan(10);
  expect(accepted.size).toBe(REQUESTS * EVENTS_EACH);
  expect(missing).toEqual([]);
});
