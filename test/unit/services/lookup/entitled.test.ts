/**
 * Who may ask what at the look-up: each attempt that is refused has a twin that passes. What is refused reads nobody,
 * and says the same of a person who is there, of one who isn't, and of one who can't be.
 */

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, callerHolding } from '#exchange/identity/caller.ts';
import { lookupApp, type TestApp } from '#test/support/lookup-app.ts';
import { snapshot, viewOf } from '#test/support/lookup.ts';
import { AUTHORISATION, byDocument, byKey, KEY, person, recent } from './asking.ts';

const CALLERS: Readonly<Record<string, Caller>> = {
  'gate-44': callerHolding('gate-44', { destinations: ['44'], purposes: ['entry'], modes: ['single'] }),
  'gate-many': callerHolding('gate-many', { destinations: ['44'], purposes: ['entry'], modes: ['batch'] }),
  'gate-travel': callerHolding('gate-travel', { destinations: 'all', purposes: 'all', modes: ['single'] }),
  'gate-relay': callerHolding('gate-relay', {
    destinations: 'all',
    purposes: 'all',
    modes: ['single'],
    relay: true,
  }),
  'province-44': callerHolding('province-44', { provinces: ['44'] }),
  history: callerHolding('operator', { modes: ['history'] }),
  sources: callerHolding('national', { modes: ['sources'] }),
};
const { destination: _destination, ...anywhere } = byKey;
let test: TestApp;

beforeAll(async () => {
  test = await lookupApp({}, CALLERS);
  test.read = async () => snapshot(viewOf(recent));
});
beforeEach(() => void test.asked.splice(0));

const askAs = (token: string, payload: object, url = '/v1/recognitions') =>
  test.app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${token}` } });
const readAs = (token: string) =>
  test.app.inject({ url: `/v1/people/${KEY}`, headers: { authorization: `Bearer ${token}` } });
const forOthers = (onBehalfOf?: string) => ({
  ...byKey,
  authorisation: { ...AUTHORISATION, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
});

describe('each refused attempt beside one that passes:', () => {
  it.each([
    ['a gate asks for its destination and purpose', 'gate-44', byKey, 200, undefined],
    ['… for another destination', 'gate-44', { ...byKey, destination: '43' }, 403, '/destination'],
    ['… for another purpose', 'gate-44', { ...byKey, purpose: 'hotel' }, 403, '/purpose'],
    ['an integrator asks', 'province-44', byKey, 403, undefined],
    ['a batch’s caller asks a single question', 'gate-many', byKey, 403, undefined],
    ['a relay says for whom it asks', 'gate-relay', forOthers('gate 7'), 200, undefined],
    ['… or doesn’t', 'gate-relay', forOthers(), 403, '/authorisation/onBehalfOf'],
    ['a gate says that it asks for others', 'gate-44', forOthers('gate 7'), 403, '/authorisation/onBehalfOf'],
  ])('%s', async (_what, token, question, status, pointer) => {
    const answer = await askAs(token, question);
    expect(answer.statusCode).toBe(status);
    expect(test.asked).toHaveLength(status === 200 ? 1 : 0);
    if (status === 200) return;
    expect(answer.json()).toMatchObject({ type: 'urn:hutong:problem:not-entitled', status: 403 });
    expect(answer.json<{ pointer?: string }>().pointer).toBe(pointer);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="hutong", error="insufficient_scope"');
  });
  it('all destinations at once are for who holds them all', async () => {
    const url = '/v1/recognitions/all-destinations';
    expect((await askAs('gate-travel', anywhere, url)).statusCode).toBe(200);
    expect((await askAs('gate-44', anywhere, url)).statusCode).toBe(403);
  });
  it('history is for who holds it', async () => {
    expect((await readAs('history')).statusCode).toBe(200);
    expect((await readAs('gate-44')).statusCode).toBe(403);
  });
  it('how the provinces fare is for who holds it, and their freshness alone for anybody', async () => {
    const statusOf = async (url: string, token: string) =>
      (await test.app.inject({ url, headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect([await statusOf('/v1/sources', 'sources'), await statusOf('/v1/sources', 'gate-44')]).toEqual([200, 403]);
    for (const url of ['/v1/freshness', '/freshness']) expect(await statusOf(url, '')).toBe(200);
  });
  it('a batch is for who holds it, and one item that isn’t refuses itself alone', async () => {
    const url = '/v1/recognitions/batch';
    expect((await askAs('gate-44', { items: [byKey] }, url)).statusCode).toBe(403);
    const answer = await askAs('gate-many', { items: [byKey, { ...byKey, destination: '43' }] }, url);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      results: [
        { index: 0, answer: { outcome: 'recognised' } },
        {
          index: 1,
          problem: { type: 'urn:hutong:problem:not-entitled', status: 403, pointer: '/items/1/destination' },
        },
      ],
    });
    expect(test.asked).toHaveLength(1);
  });
});

describe('without a token that counts', () => {
  it.each([
    ['POST', '/v1/recognitions'],
    ['POST', '/v1/recognitions/batch'],
    ['POST', '/v1/recognitions/all-destinations'],
    ['GET', `/v1/people/${KEY}`],
    ['GET', '/v1/sources'],
  ] as const)('%s %s is refused, and nobody is read', async (method, url) => {
    for (const authorization of ['', 'Bearer x', 'Bearer gate-44x']) {
      const payload = method === 'GET' ? {} : { payload: byKey };
      const answer = await test.app.inject({ method, url, ...payload, headers: { authorization } });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ type: 'urn:hutong:problem:not-identified', status: 401 });
    }
    expect(test.asked).toEqual([]);
  });
  it.each(['/livez', '/readyz', '/metrics', '/openapi.json', '/docs'])('%s answers', async (url) => {
    expect((await test.app.inject({ url, headers: { authorization: '' } })).statusCode).toBe(200);
  });
});

describe('who isn’t entitled learns of nobody whether they are there:', () => {
  it('the answer is the same for somebody on record, for nobody, and for a number that can’t be', async () => {
    const questions = [byKey, { ...byKey, personKey: 'b2'.repeat(16) }, byDocument].map((question) => ({
      ...question,
      destination: '43',
    }));
    const impossible = { ...byDocument, destination: '43', person: { ...person, documentNumber: '1' } };
    const bodies = new Set<string>();
    for (const question of [...questions, impossible]) bodies.add((await askAs('gate-44', question)).body);
    expect(bodies.size).toBe(1);
    expect(test.asked).toEqual([]);
  });
});
