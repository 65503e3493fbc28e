/**
 * Guarantee *Erased stays erased*, on the real parts: an erasure takes effect at once, by key and through the door,
 * leaves what is accepted after its reach, and comes to the same when the view is built again from the log.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERASURE_REACH_MS, type PersonEvent } from '#core/events/events.ts';
import { DAY_MS, formatTime } from '#core/field/time.ts';
import { encodeEvent, tagged, tellerOf } from '#exchange/topics/records.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { decodeView } from '#exchange/view/codec.ts';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import {
  codeAssignedJson,
  exposureRecordedJson,
  newPerson,
  samplingRecordedJson,
  testReportedJson,
  vaccinationJson,
} from '#exercises/town/door-events.ts';
import { personErased, testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { POLICIES } from '#platform/folders.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';
import { publishRulesAsOf } from '#test/support/published.ts';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange();
  await publishRulesAsOf(exchange, POLICIES, async () => (await ask(newPerson())).rules.publishedAt !== null);
});
afterAll(() => exchange?.stop());

type Person = ReturnType<typeof newPerson>;

interface Told {
  readonly outcome: string;
  readonly standing: Record<string, unknown[]>;
  readonly rules: { readonly publishedAt: string | null };
}

async function ask(person: Person): Promise<Told> {
  const response = await exchange.ask({
    destination: '31',
    purpose: 'public_place',
    person,
    authorisation: { consent: 'shown the code' },
  });
  return (await response.json()) as Told;
}

async function viewBytes(person: Person): Promise<Buffer | null> {
  return exchange.viewBytes(exchange.keyOf(person));
}

async function viewOf(person: Person): Promise<unknown> {
  const bytes = await viewBytes(person);
  return bytes === null ? null : decodeView(bytes);
}

async function erase(person: Person, province = '43'): Promise<void> {
  const personKey = exchange.keyOf(person).toString('hex');
  await exchange.send([
    {
      type: 'PersonErased',
      personKey,
      province,
      erasureId: 'R1',
      authority: 'Hunan health commission',
      legalBasis: 'Personal Information Protection Law, article 47',
      decidedAt: formatTime(Date.now()),
    },
  ]);
}

/** A result that was accepted when an erasure no longer reaches. */
function acceptedLater(): PersonEvent {
  const nowMs = Date.now();
  return testReported({
    sampleId: 'after',
    acceptedAtMs: nowMs + 2 * ERASURE_REACH_MS,
    sampledAtMs: nowMs - DAY_MS,
    reportIssuedAtMs: nowMs - 60_000,
    testedAtMs: null,
  });
}

/** By no door. @param tagger under whose key; by default it's the one whose word the event is */
async function append(person: Person, event: PersonEvent, tagger: string = tellerOf(event)): Promise<void> {
  const schemaIds = await new RegistrySchemas(operatorRegistry(exchange.stack)).currentIds();
  const { partitions } = exchange;
  const record = encodeEvent(exchange.keyOf(person), event, { log: LOG, schemaIds, partitions, keyVersion: 1 });
  await exchange.append(tagged(exchange.ring.newestOf(tagger), record));
}

/** Whose erasure it is. */
const HUNAN = { province: '43' } as const;

test('an erasure hides all of a person at once, and of nobody else', async () => {
  const [person, other] = [newPerson(), newPerson()];
  await exchange.send(
    [person, other].flatMap((one) => [
      testReportedJson(one, HUNAN),
      samplingRecordedJson(one, HUNAN),
      vaccinationJson(one, HUNAN),
      codeAssignedJson(one, HUNAN),
      exposureRecordedJson(one, HUNAN),
    ]),
  );
  await exchange.caughtUp();
  await until(
    'recognised',
    async () => (await ask(person)).outcome === 'recognised' && (await ask(other)).outcome === 'recognised',
  );
  await erase(person);
  await exchange.caughtUp();
  await until('no evidence', async () => (await ask(person)).outcome === 'no_evidence');
  expect((await ask(person)).standing).toMatchObject({
    codes: [],
    exposures: [],
    doses: [],
    erasedThrough: null,
    erasures: [{ publisher: { province: '43' }, through: expect.any(String) }],
  });
  expect(await ask(other)).toMatchObject({ outcome: 'recognised', standing: { doses: [{}], erasedThrough: null } });
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('what comes late stays erased, what is accepted after the reach counts, in a view built again too', async () => {
  const person = newPerson();
  await exchange.send([testReportedJson(person, HUNAN), vaccinationJson(person, HUNAN)]);
  await erase(person);
  await exchange.send([testReportedJson(person)]);
  await append(person, acceptedLater());
  await exchange.caughtUp();
  const before = await viewBytes(person);
  expect(await viewOf(person)).toMatchObject({ datedTests: [{ sampleId: 'after' }], doses: [], unreadable: [] });
  await emptyRedis(exchange.redis);
  await exchange.caughtUp();
  await until('the same view', async () => before !== null && (await viewBytes(person))?.equals(before) === true);
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('Hunan’s erasure doesn’t clear Beijing’s red code, and the national role’s takes it', async () => {
  const person = newPerson();
  await exchange.send([
    testReportedJson(person),
    codeAssignedJson(person, { province: '11', state: 'red' }),
    codeAssignedJson(person, { state: 'red' }),
  ]);
  await erase(person);
  await exchange.caughtUp();
  expect(await viewOf(person)).toMatchObject({
    datedTests: [],
    codes: [{ province: '11', state: 'red' }],
    erasedThroughMs: null,
    publisherErasures: [{ province: '43' }],
  });
  const nowMs = Date.now();
  const national = { acceptedAtMs: nowMs, decidedAtMs: nowMs, erasesThroughMs: nowMs + ERASURE_REACH_MS };
  await append(person, personErased({ ...national, takes: 'all' }), 'province-43'); // Hunan, past its door
  await exchange.caughtUp();
  expect(await viewOf(person)).toMatchObject({ codes: [{ province: '11', state: 'red' }], erasedThroughMs: null });
  await append(person, personErased({ ...national, takes: 'all' }));
  await exchange.caughtUp();
  expect(await viewOf(person)).toMatchObject({ codes: [], erasedThroughMs: nowMs + ERASURE_REACH_MS });
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('samples that are too old leave the view, doses don’t', async () => {
  const person = newPerson();
  await exchange.send([
    testReportedJson(person, {
      sampleId: 'old',
      sampledAt: formatTime(Date.now() - 40 * DAY_MS),
      reportIssuedAt: formatTime(Date.now() - 39 * DAY_MS),
    }),
    testReportedJson(person, { sampleId: 'new' }),
    vaccinationJson(person, { givenAt: '2021-05-01' }),
  ]);
  await exchange.caughtUp();
  expect(await viewOf(person)).toMatchObject({ datedTests: [{ sampleId: 'new' }], datedTestsCuts: [{}], doses: [{}] });
  expect(await differencesFromOracle(exchange)).toEqual([]);
});
