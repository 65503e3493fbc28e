/** Many answers at once: a batch of questions, and one question for all destinations. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { HutongError } from '#platform/errors.ts';
import { lookupApp, type TestApp } from '#test/support/lookup-app.ts';
import { snapshot, viewOf } from '#test/support/lookup.ts';
import { byDocument, byKey, person, post, recent } from './asking.ts';

let shared: TestApp;
beforeAll(async () => {
  shared = await lookupApp();
});
afterAll(() => shared.app.close());

/** The shared application, with other people in it. */
function start(read: TestApp['read'] = async () => snapshot(null)): TestApp {
  shared.read = read;
  shared.asked.length = 0;
  shared.log.length = 0;
  return shared;
}

describe('POST /v1/recognitions/batch', () => {
  it('answers each item by itself, in order', async () => {
    const started = start();
    const items = [
      byKey,
      { ...byKey, destination: '99' },
      'x',
      { ...byDocument, person: { ...person, documentNumber: '1' } },
      { ...byKey, destination: '31' },
    ];
    const response = await post(started, { items }, '/v1/recognitions/batch');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      results: [
        { index: 0, answer: { outcome: 'no_evidence', destination: '44' } },
        { index: 1, problem: { status: 400, pointer: '/items/1/destination' } },
        { index: 2, problem: { status: 400, pointer: '/items/2' } },
        { index: 3, problem: { status: 400, pointer: '/items/3/person/documentNumber' } },
        { index: 4, answer: { outcome: 'no_evidence', destination: '31' } },
      ],
    });
    expect(started.asked).toHaveLength(2);
  });
  it.each([[[]], [Array.from({ length: 101 }, () => byKey)], ['x']])('is bounded', async (items) => {
    const response = await post(start(), { items }, '/v1/recognitions/batch');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ pointer: '/items' });
  });
});

describe('POST /v1/recognitions/all-destinations', () => {
  const { destination: _, ...everywhere } = byKey;
  it('answers for all 32 from one read', async () => {
    const started = start(async () => snapshot(viewOf(recent)));
    const response = await post(started, everywhere, '/v1/recognitions/all-destinations');
    expect(response.statusCode).toBe(200);
    const { answers } = response.json() as { answers: { destination: string; outcome: string }[] };
    expect(answers.map(({ destination }) => destination)).toEqual(PROVINCE_CODES);
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['recognised']));
    expect(started.asked).toHaveLength(1);
  });
  it('takes an occasion, and answers 503 when the view can’t be read', async () => {
    const stated = await post(
      start(),
      { ...everywhere, purpose: 'air', occasion: { ageYears: 2 } },
      '/v1/recognitions/all-destinations',
    );
    expect(
      (stated.json() as { answers: { finding: string }[] }).answers.filter(({ finding }) => finding === 'exempt')
        .length,
    ).toBeGreaterThan(25);
    const away = start(async () => {
      throw new HutongError('REDIS_UNAVAILABLE', 'redis did not answer', { retriable: true });
    });
    expect((await post(away, everywhere, '/v1/recognitions/all-destinations')).statusCode).toBe(503);
  });
  it.each([
    ['a destination', { ...everywhere, destination: '44' }, ''],
    ['a time that is none', { ...everywhere, occasion: { arrivedAt: 'noon' } }, '/occasion/arrivedAt'],
    ['an unknown statement', { ...everywhere, occasion: { shoeSize: 43 } }, '/occasion'],
    ['a kind of place that nobody names', { ...everywhere, occasion: { kind: 'casino' } }, '/occasion/kind'],
  ])('refuses %s', async (_name, payload, pointer) => {
    const response = await post(start(), payload, '/v1/recognitions/all-destinations');
    expect(response.statusCode).toBe(400);
    expect((response.json() as { pointer: string }).pointer).toBe(pointer);
  });
});
