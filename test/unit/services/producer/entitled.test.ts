/** Nobody gets as far as a body at the door who can't be known, or holds no province to report for. */

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, callerHolding } from '#exchange/identity/caller.ts';
import type { RawEvent } from '#exchange/intake/judge.ts';
import { Metrics } from '#platform/metrics.ts';
import type { Acceptance } from '#services/producer/acceptance.ts';
import { buildApp } from '#services/producer/app.ts';
import { guardKnowing } from '#test/support/callers.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

const CALLERS: Readonly<Record<string, Caller>> = {
  'province-43': callerHolding('province-43', { provinces: ['43'] }),
  'gate-44': callerHolding('gate-44', { destinations: ['44'], purposes: 'all', modes: ['single'] }),
};
let app: FastifyInstance;
let senders: string[];

beforeEach(() => {
  senders = [];
});

beforeAll(async () => {
  const acceptance = {
    acceptAll: async (events: readonly RawEvent[], { id }: Caller) => {
      senders.push(id);
      return events.map((_event, index) => ({ index, outcome: 'accepted', eventId: 'e' }));
    },
  };
  app = await buildApp(acceptance as unknown as Acceptance, guardKnowing(CALLERS), {
    logger: SILENT,
    metrics: new Metrics(),
    isOpen: () => true,
    readiness: () => null,
  });
});
afterAll(() => app.close());

const send = (authorization: string | undefined, payload = '[{"a":1}]') =>
  app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    payload,
  });

describe('who sends', () => {
  it('is let in with a token that holds a province, and known by it', async () => {
    expect((await send('Bearer province-43')).statusCode).toBe(200);
    expect(senders).toEqual(['province-43']);
  });
  it.each([
    ['no token', undefined, 401, 'not-identified'],
    ['a token of nobody’s', 'Bearer x', 401, 'not-identified'],
    ['a token that holds no province', 'Bearer gate-44', 403, 'not-entitled'],
  ])('is refused with %s, whatever the body', async (_what, authorization, status, kind) => {
    for (const payload of ['[{"a":1}]', '{"a":']) {
      const answer = await send(authorization, payload);
      expect(answer.statusCode).toBe(status);
      expect(answer.json()).toMatchObject({ type: `urn:hutong:problem:${kind}`, status });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="hutong"/);
    }
    expect(senders).toEqual([]);
  });
  it.each(['/livez', '/readyz', '/metrics', '/openapi.json', '/docs'])('is nobody’s concern at %s', async (url) => {
    expect((await app.inject({ url })).statusCode).toBe(200);
  });
});
