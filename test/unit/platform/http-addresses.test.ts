/** An address that takes another method says which; a host that isn't ours is refused; nothing repeats the address. */

import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp } from '#platform/http.ts';
import { Metrics } from '#platform/metrics.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

const CANARY = '110105195001011230';
let app: FastifyInstance;

beforeEach(() => {
  app = createHttp({ logger: SILENT, metrics: new Metrics(), readiness: () => null, hosts: ['exchange.example'] });
  app.get('/v1/people/:key', async () => ({}));
  app.post('/v1/people/:key', async () => ({}));
});
afterEach(() => app.close());

const ask = (method: 'GET' | 'PUT' | 'DELETE' | 'OPTIONS', url: string, host = 'exchange.example') =>
  app.inject({ method, url, headers: { host } });

describe('an address', () => {
  it.each(['PUT', 'DELETE', 'OPTIONS'] as const)('answers %s with the methods that it takes', async (method) => {
    const answer = await ask(method, `/v1/people/${CANARY}?a=1`);
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, POST');
    expect(answer.json()).toMatchObject({ type: 'urn:hutong:problem:other-method', status: 405 });
  });
  it.each(['PUT', 'DELETE', 'OPTIONS'] as const)(
    'answered %s of a broken body with what is wrong with that',
    async (method) => {
      for (const [url, status] of [
        [`/v1/people/${CANARY}`, 405],
        ['/v1/nothing', 404],
      ] as const) {
        const headers = { host: 'exchange.example', 'content-type': 'application/json' };
        for (const payload of ['', '{', 'x'.repeat(99)])
          expect((await app.inject({ method, url, headers, payload })).statusCode).toBe(status);
      }
    },
  );
  it.each([`/v1/people/${CANARY}%`, `/v1/people/${CANARY.repeat(9)}`, `/v1/${CANARY}/%zz`])(
    'that can’t be read isn’t repeated: %s',
    async (url) => {
      const answer = await ask('GET', url);
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.body).not.toContain(CANARY);
    },
  );
});

describe('a host', () => {
  it.each(['exchange.example', 'Exchange.Example:8443'])('that is the service’s is answered: %s', async (host) => {
    expect((await ask('GET', '/livez', host)).statusCode).toBe(200);
  });
  it.each(['evil.example', 'exchange.example.evil.example', 'exchange.example:8443:1', 'localhost'])(
    'that isn’t is refused: %s',
    async (host) => {
      const answer = await ask('GET', '/livez', host);
      expect(answer.statusCode).toBe(421);
      expect(answer.json()).toMatchObject({ type: 'urn:hutong:problem:other-host' });
      expect(answer.body).not.toContain('evil');
    },
  );
});

it('an answer is kept by nobody and shown in nobody’s page', async () => {
  expect((await ask('GET', '/livez')).headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
});
