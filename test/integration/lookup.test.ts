/** The look-up on a real view: what a gate gets, and what it gets when something is away or behind. */

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import type { IdentityDocument } from '#core/field/identity.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import {
  codeAssignedJson,
  exposureRecordedJson,
  newPerson,
  samplingRecordedJson,
  testReportedJson,
  vaccinationJson,
} from '#exercises/town/door-events.ts';
import { startExchange } from '#test/support/exchange.ts';
import { policiesWithFreshnessBound } from '#test/support/policies.ts';
import { publishRulesAsOf } from '#test/support/published.ts';

const SILENT = '63';
/** Shorter than in the rules that are in force, so that nobody waits. */
const FRESHNESS_BOUND_S = 5;
let exchange: Exchange;

beforeAll(async () => {
  const policies = policiesWithFreshnessBound(FRESHNESS_BOUND_S);
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a', provinces: PROVINCE_CODES.filter((code) => code !== SILENT) },
      { kind: 'producer', name: 'q', provinces: [SILENT] },
      { kind: 'materialiser', name: '1' },
      { kind: 'lookup', name: '1' },
    ],
    env: { HUTONG_POLICIES: policies },
    ownKafka: true,
  });
  await publishRulesAsOf(exchange, policies, async () => (await ask(newPerson())).rules.publishedAt !== null);
  await until('all provinces are fresh', async () => (await ask(newPerson())).provincesBehind.length === 0);
});

afterAll(async () => {
  await exchange?.stop();
});

async function request(body: object): Promise<Response> {
  return exchange.ask(body);
}

async function ask(person: IdentityDocument, given: object = {}): Promise<Answer> {
  const response = await request({
    destination: '44',
    purpose: 'public_place',
    person,
    authorisation: { consent: 'shown the code' },
    ...given,
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

/**
 * The answer of a moment at which no province is behind: on a busy machine a watermark may be older than the short
 * bound.
 */
async function askWhenFresh(person: IdentityDocument): Promise<Answer> {
  let answer = await ask(person);
  await until('all provinces are fresh', async () => (answer = await ask(person)).provincesBehind.length === 0);
  return answer;
}

interface ToldOfHunan {
  readonly state: string;
  readonly topics: readonly {
    readonly events: number;
    readonly corrections: number;
    readonly lately: { readonly events: number } | null;
  }[];
}

async function hunanAsSource(): Promise<ToldOfHunan> {
  const url = `${exchange.stack.addresses.lookup}/v1/sources`;
  const { sources } = (await (await exchange.as('national')(url)).json()) as {
    sources: readonly (ToldOfHunan & { readonly province: string })[];
  };
  return sources.find(({ province }) => province === '43') as ToldOfHunan;
}

test('how Hunan fares as a source is told to who holds it, and its freshness alone to anybody', async () => {
  const before = await hunanAsSource();
  expect(before.state).toMatch(/^(nothing_to_say|reporting)$/);
  const test = testReportedJson(newPerson(), { province: '43' });
  await exchange.send([test, { ...test, status: 'corrected' }]);
  await until('both are counted, and their way is timed', async () => {
    const { state, topics } = await hunanAsSource();
    return (
      state === 'reporting' &&
      topics[0]?.events === (before.topics[0]?.events ?? 0) + 2 &&
      topics[0].corrections === (before.topics[0]?.corrections ?? 0) + 1 &&
      (topics[0].lately?.events ?? 0) >= 2
    );
  });
  const lookup = String(exchange.stack.addresses.lookup);
  expect((await exchange.as('gate-44')(`${lookup}/v1/sources`)).status).toBe(403);
  for (const path of ['/v1/freshness', '/freshness']) expect((await fetch(`${lookup}${path}`)).status).toBe(200);
});

test('tested in Hunan, asked in Guangdong, moments later', async () => {
  const person = newPerson();
  await exchange.send([testReportedJson(person, { province: '43' })]);
  await exchange.caughtUp();
  expect(await askWhenFresh(person)).toMatchObject({
    outcome: 'recognised',
    evidence: [{ province: '43', result: 'negative' }],
    provincesBehind: [],
    exchangeBehind: false,
  });
});

test('the same person by personKey, in a batch, and as a view', async () => {
  const person = newPerson();
  await exchange.send([testReportedJson(person), samplingRecordedJson(person)]);
  await exchange.caughtUp();
  const personKey = exchange.keyOf(person).toString('hex');
  const question = {
    destination: '31',
    purpose: 'public_place',
    personKey,
    authorisation: { consent: 'shown the code' },
  };
  const items = [question, { ...question, destination: '99' }];
  const batch = await exchange.ask({ items }, { path: '/v1/recognitions/batch' });
  expect(await batch.json()).toMatchObject({
    results: [
      { index: 0, answer: { outcome: 'recognised' } },
      { index: 1, problem: { status: 400, pointer: '/items/1/destination' } },
    ],
  });
  const view = await exchange.as('operator')(`${exchange.stack.addresses.lookup}/v1/people/${personKey}`);
  expect(await view.json()).toMatchObject({
    view: { tests: [{ province: '43', result: 'negative' }], samplings: [{ province: '33' }] },
  });
});

test('one answer shows test, vaccination, exposure and code, and who may clear the code', async () => {
  const person = newPerson();
  await exchange.send([
    testReportedJson(person),
    vaccinationJson(person),
    codeAssignedJson(person, { province: '41' }),
    exposureRecordedJson(person),
  ]);
  await exchange.caughtUp();
  const { outcome, standing } = await ask(person);
  expect(outcome).toBe('recognised');
  expect(standing).toMatchObject({
    code: { way: 'through_national_code', passes: false, clearedBy: [{ province: '41' }] },
    codes: [
      {
        conversion: 'through_national_code',
        assignedBy: { province: '41' },
        clearedBy: { province: '41', name: { en: 'Henan' } },
      },
    ],
    exposures: [{}],
    doses: [{ product: 'CoronaVac' }],
  });
});

test('nobody knows anything and all is fresh: no_evidence, and a result shown otherwise has equal effect', async () => {
  const answer = await askWhenFresh(newPerson());
  expect(answer).toMatchObject({ outcome: 'no_evidence', reason: 'nothing_on_record' });
  expect(answer.equalEffect?.en).toBeTruthy();
});

test('a paper result that the exchange does not know is judged by the same rule, and labelled', async () => {
  const presented = [
    {
      kind: 'result',
      result: 'negative',
      method: 'nucleic_acid',
      channel: 'paper',
      reportIssuedAt: formatTime(Date.now() - 3 * HOUR_MS),
    },
  ];
  expect(await ask(newPerson(), { presented })).toMatchObject({
    outcome: 'recognised',
    evidence: [{ presented: true, unverified: true, channel: 'paper' }],
  });
});

test('a document that can’t be one is refused with a pointer, never repeated', async () => {
  const person = { ...newPerson(), documentNumber: '110105194912310021' };
  const response = await request({
    destination: '44',
    purpose: 'public_place',
    person,
    authorisation: { consent: 'yes' },
  });
  const text = await response.text();
  expect(response.status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({ pointer: '/person/documentNumber' });
  expect(text).not.toContain('110105194912310021');
});

test('someone whose province has fallen silent is not told that there is no test', async () => {
  const [known, unknown] = [newPerson(), newPerson()];
  await exchange.send([testReportedJson(known)]);
  await exchange.caughtUp();
  onTestFinished(() => exchange.stack.kill('producer-q', 'SIGCONT'));
  await exchange.stack.kill('producer-q', 'SIGSTOP');
  await until('Qinghai is behind', async () =>
    (await ask(known)).provincesBehind.some(({ province }) => province === SILENT),
  );
  expect(await ask(unknown)).toMatchObject({
    outcome: 'undetermined',
    reason: 'province_behind',
    finding: 'nothing_on_record',
  });
  expect(await ask(known)).toMatchObject({ outcome: 'recognised' });
  await exchange.stack.kill('producer-q', 'SIGCONT');
  await until('Qinghai is fresh again', async () => (await ask(unknown)).outcome === 'no_evidence');
});

test('a view that has fallen behind recognises nobody plainly', async () => {
  const person = newPerson();
  await exchange.send([testReportedJson(person)]);
  await exchange.caughtUp();
  onTestFinished(() => exchange.stack.kill('materialiser-1', 'SIGCONT'));
  await exchange.stack.kill('materialiser-1', 'SIGSTOP');
  await until('the exchange is behind', async () => (await ask(person)).exchangeBehind);
  expect(await ask(person)).toMatchObject({
    outcome: 'undetermined',
    reason: 'exchange_behind',
    finding: 'negative_result',
  });
  await exchange.stack.kill('materialiser-1', 'SIGCONT');
  await until('it is recognised again', async () => (await ask(person)).outcome === 'recognised');
});

test('Redis away: a problem at once, and answers again by itself', async () => {
  onTestFinished(() => exchange.revive('redis'));
  await exchange.stack.kill('redis');
  const startedAtMs = Date.now();
  const response = await request({
    destination: '44',
    purpose: 'public_place',
    person: newPerson(),
    authorisation: { consent: 'yes' },
  });
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(Date.now() - startedAtMs).toBeLessThan(5_000);
  await exchange.stack.restart('redis');
  await until(
    'look-ups are answered again',
    async () =>
      (
        await request({
          destination: '44',
          purpose: 'public_place',
          person: newPerson(),
          authorisation: { consent: 'yes' },
        })
      ).status === 200,
  );
});

test('a broker restarts: events wait or are refused as unavailable, and everything goes on by itself', async () => {
  onTestFinished(() => exchange.revive('kafka'));
  await exchange.stack.kill('kafka');
  const person = newPerson();
  const waiting = exchange.send([testReportedJson(person)]);
  await exchange.stack.restart('kafka');
  const { body, status } = await waiting;
  expect([200, 503]).toContain(status);
  if (status === 503)
    await until(
      'the event is taken',
      async () => (await exchange.send([testReportedJson(person)])).body.accepted === 1,
    );
  else expect(body.accepted).toBe(1);
  await exchange.caughtUp();
  await until('the person is recognised', async () => (await ask(person)).outcome === 'recognised');
});
