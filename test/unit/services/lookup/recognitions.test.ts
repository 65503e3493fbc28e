/**
 * The look-up's addresses, by injection: what they ask for, what they answer, and what they never repeat.
 */

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { personKeyOf } from '#core/field/identity.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { samplingRecorded, vaccinationAdministered } from '#exercises/town/events.ts';
import { HutongError } from '#platform/errors.ts';
import { lookupApp, RULES_AS_OF, SECRETS, type TestApp } from '#test/support/lookup-app.ts';
import { NOW_MS, snapshot, viewOf } from '#test/support/lookup.ts';
import { AUTHORISATION, byDocument, byKey, KEY, NUMBER, person, post, recent } from './asking.ts';

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

const metricsOf = async ({ app }: TestApp) => (await app.inject({ url: '/metrics' })).body;

/** The value of a counter; 0 before its first use. */
async function counted(name: string): Promise<number> {
  const line = (await metricsOf(shared)).split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length));
}

describe('POST /v1/recognitions', () => {
  it('answers with the rule, the evidence and a sentence', async () => {
    const response = await post(
      start(async () => snapshot(viewOf(recent))),
      { ...byKey, destination: '54' },
    );
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      outcome: 'recognised',
      destination: '54',
      purpose: 'entry',
      rule: {
        id: '00/journeys',
        version: 2,
        clause: 'report_48h',
        national: true,
        redated: { asOf: RULES_AS_OF },
        sources: [{ reliability: 'A' }],
      },
      rules: { redated: { asOf: RULES_AS_OF } },
      noneKnown: null,
      evidence: [{ province: '43', reportIssuedAt: '2026-03-02T11:00:00+08:00' }],
      validUntil: '2026-03-04T11:00:00+08:00',
      position: { partition: 3, topics: { tests: { nextOffset: 41 }, vaccinations: { nextOffset: 7 } } },
    });
  });
  it('answers without a rule with what was searched for one', async () => {
    const response = await post(start(), {
      ...byKey,
      destination: '54',
      purpose: 'public_place',
      occasion: { kind: 'bar' },
    });
    expect(response.json()).toMatchObject({
      reason: 'no_rule_known',
      rule: null,
      noneKnown: {
        from: expect.stringMatching(/^2025-.*\+08:00$/) as string,
        until: null,
        searches: [
          { when: '2026-11', about: { from: '2021-12-01', to: '2022-11-30' }, words: [] },
          { when: '2026-11', about: null, words: [expect.stringContaining('拉萨') as string] },
        ],
        seen: null,
      },
    });
  });
  it('finds a person by document as by key', async () => {
    const started = start();
    await post(started, byDocument);
    expect(started.asked).toEqual([
      personKeyOf(SECRETS, { documentType: 'resident_identity_card', country: 'CHN', number: NUMBER }).toString('hex'),
    ]);
  });
  it('takes an instant and what is presented', async () => {
    const presented = [
      {
        kind: 'result',
        result: 'negative',
        reportIssuedAt: '2026-03-01T08:00+08:00',
        channel: 'paper',
        province: '43',
      },
    ];
    const response = await post(start(), { ...byKey, at: '2026-03-01T09:00+08:00', presented });
    expect(response.json()).toMatchObject({
      outcome: 'recognised',
      reason: 'presented_result',
      at: '2026-03-01T09:00:00+08:00',
      asOf: { relation: 'past' },
      evidence: [{ presented: true, unverified: true, channel: 'paper', province: '43' }],
    });
  });
  it.each([
    ['unknown destination', { ...byKey, destination: '99' }, '/destination'],
    ['unknown purpose', { ...byKey, purpose: 'fun' }, '/purpose'],
    ['no authorisation', { ...byKey, authorisation: undefined }, '/authorisation'],
    [
      'nobody is asked for',
      { ...byKey, authorisation: { ...AUTHORISATION, onBehalfOf: ' ' } },
      '/authorisation/onBehalfOf',
    ],
    ['no consent', { ...byKey, authorisation: {} }, '/authorisation/consent'],
    ['nobody asked about', { ...byKey, personKey: undefined }, '/person'],
    ['two persons', { ...byKey, person }, '/personKey'],
    [
      'wrong check digit',
      { ...byDocument, person: { ...person, documentNumber: '110101199003070039' } },
      '/person/documentNumber',
    ],
    [
      'a passport without a country',
      { ...byDocument, person: { documentType: 'passport', documentNumber: 'E12345678' } },
      '/person/issuingCountry',
    ],
    ['a time without offset', { ...byKey, at: '2026-03-01T09:00' }, '/at'],
    ['a kind of place that nobody names', { ...byKey, occasion: { kind: 'casino' } }, '/occasion/kind'],
    ['far ahead', { ...byKey, at: '2026-03-17T09:00Z' }, '/at'],
    [
      'presented without a result',
      { ...byKey, presented: [{ kind: 'result', reportIssuedAt: '2026-03-01' }] },
      '/presented/0/result',
    ],
    [
      'presented at no time',
      { ...byKey, presented: [{ kind: 'sampling', sampledAt: 'noon' }] },
      '/presented/0/sampledAt',
    ],
    [
      'presented before it was sampled',
      {
        ...byKey,
        presented: [
          {
            kind: 'result',
            result: 'negative',
            sampledAt: '2026-03-01T10:00+08:00',
            reportIssuedAt: '2026-03-01T09:00+08:00',
          },
        ],
      },
      '/presented/0/reportIssuedAt',
    ],
  ])('refuses %s', async (_name, payload, pointer) => {
    const started = start();
    const response = await post(started, payload);
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ status: 400, pointer });
  });
  it('never repeats or logs a number or a key', async () => {
    const started = start(async () => {
      throw new TypeError('a mistake');
    });
    const wrong = '110101199003070039';
    const responses = [
      await post(started, { ...byDocument, person: { ...person, documentNumber: wrong } }),
      await post(started, { ...byDocument, [wrong]: wrong }),
      await post(started, byDocument),
      await post(started, byKey),
      await started.app.inject({ url: `/v1/people/${KEY}` }),
      await started.app.inject({ url: `/v1/people/${KEY}x` }),
    ];
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([400, 400, 500, 500, 500, 400]);
    const said = [...responses.map(({ body }) => body), ...started.log, await metricsOf(started)].join('\n');
    for (const secret of [wrong, NUMBER, KEY, ...started.asked]) expect(said).not.toContain(secret);
    expect(started.log.length).toBeGreaterThan(0);
  });
  it('is counted by destination and outcome, or by problem', async () => {
    const names = [
      'hutong_lookups_total{destination="44",outcome="no_evidence"}',
      'hutong_lookup_duration_seconds_count',
      'hutong_lookup_failures_total{problem="malformed"}',
      'hutong_lookup_failures_total{problem="invalid"}',
    ];
    const countAll = () => Promise.all(names.map(counted));
    const before = await countAll();
    const started = start();
    await post(started, byKey);
    await post(started, { ...byKey, destination: '99' });
    await post(started, { ...byKey, at: 'noon' });
    expect((await countAll()).map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1, 1]);
  });
});

describe('a view that can’t be read', () => {
  const failures = 'hutong_lookup_failures_total{problem="redis_unavailable"}';
  const asked = async (away: TestApp) => [
    await post(away, byKey),
    await post(away, { items: [byKey] }, '/v1/recognitions/batch'),
    await away.app.inject({ url: `/v1/people/${KEY}` }),
  ];
  it.each([
    [
      'away',
      async () => {
        throw new HutongError('REDIS_UNAVAILABLE', 'redis did not answer', { retriable: true });
      },
    ],
    ['hanging', () => new Promise<never>(() => {})],
  ])('%s: 503 within the time limit, with Retry-After', async (_name, read) => {
    const away = await lookupApp({ timeLimitMs: 50 });
    away.read = read;
    for (const response of await asked(away)) {
      expect(response.statusCode).toBe(503);
      expect(response.headers['retry-after']).toMatch(/^[1-4]$/);
      expect(response.json()).toMatchObject({ type: 'urn:hutong:problem:view-unavailable', status: 503 });
    }
    expect((await metricsOf(away)).split('\n')).toContain(`${failures} 3`);
    await away.app.close();
  });
  it('for a while isn’t waited for any more, until it answers again', async () => {
    const away = await lookupApp({ timeLimitMs: 50 });
    away.read = () => new Promise<never>(() => {});
    await asked(away);
    await asked(away);
    const [before, sinceMs] = [away.asked.length, performance.now()];
    for (const response of await asked(away)) expect(response.statusCode).toBe(503);
    // A probe, and another one for each quarter of a second that a busy machine took.
    expect(away.asked.length - before).toBeLessThanOrEqual(1 + (performance.now() - sinceMs) / 250);
    away.read = async () => snapshot(null);
    await vi.waitFor(async () => expect((await post(away, byKey)).statusCode).toBe(200), { timeout: 5_000 });
    await away.app.close();
  });
  it('of another version: 500, and says so', async () => {
    const response = await post(
      start(async () => {
        throw new HutongError('VIEW_UNREADABLE', 'version 9', { retriable: false });
      }),
      byKey,
    );
    expect(response.json()).toMatchObject({ type: 'urn:hutong:problem:view-unreadable', status: 500 });
  });
});

describe('GET /v1/people/{personKey}', () => {
  it('shows the view with its freshness, and not the key', async () => {
    const dose = vaccinationAdministered({});
    const sampling = samplingRecorded({ sampledAtMs: NOW_MS - 9 * HOUR_MS });
    const response = await start(async () => snapshot(viewOf(recent, sampling, dose))).app.inject({
      url: `/v1/people/${KEY}`,
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      view: {
        tests: [
          {
            province: '43',
            status: 'final',
            result: 'negative',
            day: '2026-03-02',
            sampledAt: '2026-03-02T03:00:00+08:00',
            issuedAt: '2026-03-02T11:00:00+08:00',
          },
        ],
        samplings: [{ site: 'P1', sampledAt: '2026-03-02T03:00:00+08:00' }],
        doses: [{ doseId: 'D1' }],
        testsCut: { dated: [], undated: [] },
        unreadableRecords: 0,
      },
      position: { partition: 3 },
      freshness: {
        watermarks: expect.arrayContaining([
          { province: '54', instance: '54-a', through: '2026-03-02T11:59:59+08:00' },
        ]),
      },
    });
    expect(response.body).not.toContain(KEY);
  });
  it('says when there is nothing', async () => {
    expect((await start().app.inject({ url: `/v1/people/${KEY}` })).json()).toMatchObject({ view: null });
  });
});
