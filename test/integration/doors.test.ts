/**
 * What a caller that is let in can't do to a door: the real HTTP side on a real socket. At the limit of every bound the
 * service goes on to say that it lives: no turn of its loop works for long.
 */

import { type AddressInfo, connect as connectPlainly, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RawEvent } from '#exchange/intake/judge.ts';
import { Metrics } from '#platform/metrics.ts';
import { type Acceptance } from '#services/producer/acceptance.ts';
import { buildApp, type DoorOptions } from '#services/producer/app.ts';
import { DOOR_LIMITS, type EventResult } from '#services/producer/door.ts';
import { AS_ANYBODY, guardKnowing } from '#test/support/callers.ts';
import { certifiedDoor } from '#test/support/certified-door.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

/**
 * Of processor time, so that others on the same cores don't count: alone a turn takes a few milliseconds of it, and a
 * body that holds the loop takes seconds.
 */
const TURN_MS_MAX = 100;
const SLOW_BODY_ENDS_WITHIN_MS = 6_000;

let app: FastifyInstance;
let port: number;
/** The same without TLS: opening that a thousand times takes this process longer than what a thousand are to show. */
let plain: FastifyInstance;
let taken: number;
const sockets = new Set<Socket>();
const certified = await certifiedDoor();

beforeAll(async () => {
  const acceptance = {
    acceptAll: async (events: readonly RawEvent[]): Promise<EventResult[]> => {
      taken += events.length;
      return events.map(({ refusal }, index) => ({
        index,
        ...(refusal === undefined ? { outcome: 'accepted' as const } : { outcome: 'refused' as const, ...refusal }),
      }));
    },
  };
  const open = async (tls: Pick<DoorOptions, 'tls'>): Promise<FastifyInstance> => {
    const door = await buildApp(acceptance as unknown as Acceptance, guardKnowing(), {
      logger: SILENT,
      metrics: new Metrics(),
      isOpen: () => true,
      readiness: () => null,
      ...tls,
    });
    await door.listen({ host: '127.0.0.1', port: 0 });
    return door;
  };
  app = await open({ tls: certified.tls });
  port = portOf(app);
  plain = await open({});
});
afterAll(() => Promise.all([app.close(), plain.close()]));
afterEach(() => {
  taken = 0;
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

const portOf = ({ server }: FastifyInstance): number => (server.address() as AddressInfo).port;
const url = (path: string) => `https://127.0.0.1:${port}${path}`;

async function post(
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<{ status: number; type: string; longestTurnMs: number }> {
  const turns = watchTurns();
  const sent = fetch(url('/v1/events'), { method: 'POST', headers: { ...AS_ANYBODY, ...headers }, body });
  let isDone = false;
  const ended = sent.finally(() => {
    isDone = true;
  });
  while (!isDone) expect((await fetch(url('/livez'))).status).toBe(200);
  const answer = await ended;
  const longestTurnMs = turns.stop();
  const { type = '' } = (await answer.json()) as { type?: string };
  return { status: answer.status, type, longestTurnMs };
}

/** The most processor time that this thread, and so the door's loop, spends from one turn to the next. */
function watchTurns(): { stop(): number } {
  let longestMs = 0;
  let before = process.threadCpuUsage();
  let next: NodeJS.Immediate;
  const look = () => {
    const { user, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
    before = process.threadCpuUsage();
    next = setImmediate(look);
  };
  next = setImmediate(look);
  return {
    stop: () => {
      clearImmediate(next);
      return longestMs;
    },
  };
}

const NDJSON = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
const JSON_GZIP = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
const fill = (text: string) => gzipSync(Buffer.alloc(DOOR_LIMITS.bodyBytesMax, text));
const EVENT = JSON.stringify({ type: 'TestReported', laboratory: '长'.repeat(60), sampleId: 'x'.repeat(60) });
const whole = `[${Array.from({ length: DOOR_LIMITS.eventsMax }, () => EVENT + ' '.repeat(1_000)).join(',')}]`;

describe('sixteen megabytes', () => {
  it.each([
    ['lines that are no JSON', fill('x\n'), NDJSON, 400],
    ['lines of numbers', fill('1\n'), NDJSON, 400],
    ['empty lines', fill('\n'), NDJSON, 400],
    ['numbers', fill('1,'), JSON_GZIP, 200],
    ['numbers in an array', gzipSync(`[${'1,'.repeat(DOOR_LIMITS.bodyBytesMax / 2 - 2)}1]`), JSON_GZIP, 400],
    ['brackets within each other', fill('['), JSON_GZIP, 400],
    ['one string', gzipSync(`["${'x'.repeat(DOOR_LIMITS.bodyBytesMax - 4)}"]`), JSON_GZIP, 200],
    ['names', gzipSync(`[{${'"a":1,'.repeat(2_000_000)}"a":1}]`), JSON_GZIP, 200],
    ['as many events as are taken', gzipSync(whole), JSON_GZIP, 200],
  ])('of %s keep nobody waiting', async (_what, body, headers, status) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.longestTurnMs).toBeLessThan(TURN_MS_MAX);
  });
});

const HEAD =
  'POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
  `authorization: ${AS_ANYBODY.authorization}\r\n`;

describe('a body that stands still', () => {
  it.each([
    ['after its first byte', 'content-length: 1000'],
    ['in pieces of no length', 'transfer-encoding: chunked'],
  ])('is ended %s', async (_when, header) => {
    const socket = open(`${HEAD}${header}\r\n\r\n${header.startsWith('transfer') ? '1\r\n[\r\n' : '['}`);
    const beganMs = performance.now();
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 408 [\s\S]*urn:hutong:problem:body-too-slow/);
    expect(performance.now() - beganMs).toBeLessThan(SLOW_BODY_ENDS_WITHIN_MS);
  });
  it('takes nobody’s place: with a thousand of them a batch is taken at once', async () => {
    const slow = Array.from({ length: 1_000 }, () => {
      const socket = connectPlainly(portOf(plain), '127.0.0.1', () =>
        socket.write(`${HEAD}content-length: 1000\r\n\r\n[`),
      );
      sockets.add(socket.on('error', () => undefined));
      return socket;
    });
    await Promise.all(slow.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const answer = await fetch(`http://127.0.0.1:${portOf(plain)}/v1/events`, {
      method: 'POST',
      headers: { ...AS_ANYBODY, 'content-type': 'application/json' },
      body: '[1,2]',
    });
    expect(answer.status).toBe(200);
    expect(taken).toBe(2);
  });
});

describe('what is no request', () => {
  it.each([
    ['isn’t HTTP', 'rubbish\r\n\r\n', 400],
    ['has headers without end', `GET /livez HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(80_000)}\r\n\r\n`, 431],
    ['names two hosts', 'GET /livez HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n\r\n', 421],
    ['names a foreign host', 'GET /livez HTTP/1.1\r\nhost: evil.example\r\n\r\n', 421],
    ['names no host', 'GET /livez HTTP/1.1\r\n\r\n', 421],
    ['expects what nobody knows', 'GET /x HTTP/1.1\r\nhost: localhost\r\nexpect: x\r\nconnection: close\r\n\r\n', 404],
    ['traces', 'TRACE /v1/events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n', 405],
  ])('gets a problem document: it %s', async (_what, text, status) => {
    const answer = await textOf(open(text));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/application\/problem\+json/);
    expect(answer).not.toContain('evil');
  });
});

function open(text: string): TLSSocket {
  const socket = connect({ port, host: '127.0.0.1', secureContext: certified.forCallers }, () => socket.write(text));
  socket.on('error', () => undefined);
  sockets.add(socket);
  return socket;
}

/** Until a whole answer is there. */
function textOf(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (/\r\n\r\n[\s\S]*\}$/.test(text)) resolve(text);
    });
    socket.on('close', () => resolve(text));
  });
}
