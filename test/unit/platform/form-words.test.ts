/** A request of the wrong form is told what may stand there; nothing of it is repeated. */

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookupApp, type TestApp } from '#test/support/lookup-app.ts';

const CANARY = '110105195001011230';
const RIGHT = {
  destination: '44',
  purpose: 'entry',
  personKey: 'a1'.repeat(16),
  authorisation: { consent: 'code shown' },
};
let started: TestApp;
let app: FastifyInstance;
beforeAll(async () => {
  started = await lookupApp();
  ({ app } = started);
});
afterAll(() => app.close());

const ask = async (payload: unknown) => {
  const answer = await app.inject({ method: 'POST', url: '/v1/recognitions', payload: payload as object });
  expect(answer.statusCode).toBe(400);
  expect(answer.body).not.toContain(CANARY);
  return answer.json() as { pointer: string; detail: string; hint?: string };
};
const { authorisation: _, ...unauthorised } = RIGHT;

describe('a mistake', () => {
  it('in a province’s code is told all codes, and that of the province that was named', async () => {
    for (const destination of ['Guangdong', '广东', '广东省'])
      expect(await ask({ ...RIGHT, destination })).toMatchObject({
        pointer: '/destination',
        detail: expect.stringMatching(/^must be one of 11, 12, .*66$/) as string,
        hint: 'write the code of this province, 44',
      });
    expect(await ask({ ...RIGHT, destination: CANARY })).not.toHaveProperty('hint');
  });
  it('in a field’s name is told the fields that there are', async () => {
    expect(await ask({ ...RIGHT, [CANARY]: 1 })).toMatchObject({
      pointer: '',
      hint: expect.stringMatching(/the fields are .*destination.*authorisation/) as string,
    });
    expect(await ask({ ...unauthorised, authorization: RIGHT.authorisation })).toMatchObject({
      pointer: '/authorisation',
      detail: 'is missing',
    });
  });
  it('in the kind of what is shown is told the kinds', async () => {
    const presented = [{ kind: 'paper', result: 'negative', reportIssuedAt: '2022-08-01T08:12+08:00' }];
    expect(await ask({ ...RIGHT, presented })).toMatchObject({
      pointer: '/presented/0',
      detail: 'kind must be one of result, sampling',
    });
  });
  it('of sending several as a list is told where several go', async () => {
    expect(await ask([RIGHT, RIGHT])).toMatchObject({
      hint: expect.stringContaining('/v1/recognitions/batch') as string,
    });
  });
});
