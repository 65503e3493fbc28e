/** Every failure of an HTTP request is a problem document that says where the fault is and repeats nothing. */

import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp } from '#platform/http.ts';
import { Metrics } from '#platform/metrics.ts';

const CANARY = '110105195001011230';
let app: FastifyInstance;
let log: string[];
let notReady: string | null;

beforeEach(() => {
  log = [];
  notReady = null;
  app = createHttp({
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
    metrics: new Metrics(),
    readiness: () => notReady,
    fastify: { bodyLimit: 100 },
  });
  const body = {
    type: 'object',
    required: ['person'],
    properties: {
      person: { type: 'object', required: ['number'], properties: { number: { type: 'string', maxLength: 3 } } },
    },
  };
  app.post('/people/:key', { schema: { body } }, async () => {
    throw new Error(`no view of ${CANARY}`);
  });
});
afterEach(() => app.close());

const post = (payload: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  app.inject({ method: 'POST', url: `/people/${CANARY}`, headers, payload });

describe('a problem', () => {
  it.each([
    ['a missing field', '{}', '/person'],
    ['a missing field of a field', '{"person":{}}', '/person/number'],
    ['a field of another form', `{"person":{"number":"${CANARY}"}}`, '/person/number'],
  ])('points at %s', async (_what, payload, pointer) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({
      type: 'urn:hutong:problem:malformed',
      status: 400,
      pointer,
      detail: expect.any(String),
    });
  });
  it.each([
    ['is not JSON', `{"person": ${CANARY}X`, undefined, 400, 'the body is not JSON'],
    ['is empty', '', undefined, 400, 'the body is empty'],
    [
      'is larger than the limit',
      JSON.stringify({ person: { number: CANARY.repeat(9) } }),
      undefined,
      413,
      'the body is larger than the limit',
    ],
    [
      'is of another type',
      CANARY,
      { 'content-type': 'text/plain' },
      415,
      'the content type is not one that this address takes',
    ],
  ])('says that a body %s', async (_what, payload, headers, status, title) => {
    const answer = await post(payload, headers);
    expect(answer.json()).toEqual({ type: 'urn:hutong:problem:unusable-request', title, status });
    expect(answer.statusCode).toBe(status);
  });
  it('says that there is no such address', async () => {
    const answer = await app.inject({ url: `/nothing/${CANARY}` });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({
      type: 'urn:hutong:problem:no-such-address',
      title: 'no such address',
      status: 404,
    });
    expect(answer.body).not.toContain(CANARY);
  });
  it('tells the caller nothing of a mistake in the program, and the log nothing of the address called', async () => {
    const answer = await post('{"person":{"number":"1"}}');
    expect(answer.json()).toEqual({
      type: 'urn:hutong:problem:internal',
      title: 'the service failed to answer',
      status: 500,
    });
    const [line, ...others] = log.map((entry) => JSON.parse(entry) as Record<string, unknown>);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ route: '/people/:key', msg: 'request failed', stack: expect.any(String) });
    expect(line).not.toHaveProperty('req');
  });
  it('never repeats what the caller sent, and a request is no line in the log', async () => {
    const answers = [
      await post(`{"person": ${CANARY}`),
      await post(`{"person":{"number":"${CANARY}"}}`),
      await post(`{"person":"${CANARY}"}`),
      await post(CANARY, { 'content-type': 'text/plain' }),
    ];
    for (const { body } of answers) expect(body).not.toContain(CANARY);
    expect(log).toEqual([]);
  });
});

describe('liveness, readiness and metrics', () => {
  it('are served, ready or not', async () => {
    expect((await app.inject('/livez')).json()).toEqual({ live: true });
    expect((await app.inject('/readyz')).json()).toEqual({ ready: true });
    notReady = 'partitions are being loaded';
    const answer = await app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      type: 'urn:hutong:problem:not-ready',
      title: 'not ready',
      detail: 'partitions are being loaded',
    });
    expect((await app.inject('/livez')).statusCode).toBe(200);
    expect((await app.inject('/metrics')).body).toContain('process_cpu_seconds_total');
  });
});
