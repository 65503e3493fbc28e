/** A batch that is only to be checked: judged as one that is reported, within the same bounds, and nothing changes. */

import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, callerHolding } from '#exchange/identity/caller.ts';
import type { RawEvent } from '#exchange/intake/judge.ts';
import { newPerson, samplingRecordedJson, testReportedJson } from '#exercises/town/door-events.ts';
import { Metrics } from '#platform/metrics.ts';
import { refusalOf } from '#platform/problems.ts';
import { Acceptance } from '#services/producer/acceptance.ts';
import { buildApp } from '#services/producer/app.ts';
import { DOOR_LIMITS } from '#services/producer/door.ts';
import type { Publisher } from '#services/producer/publisher.ts';
import { guardKnowing } from '#test/support/callers.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';
import { SECRETS } from './support.ts';

const NDJSON = 'application/x-ndjson';
const HUNAN: Caller = callerHolding('province-43', { provinces: ['43'] });
const GATE: Caller = callerHolding('gate-44', { destinations: ['44'], purposes: 'all', modes: ['single'] });
const TRACEPARENT = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const NOW_MS = Date.now();

let published: number;
let metrics: Metrics;
let acceptance: Acceptance;
let isOpen: boolean;
let app: FastifyInstance;

beforeEach(async () => {
  published = 0;
  isOpen = true;
  metrics = new Metrics();
  const publisher = {
    instance: '43-a',
    clock: { nowMs: () => NOW_MS },
    publish: async () => void (published += 1),
  } as unknown as Publisher;
  acceptance = new Acceptance({
    secrets: SECRETS,
    clockSkewMs: 300_000,
    acceptTimeoutMs: 10_000,
    metrics,
    speaksForNation: true,
    publishers: new Map([['43', publisher]]),
  });
  app = await buildApp(acceptance, guardKnowing({ 'province-43': HUNAN, 'gate-44': GATE }), {
    logger: SILENT,
    metrics,
    isOpen: () => isOpen,
    readiness: () => null,
  });
});
afterEach(() => app.close());

const check = (payload: string, type = NDJSON, client = 'province-43') =>
  app.inject({
    method: 'POST',
    url: '/v1/events/check',
    headers: { 'content-type': type, authorization: `Bearer ${client}` },
    payload,
  });

const person = newPerson();
const good = testReportedJson(person);
const VALUES: readonly unknown[] = [
  good,
  samplingRecordedJson(person),
  samplingRecordedJson(person, { province: '43' }),
  { ...good, result: 'perhaps' },
  { ...good, reportIssuedAt: '2019-01-01T00:00Z' },
  { ...good, laboratory: person.documentNumber },
  { ...good, person: { ...person, documentNumber: '110105194912310021X' } },
  { ...good, province: '99' },
  7,
];
const UNREAD: Omit<RawEvent, 'line'> = { value: null, refusal: refusalOf('not-json', '') };

describe('a batch that is only to be checked', () => {
  it('is judged as one that is reported, event by event, and nothing of it is published or remembered', async () => {
    const event = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...VALUES).map((value) => ({ value })) },
      fc.constant(UNREAD),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 20 }), async (events) => {
        const before = published;
        const checks = await acceptance.checkAll(events, HUNAN);
        expect(published).toBe(before);
        const results = await acceptance.acceptAll(events, HUNAN, TRACEPARENT);
        expect(checks).toEqual(
          results.map(({ eventId: _eventId, outcome, ...rest }) => ({
            ...rest,
            outcome: outcome === 'refused' ? outcome : 'acceptable',
          })),
        );
      }),
      { numRuns: 50 },
    );
  });
  it('is counted by itself, not among the events that were taken', async () => {
    await acceptance.checkAll([{ value: good }, UNREAD], HUNAN);
    const { body } = await metrics.expose();
    expect(body).toContain('hutong_events_checked_total{province="43",outcome="acceptable"} 1');
    expect(body).toContain('hutong_events_checked_total{province="unknown",outcome="refused"} 1');
    expect(body).not.toContain('hutong_events_total{');
  });
  it('is answered with counts and places, and no value is repeated', async () => {
    const answer = await check(`${JSON.stringify(good)}\n{"number":"${person.documentNumber}"\n`);
    expect(answer.json()).toEqual({
      acceptable: 1,
      refused: 1,
      results: [
        { index: 0, line: 1, outcome: 'acceptable' },
        { index: 1, line: 2, outcome: 'refused', ...refusalOf('not-json', '') },
      ],
    });
    expect(answer.body).not.toContain(person.documentNumber);
  });
  it.each([
    ['holds no events', '[]', 'application/json', 400],
    ['holds too many', '7\n'.repeat(DOOR_LIMITS.eventsMax + 1), NDJSON, 400],
    ['is too large', ' '.repeat(DOOR_LIMITS.bodyBytesMax + 1), 'application/json', 413],
    ['is of another type', 'a;b', 'text/csv', 415],
  ])('has the bounds of one that is reported: it %s', async (_what, payload, type, status) => {
    expect((await check(payload, type)).statusCode).toBe(status);
  });
  it('waits for the door to open', async () => {
    isOpen = false;
    expect((await check('7\n')).statusCode).toBe(503);
  });
  it('needs a caller who may report, as reporting does', async () => {
    expect((await check('7\n', NDJSON, 'gate-44')).statusCode).toBe(403);
    expect((await check('7\n', NDJSON, 'nobody')).statusCode).toBe(401);
  });
});
