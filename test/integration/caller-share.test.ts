/**
 * One caller that holds all it may of a door keeps no other out: the real HTTP side on a real socket, with bounds that
 * are soon reached. What it gives back it may have again.
 */

import { connect, type TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { callerHolding } from '#exchange/identity/caller.ts';
import type { RawEvent } from '#exchange/intake/judge.ts';
import { until } from '#exercises/oracle/exchange.ts';
import { Metrics } from '#platform/metrics.ts';
import { type Acceptance } from '#services/producer/acceptance.ts';
import { buildApp } from '#services/producer/app.ts';
import { guardKnowing } from '#test/support/callers.ts';
import { certifiedDoor } from '#test/support/certified-door.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

const SHARE = { connectionsMax: 4, halfOpenMax: 2 };

let app: FastifyInstance;
let port: number;
const sockets = new Set<TLSSocket>();
const certified = await certifiedDoor();
const metrics = new Metrics();

beforeAll(async () => {
  const acceptance = {
    acceptAll: async (events: readonly RawEvent[]) => events.map((_, index) => ({ index, outcome: 'accepted' })),
  };
  const callers = { 'province-43': callerHolding('province-43', { provinces: ['43'] }) };
  app = await buildApp(acceptance as unknown as Acceptance, guardKnowing(callers), {
    logger: SILENT,
    metrics,
    isOpen: () => true,
    readiness: () => null,
    tls: certified.tls,
    callerShare: SHARE,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as { port: number }).port;
});
afterAll(() => app.close());
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

const headOf = (caller: string, length: number) =>
  `POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
  `authorization: Bearer ${caller}\r\ncontent-length: ${length}\r\n\r\n`;

/** On a connection of its own, which stays open. @returns the status and the kind of problem */
function send(caller: string, { isWhole }: { readonly isWhole: boolean }): { readonly answer: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', secureContext: certified.forCallers }, () =>
    socket.write(`${headOf(caller, isWhole ? 3 : 1_000)}[7]`),
  );
  sockets.add(socket);
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = '';
  socket.on('error', () => resolve('broken'));
  socket.on('data', (chunk) => {
    text += chunk.toString();
    const [, status = '', body = ''] = /^HTTP\/1\.1 (\d+) [\s\S]*\r\n\r\n([\s\S]*\})$/.exec(text) ?? [];
    if (status !== '') resolve(`${status}${/"type":"[a-z:]*:([a-z-]+)"/.exec(body)?.[1] ?? ''}`);
  });
  return { answer: promise };
}
const sent = (caller: string) => send(caller, { isWhole: true }).answer;

it('as many connections as one caller may hold keep it out, and nobody else', async () => {
  for (let count = 0; count < SHARE.connectionsMax; count += 1) expect(await sent('operator')).toBe('200');
  expect(await sent('operator')).toBe('429too-many-requests');
  expect(await sent('province-43')).toBe('200');
  for (const socket of sockets) socket.destroy();
  await until('they are given back', async () => (await sent('operator')) === '200');
});

it('as many requests without their bodies as one caller may have keep it out, and nobody else', async () => {
  const refused = async () =>
    (await metrics.expose()).body.match(/refused_total\{problem="too-many-requests"\} (\d+)/)?.[1];
  const before = Number((await refused()) ?? 0);
  const open = Array.from({ length: SHARE.halfOpenMax + 1 }, () => send('operator', { isWhole: false }).answer);
  // Which of them comes last is nobody's choice; the others wait for their bodies.
  expect(await Promise.race(open)).toBe('429too-many-requests');
  expect(await sent('province-43')).toBe('200');
  expect(Number(await refused())).toBe(before + 1);
  for (const socket of sockets) socket.destroy();
  await until('they are given back', async () => (await sent('operator')) === '200');
});
