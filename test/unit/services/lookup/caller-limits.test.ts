/**
 * How much a caller may ask: requests, people, and people whose numbers begin alike. What is beyond reads nobody; each
 * refusal stands beside what passes.
 */

import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#core/field/time.ts';
import { type Caller, callerHolding } from '#exchange/identity/caller.ts';
import type { CallerLimitsOptions } from '#services/lookup/caller-limits.ts';
import { countInMemory, lookupApp, type TestApp } from '#test/support/lookup-app.ts';
import { AUTHORISATION, byKey } from './asking.ts';

const HELD = { destinations: 'all', purposes: 'all', modes: ['single', 'batch', 'history'] } as const;
const CALLERS: Readonly<Record<string, Caller>> = {
  a: callerHolding('gate-a', HELD),
  b: callerHolding('gate-b', HELD),
  more: callerHolding('gate-more', { ...HELD, requestsPerMinute: 5, peoplePerHour: 5 }),
};
/** Its starting holds the event loop, which is nothing that a caller here is to be refused for. */
const started = (limits: Partial<CallerLimitsOptions>): Promise<TestApp> =>
  lookupApp({ timeLimitMs: 60_000 }, CALLERS, limits);

const askAs = ({ app }: TestApp, token: string, payload: object, url = '/v1/recognitions') =>
  app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${token}` } });
const keyOf = (number: number) => ({
  ...byKey,
  personKey: `${number.toString(16).padStart(12, '0')}${'0'.repeat(20)}`,
});

async function statusesOf(test: TestApp, token: string, questions: readonly object[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const question of questions) statuses.push((await askAs(test, token, question)).statusCode);
  return statuses;
}

describe('requests', () => {
  it('beyond a minute’s are refused, say when to come again, and read nobody', async () => {
    const test = await started({ requestsPerMinute: 2 });
    test.nowMs = 100 * HOUR_MS + 18_000;
    expect(await statusesOf(test, 'a', [byKey, byKey])).toEqual([200, 200]);
    test.asked.length = 0;
    const answer = await askAs(test, 'a', byKey);
    expect(answer.statusCode).toBe(429);
    expect(answer.json()).toMatchObject({ type: 'urn:hutong:problem:too-many-requests', status: 429 });
    expect(answer.headers).toMatchObject({
      'retry-after': '42',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '42',
    });
    expect(test.asked).toEqual([]);
    expect(await statusesOf(test, 'b', [byKey])).toEqual([200]);
    test.nowMs += MINUTE_MS;
    expect(await statusesOf(test, 'a', [byKey])).toEqual([200]);
  });
  it('say with each answer how many are left', async () => {
    const test = await started({ requestsPerMinute: 10 });
    const answers = [await askAs(test, 'a', byKey), await askAs(test, 'a', byKey)];
    expect(answers.map(({ headers }) => headers['ratelimit-remaining'])).toEqual(['9', '8']);
  });
  it('are as many as the token says, where it says so', async () => {
    const test = await started({ requestsPerMinute: 2 });
    expect(await statusesOf(test, 'more', Array(6).fill(byKey) as object[])).toEqual([200, 200, 200, 200, 200, 429]);
  });
  it('count by the items of a batch', async () => {
    const test = await started({ requestsPerMinute: 4 });
    const url = '/v1/recognitions/batch';
    expect((await askAs(test, 'a', { items: [byKey, byKey, byKey] }, url)).statusCode).toBe(200);
    expect((await askAs(test, 'a', { items: [byKey, byKey] }, url)).statusCode).toBe(429);
  });
  it('are shared by look-ups, and each goes by its share while they can’t be counted', async () => {
    const draw = { requests: countInMemory(), people: countInMemory() };
    const two = [await started({ requestsPerMinute: 4, draw }), await started({ requestsPerMinute: 4, draw })];
    const statuses = [];
    for (let time = 0; time < 6; time += 1)
      statuses.push((await askAs(two[time % 2] as TestApp, 'a', byKey)).statusCode);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const away = () => Promise.reject(new Error('connection refused'));
    const alone = await started({ requestsPerMinute: 4, sharers: 2, draw: { requests: away, people: away } });
    expect(await statusesOf(alone, 'a', [byKey, byKey, byKey])).toEqual([200, 200, 429]);
  });
});

describe('different people', () => {
  it('beyond an hour’s are refused; those who were asked about already are answered', async () => {
    const test = await started({ peoplePerHour: 2 });
    expect(await statusesOf(test, 'a', [keyOf(1), keyOf(2), keyOf(1), keyOf(3), keyOf(3), keyOf(2)])).toEqual([
      200, 200, 200, 429, 429, 200,
    ]);
    expect(test.asked).not.toContain(keyOf(3).personKey);
    expect(await statusesOf(test, 'b', [keyOf(3)])).toEqual([200]);
    test.nowMs += HOUR_MS;
    expect(await statusesOf(test, 'a', [keyOf(3)])).toEqual([200]);
  });
  it('are counted in a batch and in history too', async () => {
    const test = await started({ peoplePerHour: 2 });
    const items = [keyOf(1), keyOf(2), keyOf(3)];
    expect((await askAs(test, 'a', { items }, '/v1/recognitions/batch')).statusCode).toBe(429);
    expect((await askAs(test, 'a', { items: items.slice(1) }, '/v1/recognitions/batch')).statusCode).toBe(200);
    const headers = { authorization: 'Bearer a' };
    expect((await test.app.inject({ url: `/v1/people/${keyOf(3).personKey}`, headers })).statusCode).toBe(200);
    expect((await test.app.inject({ url: `/v1/people/${keyOf(4).personKey}`, headers })).statusCode).toBe(429);
  });
  it('are those who can be somebody: a number that can’t be one counts for nothing', async () => {
    const test = await started({ peoplePerHour: 1 });
    const impossible = { ...byKey, personKey: undefined, person: { documentType: 'passport', documentNumber: '?' } };
    expect(await statusesOf(test, 'a', [impossible, impossible, keyOf(1)])).toEqual([400, 400, 200]);
  });
});

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The card of somebody of that region and birthday; `serial` from 0 to 999. */
function card(beginning: string, serial: number): object {
  const digits = `${beginning}${String(serial).padStart(3, '0')}`;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0);
  const person = { documentType: 'resident_identity_card', documentNumber: `${digits}${'10X98765432'[sum % 11]}` };
  return { destination: '44', purpose: 'entry', person, authorisation: AUTHORISATION };
}

describe('people whose numbers begin alike', () => {
  const neighbours = Array.from({ length: 5 }, (_, serial) => card('11010119900307', serial));
  it('are few: whoever tries one number after the other is stopped, and nobody is read', async () => {
    const test = await started({ neighboursPerHour: 3 });
    expect(await statusesOf(test, 'a', neighbours)).toEqual([200, 200, 200, 429, 429]);
    expect(test.asked).toHaveLength(3);
    expect(await statusesOf(test, 'a', neighbours.slice(0, 3))).toEqual([200, 200, 200]);
    expect(await statusesOf(test, 'a', [card('11010119900308', 1)])).toEqual([200]);
    expect(await statusesOf(test, 'b', neighbours.slice(3))).toEqual([200, 200]);
  });
  it('are the same however the number is written', async () => {
    const test = await started({ neighboursPerHour: 1 });
    const [first, second] = neighbours as [object, { person: { documentNumber: string } }];
    const wide = second.person.documentNumber.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    const written = { ...second, person: { ...second.person, documentNumber: ` ${wide} ` } };
    expect(await statusesOf(test, 'a', [first, written])).toEqual([200, 429]);
  });
});
