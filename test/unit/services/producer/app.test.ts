/** The door over HTTP: which bodies are read and how, what a whole batch is answered, and the documentation. */

import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '#exchange/identity/caller.ts';
import type { RawEvent } from '#exchange/intake/judge.ts';
import { Metrics } from '#platform/metrics.ts';
import type { Acceptance } from '#services/producer/acceptance.ts';
import { buildApp } from '#services/producer/app.ts';
import { DOOR_LIMITS, type EventResult } from '#services/producer/door.ts';
import { askedByAnybody, guardKnowing } from '#test/support/callers.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

const JSON_TYPE = 'application/json';
const NDJSON = 'application/x-ndjson';
let app: FastifyInstance;
let seen: readonly RawEvent[] | null;
let traces: string[];
let isOpen: boolean;
let outcomeOf: (event: RawEvent) => Omit<EventResult, 'index'>;

beforeEach(() => {
  seen = null;
  isOpen = true;
  traces = [];
  outcomeOf = ({ refusal }) =>
    refusal === undefined ? { outcome: 'accepted', eventId: 'e' } : { outcome: 'refused', ...refusal };
});

beforeAll(async () => {
  const acceptance = {
    acceptAll: async (events: readonly RawEvent[], _caller: Caller, traceparent: string): Promise<EventResult[]> => {
      seen = events;
      traces.push(traceparent);
      return events.map((event, index) => ({
        index,
        ...(event.line === undefined ? {} : { line: event.line }),
        ...outcomeOf(event),
      }));
    },
  };
  app = await buildApp(acceptance as unknown as Acceptance, guardKnowing(), {
    logger: SILENT,
    metrics: new Metrics(),
    isOpen: () => isOpen,
    readiness: () => null,
  });
  askedByAnybody(app);
});
afterAll(() => app.close());

const post = (payload: string | Buffer, type: string | null = JSON_TYPE, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { ...(type === null ? {} : { 'content-type': type }), ...headers },
    payload,
  });

describe('a door whose instances are not registered yet', () => {
  it('takes no event, says when to come again, and is alive', async () => {
    isOpen = false;
    const answer = await post('[{"a":1}]');
    expect([answer.statusCode, answer.json<{ type: string }>().type, seen]).toEqual([
      503,
      'urn:hutong:problem:door-closed',
      null,
    ]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await app.inject('/livez')).statusCode).toBe(200);
    isOpen = true;
    expect((await post('[{"a":1}]')).statusCode).toBe(200);
  });
});

describe('a body that is read', () => {
  it.each([
    ['an array', '[{"a":1},7,null]', JSON_TYPE, [{ value: { a: 1 } }, { value: 7 }, { value: null }]],
    ['one event', '{"a":1}', JSON_TYPE, [{ value: { a: 1 } }]],
    [
      'lines',
      '{"a":1}\n{"a":2}\n',
      NDJSON,
      [
        { value: { a: 1 }, line: 1 },
        { value: { a: 2 }, line: 2 },
      ],
    ],
    [
      'lines of another system, some of them empty',
      '\r\n{"a":1}\r\n\r\n{"a":2}',
      NDJSON,
      [
        { value: { a: 1 }, line: 2 },
        { value: { a: 2 }, line: 4 },
      ],
    ],
  ])('may be %s', async (_what, payload, type, events) => {
    expect((await post(payload, type)).statusCode).toBe(200);
    expect(seen).toEqual(events);
  });
  it.each([
    ['[{"a":1}]', JSON_TYPE],
    ['{"a":1}\n', NDJSON],
  ])('may be compressed: %s', async (text, type) => {
    expect((await post(gzipSync(text), type, { 'content-encoding': 'gzip' })).statusCode).toBe(200);
    expect(seen?.map(({ value }) => value)).toEqual([{ a: 1 }]);
  });
  it('has a line that is no JSON refused by itself, and not repeated', async () => {
    const answer = await post('{"a":1}\n{"number":"110105194912310021"\n{"a":3}', NDJSON);
    expect(answer.json()).toMatchObject({
      accepted: 2,
      refused: 1,
      results: [
        { index: 0, line: 1, outcome: 'accepted' },
        { index: 1, line: 2, outcome: 'refused', pointer: '', code: 'not-json' },
        { index: 2, line: 3, outcome: 'accepted' },
      ],
    });
    expect(answer.body).not.toContain('110105');
  });
});

describe('a body that isn’t', () => {
  const tooMany = DOOR_LIMITS.eventsMax + 1;
  it.each([
    ['has no events', '[]', JSON_TYPE, {}, 400, 'the batch has the wrong size'],
    ['has no lines', '\n \n', NDJSON, {}, 400, 'the batch has the wrong size'],
    [
      'has too many events',
      `[${'7,'.repeat(DOOR_LIMITS.eventsMax)}7]`,
      JSON_TYPE,
      {},
      400,
      'the batch has the wrong size',
    ],
    ['has too many lines', '7\n'.repeat(tooMany), NDJSON, {}, 400, 'the batch has the wrong size'],
    ['isn’t JSON', '[{"a":1},', JSON_TYPE, {}, 400, 'the body is not JSON'],
    ['is empty', '', JSON_TYPE, {}, 400, 'the body is empty'],
    ['is nothing at all', '', null, {}, 400, 'the batch has the wrong size'],
    ['is too large', ' '.repeat(DOOR_LIMITS.bodyBytesMax + 1), JSON_TYPE, {}, 413, 'the body is larger than the limit'],
    [
      'is too large once decompressed',
      gzipSync(Buffer.alloc(DOOR_LIMITS.bodyBytesMax + 1, ' ')),
      NDJSON,
      { 'content-encoding': 'gzip' },
      413,
      'the body is larger than the limit',
    ],
    ['is of another type', 'a;b', 'text/csv', {}, 415, 'the content type is not one that this address takes'],
    [
      'is in another encoding',
      '[7]',
      JSON_TYPE,
      { 'content-encoding': 'br' },
      415,
      'the content encoding must be gzip or none',
    ],
    [
      'isn’t the gzip that it says',
      '[7]',
      JSON_TYPE,
      { 'content-encoding': 'gzip' },
      400,
      'the body is not the gzip that its content encoding announces',
    ],
    [
      'is gzip that ends too early',
      gzipSync('[7]').subarray(0, -6),
      JSON_TYPE,
      { 'content-encoding': 'gzip' },
      400,
      'the gzip body ends too early',
    ],
  ])('is refused as a whole: it %s', async (_what, payload, type, headers, status, title) => {
    const answer = await post(payload, type, headers);
    expect(answer.json()).toMatchObject({ title, status });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(seen).toBeNull();
  });
  it('isn’t waited for: the bound itself is taken', async () => {
    expect((await post(`[${'7,'.repeat(DOOR_LIMITS.eventsMax - 1)}7]`)).statusCode).toBe(200);
  });
});

describe('the answer', () => {
  it('counts the outcomes and tells each, in the order of the batch', async () => {
    const outcomes: Record<string, Omit<EventResult, 'index'>> = {
      a: { outcome: 'accepted', eventId: 'id-a' },
      b: { outcome: 'refused', pointer: '/result', code: 'wrong-form', detail: 'd', hint: 'h' },
      c: { outcome: 'duplicate', eventId: 'id-a' },
      d: { outcome: 'unavailable', code: 'queue-full', detail: 'full' },
    };
    outcomeOf = ({ value }) => outcomes[value as string] as Omit<EventResult, 'index'>;
    const answer = await post('["a","b","c","d","a"]');
    expect(answer.json()).toEqual({
      accepted: 2,
      refused: 1,
      duplicate: 1,
      unavailable: 1,
      results: ['a', 'b', 'c', 'd', 'a'].map((name, index) => ({ index, ...outcomes[name] })),
    });
    expect(answer.headers['retry-after']).toMatch(/^[1-4]$/);
  });
  it('is 503 with a time to wait when nothing could be taken', async () => {
    outcomeOf = () => ({ outcome: 'unavailable', code: 'queue-full', detail: 'too many events wait for Kafka' });
    const answer = await post('[7,8]');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({
      'retry-after': expect.stringMatching(/^[1-4]$/) as string,
      'content-type': expect.stringMatching(/^application\/problem\+json/),
    });
    expect(answer.json()).toMatchObject({ status: 503, detail: 'too many events wait for Kafka' });
  });
  it('is 200 when all were refused: sending them again would not help', async () => {
    outcomeOf = () => ({ outcome: 'refused', pointer: '', code: 'not-an-object', detail: 'd' });
    const answer = await post('[7]');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).not.toHaveProperty('retry-after');
  });
  it('says nothing of a mistake in the program', async () => {
    outcomeOf = () => {
      throw new Error('CANARY');
    };
    const answer = await post('[7]');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('CANARY');
  });
});

describe('the trace context', () => {
  it('is the caller’s where that is one, else a new one', async () => {
    const given = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await post('[7]', JSON_TYPE, { traceparent: given });
    for (const wrong of ['00-abc', `${given}"; drop`]) await post('[7]', JSON_TYPE, { traceparent: wrong });
    await post('[7]');
    expect(traces[0]).toBe(given);
    for (const made of traces.slice(1)) expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(new Set(traces).size).toBe(4);
  });
});

describe('the documentation', () => {
  it('is OpenAPI 3.1 and names the route with its bodies and answers', async () => {
    const document = (await app.inject('/openapi.json')).json() as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { requestBody: { content: object }; responses: Record<string, { content: object }> }>
      >;
    };
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(Object.keys(document.paths)).toEqual(['/v1/events', '/v1/events/check']);
    for (const { post: operation } of Object.values(document.paths)) {
      expect(Object.keys(operation?.requestBody.content ?? {}).sort()).toEqual([JSON_TYPE, NDJSON]);
      const answers = Object.entries(operation?.responses ?? {}).map(([status, { content }]) => [
        status,
        Object.keys(content),
      ]);
      expect(Object.fromEntries(answers)).toEqual({
        401: ['application/problem+json'],
        403: ['application/problem+json'],
        429: ['application/problem+json'],
        200: [JSON_TYPE],
        '4XX': ['application/problem+json'],
        503: ['application/problem+json'],
      });
    }
    for (const title of [
      'TestReported',
      'SamplingRecorded',
      'VaccinationAdministered',
      'CodeAssigned',
      'ExposureRecorded',
    ])
      expect(JSON.stringify(document)).toContain(`"title":"${title}"`);
  });
  it('is shown as pages', async () => {
    expect((await app.inject('/docs')).statusCode).toBe(200);
  });
});
