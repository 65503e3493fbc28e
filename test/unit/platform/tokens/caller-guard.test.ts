/** No request gets past the guard without a token that counts, on the connection that it is bound to. */

import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp } from '#platform/http.ts';
import { Metrics } from '#platform/metrics.ts';
import { CallerGuard, type Tokens } from '#platform/tokens/caller-guard.ts';
import type { KnownToken } from '#platform/tokens/known-tokens.ts';
import type { TokenRefusal } from '#platform/tokens/verifier.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

interface Someone {
  readonly id: string;
}

let app: FastifyInstance;
let metrics: Metrics;
let remembered: Readonly<Record<string, KnownToken<Someone>>>;
let verified: KnownToken<Someone> | TokenRefusal | Error;
let reached: string[];

const known = (id: string, thumbprint: string | null = null): KnownToken<Someone> => ({
  ok: true,
  caller: { id },
  expiresAtMs: Number.POSITIVE_INFINITY,
  thumbprint,
});

beforeEach(async () => {
  remembered = {};
  verified = { ok: false, why: 'not-identified' };
  reached = [];
  metrics = new Metrics();
  const tokens: Tokens<Someone> = {
    remembered: (token) => remembered[token] ?? null,
    verify: async () => {
      if (verified instanceof Error) throw verified;
      return verified;
    },
  };
  const guard = new CallerGuard(tokens, metrics);
  app = createHttp({ logger: SILENT, metrics, readiness: () => null });
  app.get('/open', async () => ({}));
  await app.register(async (routes) => {
    guard.protect(routes);
    routes.post('/guarded', async (request) => {
      reached.push(guard.callerOf(request).id);
      return {};
    });
  });
  app.get('/unguarded', async (request) => guard.callerOf(request));
});
afterEach(() => app.close());

const ask = (authorization?: string) =>
  app.inject({
    method: 'POST',
    url: '/guarded',
    headers: authorization === undefined ? {} : { authorization },
    payload: {},
  });

describe('a request', () => {
  it('with a token that is remembered gets in as its caller', async () => {
    remembered = { abc: known('gate-44') };
    expect((await ask('Bearer abc')).statusCode).toBe(200);
    expect((await ask('bearer abc')).statusCode).toBe(200);
    expect(reached).toEqual(['gate-44', 'gate-44']);
  });
  it('with a token that proves right gets in as its caller', async () => {
    verified = known('gate-45');
    expect((await ask('Bearer abc')).statusCode).toBe(200);
    expect(reached).toEqual(['gate-45']);
  });
  it.each([
    ['no token', undefined, 'the request has no token', 'Bearer realm="hutong"'],
    ['another scheme', 'Basic YWJj', 'the request has no token', 'Bearer realm="hutong"'],
    ['two tokens', 'Bearer abc, Bearer abc', 'the request has no token', 'Bearer realm="hutong"'],
    [
      'a token of nobody’s',
      'Bearer x',
      'the token is none that the issuer of this exchange has signed',
      'Bearer realm="hutong", error="invalid_token"',
    ],
  ])('with %s is refused, and told what is missing', async (_what, header, detail, challenge) => {
    remembered = { abc: known('gate-44') };
    const answer = await ask(header);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(challenge);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ type: 'urn:hutong:problem:not-identified', status: 401, detail });
    expect(reached).toEqual([]);
    expect((await metrics.expose()).body).toContain('hutong_requests_refused_total{problem="not-identified"} 1');
  });
  it('is refused before its body is read, whatever that is', async () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer x' };
    const answer = await app.inject({ method: 'POST', url: '/guarded', headers, payload: '{"a":' });
    expect(answer.statusCode).toBe(401);
  });
  it('with a token that is bound to a certificate is refused on a connection without it', async () => {
    remembered = { abc: known('gate-44', 'a certificate’s') };
    const answer = await ask('Bearer abc');
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ detail: 'the token is not bound to the certificate of this connection' });
  });
  it('is asked to come again while no token can be verified', async () => {
    verified = { ok: false, why: 'issuer-unavailable' };
    const answer = await ask('Bearer abc');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect(reached).toEqual([]);
  });
  it('fails when the verifying does, and doesn’t get in', async () => {
    verified = new Error('out of memory');
    expect((await ask('Bearer abc')).statusCode).toBe(500);
    expect(reached).toEqual([]);
  });
});

describe('what needs no identity', () => {
  it('answers without', async () => {
    for (const url of ['/open', '/livez', '/readyz', '/metrics'])
      expect((await app.inject({ url })).statusCode).toBe(200);
  });
  it('can’t ask who calls', async () => {
    expect((await app.inject({ url: '/unguarded' })).statusCode).toBe(500);
  });
});
