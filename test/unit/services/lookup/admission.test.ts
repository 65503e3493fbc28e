/** An overloaded look-up: what it leaves out in which order, whom it refuses, and that the outcome is never another. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '#core/field/time.ts';
import { testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { lookupApp, type TestApp } from '#test/support/lookup-app.ts';
import { NOW_MS, snapshot, viewOf } from '#test/support/lookup.ts';
import { turns } from '#test/unit/platform/kafka/support.ts';

const KEY = 'a1'.repeat(16);
const question = {
  destination: '21',
  purpose: 'public_place',
  personKey: KEY,
  authorisation: { consent: 'code shown' },
};
const view = viewOf(
  testReported({ sampledAtMs: NOW_MS - 9 * HOUR_MS, reportIssuedAtMs: NOW_MS - HOUR_MS }),
  vaccinationAdministered(),
);
const IN_FLIGHT_MAX = 10;

let full: TestApp;
let release: () => void;
let held: Promise<unknown>[];
beforeEach(async () => {
  full = await lookupApp({ inFlightMax: IN_FLIGHT_MAX, timeLimitMs: 5_000 });
  held = [];
});
afterEach(async () => {
  release();
  await Promise.all(held);
  await full.app.close();
});

const ask = (url = '/v1/recognitions', payload: object = question) => full.app.inject({ method: 'POST', url, payload });

/** So many requests are in flight, and stay so. */
async function hold(count: number): Promise<void> {
  const gate = Promise.withResolvers<void>();
  release = gate.resolve;
  full.read = async () => {
    await gate.promise;
    return snapshot(view);
  };
  held = Array.from({ length: count }, () => ask());
  await turns();
  await expect.poll(() => full.asked.length).toBe(count);
  full.read = async () => snapshot(view);
}

interface Shown {
  readonly outcome: string;
  readonly leftOut: readonly string[];
  readonly standing: object | null;
  readonly vaccination: object | null;
  readonly evidence: readonly object[] | null;
}

describe('an answer', () => {
  it.each([
    [4, []],
    [5, ['standing']],
    [6, ['standing', 'vaccination']],
    [8, ['standing', 'vaccination', 'evidence']],
  ])('beside %i others leaves out %j, and has the same outcome', async (others, leftOut) => {
    await hold(others);
    const response = await ask();
    expect(response.statusCode).toBe(200);
    const answer = response.json<Shown>();
    expect(answer).toMatchObject({ outcome: 'recognised', leftOut, validUntil: expect.any(String) as string });
    expect([answer.standing === null, answer.evidence === null]).toEqual([
      leftOut.includes('standing'),
      leftOut.includes('evidence'),
    ]);
  });
  it('beside as many as are taken is refused before it is read, with a time to come again', async () => {
    await hold(IN_FLIGHT_MAX);
    const response = await ask();
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toMatch(/^[1-4]$/);
    expect(response.json()).toMatchObject({ type: 'urn:hutong:problem:overloaded', status: 503 });
    expect(full.asked).toHaveLength(IN_FLIGHT_MAX);
    expect((await full.app.inject({ url: '/metrics' })).body).toContain(
      'hutong_lookup_failures_total{problem="overloaded"} 1',
    );
  });
  it('is full again once the others have gone', async () => {
    await hold(IN_FLIGHT_MAX);
    release();
    const answers = (await Promise.all(held)) as { json(): Shown }[];
    expect(answers.map((answer) => answer.json().leftOut.length)).toEqual([0, 0, 0, 0, 0, 1, 2, 2, 3, 3]);
    expect((await ask()).json()).toMatchObject({ leftOut: [], evidence: [{}], standing: { doses: [{}] } });
    expect((await full.app.inject({ url: '/metrics' })).body).toContain('hutong_lookups_in_flight 0');
  });
});

describe('what else is asked', () => {
  it('history is refused as soon as anything is left out', async () => {
    await hold(5);
    expect((await full.app.inject({ url: `/v1/people/${KEY}` })).statusCode).toBe(503);
    expect((await ask()).json<Shown>().leftOut).toEqual(['standing']);
  });
  it('a batch weighs as much as its items, and all destinations more than one', async () => {
    await hold(4);
    expect((await ask('/v1/recognitions/batch', { items: Array.from({ length: 7 }, () => question) })).statusCode).toBe(
      503,
    );
    expect((await ask('/v1/recognitions/batch', { items: [question, question] })).statusCode).toBe(200);
    const { destination: _, ...everywhere } = question;
    expect((await ask('/v1/recognitions/all-destinations', everywhere)).statusCode).toBe(503);
    expect((await ask()).json<Shown>().leftOut).toEqual([]);
  });
  it('health and metrics are never refused', async () => {
    await hold(IN_FLIGHT_MAX);
    for (const url of ['/livez', '/readyz', '/metrics', '/openapi.json'])
      expect((await full.app.inject({ url })).statusCode).toBe(200);
  });
});
