/**
 * Withdrawals on the real parts: in force for every look-up within a second, in all partitions and without a view being
 * written; undone by another record; kept by a rebuild; and nothing for whoever may not. Last, what was written under a
 * key that had leaked is withdrawn: answers say at once that they may rest on it, until views are built without.
 */

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireSigningKey } from '#exchange/keys/signing-keys.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { withdrawalRecord } from '#exchange/topics/withdrawals.ts';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { POLICIES } from '#platform/folders.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { startExchange } from '#test/support/exchange.ts';
import { runHutong } from '#test/support/hutong.ts';
import { publishRulesAsOf } from '#test/support/published.ts';
import { withdrawal } from '#test/support/withdrawals.ts';

const LABORATORY = { province: '43', laboratory: '第一医院' } as const;
let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange();
  await publishRulesAsOf(exchange, POLICIES, async () => (await ask(newPerson())).rules.publishedAt !== null);
});
afterAll(() => exchange?.stop());

type Person = ReturnType<typeof newPerson>;

interface Told {
  readonly outcome: string;
  readonly reason: string;
  readonly standing: { readonly withdrawn: readonly { readonly withdrawal: string }[] };
  readonly rules: { readonly publishedAt: string | null };
}

async function ask(person: Person): Promise<Told> {
  const authorisation = { consent: 'shown the code' };
  const response = await exchange.ask({ destination: '31', purpose: 'public_place', person, authorisation });
  return (await response.json()) as Told;
}

const outcomesOf = async (people: readonly Person[]): Promise<readonly string[]> =>
  [...new Set((await Promise.all(people.map(ask))).map(({ outcome, reason }) => `${outcome} ${reason}`))].sort();
const withdraw = (...args: readonly string[]) => runHutong(exchange, 'withdraw', ...args);

/** One in each partition, with a negative of the run; nobody else is there to make a step. */
async function peopleOfRun(run: string): Promise<readonly Person[]> {
  const people = new Map<number, Person>();
  while (people.size < exchange.partitions) {
    const person = newPerson();
    people.set(partitionOf(exchange.keyOf(person), exchange.partitions), person);
  }
  await exchange.send([...people.values()].map((person) => testReportedJson(person, { ...LABORATORY, run })));
  await exchange.caughtUp();
  return [...people.values()];
}

const RECOGNISED = ['recognised negative_result'];
const WITHDRAWN = ['no_evidence result_withdrawn'];
const AS = ['--as', 'province-43'];
const OF_RUN = ['--laboratory', LABORATORY.laboratory, '--run'];

test('a run is withdrawn for every look-up within a second, and back once that is undone', async () => {
  const people = await peopleOfRun('R1');
  const others = await peopleOfRun('R2');
  await until('recognised', async () => (await outcomesOf([...people, ...others])).join() === RECOGNISED.join());
  const views = await Promise.all(people.map((person) => exchange.viewBytes(exchange.keyOf(person))));

  const preview = await withdraw(...AS, ...OF_RUN, 'R1', '--preview');
  expect(preview).toMatchObject({ status: 0, output: expect.stringContaining('Nothing was appended') });
  expect(preview.output).toContain(`${people.length} hold a result that would count otherwise`);
  expect(preview.output).toMatch(new RegExp(`31 .*public_place .*recognised .*no_evidence .*${people.length} `));
  expect(await outcomesOf(people)).toEqual(RECOGNISED);

  const { status, output } = await withdraw(...AS, ...OF_RUN, 'R1', '--why', 'contaminated');
  // Tenths of a second on a machine that isn't busy otherwise.
  expect([status, output]).toEqual([0, expect.stringMatching(/is in force in all \d+ partitions, [0-4]\.\d s after/)]);
  expect(await outcomesOf(people)).toEqual(WITHDRAWN);
  expect(await outcomesOf(others)).toEqual(RECOGNISED);
  const [id = ''] = output.split(' ');
  expect((await ask(people[0] as Person)).standing.withdrawn).toMatchObject([{ withdrawal: id }]);
  expect(await Promise.all(people.map((person) => exchange.viewBytes(exchange.keyOf(person))))).toEqual(views);

  const listed = await runHutong(exchange, 'withdrawals', 'list');
  expect(listed.output).toMatch(new RegExp(`${id}.*province-43.*run R1.*contaminated.*in force`));
  const undone = await withdraw(...AS, '--undo', id, '--why', 'checked again');
  expect([undone.status, undone.output]).toEqual([0, expect.stringMatching(/is undone in all \d+ partitions/)]);
  expect(await outcomesOf(people)).toEqual(RECOGNISED);
});

test('a withdrawal is kept by a rebuild, and by a Redis that has lost everything', async () => {
  const people = await peopleOfRun('R3');
  expect((await withdraw(...AS, ...OF_RUN, 'R3', '--why', 'contaminated')).status).toBe(0);
  const rebuilt = await runHutong(exchange, 'view', 'rebuild', '--switch');
  expect([rebuilt.status, rebuilt.output]).toEqual([0, expect.any(String)]);
  expect(await outcomesOf(people)).toEqual(WITHDRAWN);
  for (const server of exchange.redisMasters) await emptyRedis(server);
  await exchange.caughtUp();
  await until('withdrawn again', async () => (await outcomesOf(people)).join() === WITHDRAWN.join());
});

test('nobody withdraws another’s results', async () => {
  const people = await peopleOfRun('R4');
  const refused = await withdraw('--as', 'province-44', '--province', '43', ...OF_RUN, 'R4', '--why', 'envy');
  expect(refused.status).toBe(2);
  const keys = join(exchange.stack.runDir, 'keys');
  const { atMs: _at, ...said } = withdrawal({ ...LABORATORY, id: 'forged', run: 'R4' });
  for (const principal of ['province-44', 'operator'])
    await exchange.append(withdrawalRecord({ withdrawn: said }, requireSigningKey(keys, principal)));
  // What is appended after it is read after it.
  const { atMs: _when, ...empty } = withdrawal({ ...LABORATORY, id: 'own', run: 'nobody’s' });
  await exchange.append(withdrawalRecord({ withdrawn: empty }, requireSigningKey(keys, 'province-43')));
  await until('the later one in force', async () =>
    (await runHutong(exchange, 'withdrawals', 'list', '--json')).output.includes('"own"'),
  );
  expect((await runHutong(exchange, 'withdrawals', 'list', '--all')).output).not.toContain('forged');
  expect(await outcomesOf(people)).toEqual(RECOGNISED);
  const national = await withdraw('--as', 'national', '--province', '43', ...OF_RUN, 'R4', '--why', 'by the nation');
  expect(national.status).toBe(0);
  expect(await outcomesOf(people)).toEqual(WITHDRAWN);
  const [id = ''] = national.output.split(' ');
  expect((await withdraw(...AS, '--undo', id, '--why', 'no')).status).toBe(1);
  expect(await outcomesOf(people)).toEqual(WITHDRAWN);
});

/** By somebody who has the record key of Xinjiang. */
async function forge(person: Person, result: 'negative' | 'positive'): Promise<void> {
  const key = exchange.keyOf(person);
  const nowMs = Date.now();
  const event = testReported({
    province: '65',
    sampleId: `forged ${nowMs}`,
    result,
    sampledAtMs: nowMs - 120_000,
    testedAtMs: null,
    reportIssuedAtMs: nowMs - 60_000,
    acceptedAtMs: nowMs,
  });
  const { TestReported } = await new RegistrySchemas(operatorRegistry(exchange.stack)).currentIds();
  const record = {
    topic: 'tests',
    partition: partitionOf(key, exchange.partitions),
    key,
    value: encodeValue('TestReported', TestReported, event),
    headers: { ce_id: `forged-${nowMs}`, ce_source: '/provinces/65/producers/65-a' },
  };
  await exchange.append(exchange.taggedBy('65', record));
}

test('a key had leaked: answers that may rest on it are undetermined, and right once views are rebuilt', async () => {
  const [before, hurt, helped, other] = [newPerson(), newPerson(), newPerson(), newPerson()];
  await forge(before, 'negative'); // it is genuine, as far as anybody knows
  await exchange.send([hurt, other].map((person) => testReportedJson(person)));
  await exchange.caughtUp();
  const since = new Date();
  await forge(hurt, 'positive');
  await forge(helped, 'negative');
  await exchange.caughtUp();
  const told = async () => Promise.all([before, hurt, helped, other].map(async (person) => (await ask(person)).reason));
  const asBefore = ['negative_result', 'newest_result_positive', 'negative_result', 'negative_result'];
  await until('all is seen', async () => (await told()).join() === asBefore.join());
  // One that was begun before anybody knew.
  expect((await runHutong(exchange, 'view', 'rebuild')).output).toContain('Not switched');

  const flags = ['--since', since.toISOString(), '--why', 'stolen'];
  const { status, output } = await runHutong(exchange, 'keys', 'revoke', 'province-65-1', ...flags);
  expect([status, output]).toEqual([0, expect.stringContaining('hutong view rebuild --switch')]);
  const doubted = ['key_leaked', 'key_leaked', 'key_leaked', 'negative_result'];
  await until('it is doubted', async () => (await told()).join() === doubted.join(), 5_000);
  expect((await ask(helped)).outcome).toBe('undetermined');
  expect((await runHutong(exchange, 'keys', 'list')).output).toContain(
    `province-65-1 had leaked: what was appended under it from ${since.toISOString()} on is withdrawn. stolen`,
  );

  const rebuilt = await runHutong(exchange, 'view', 'rebuild', '--switch');
  expect([rebuilt.status, rebuilt.output]).toEqual([
    0,
    expect.stringContaining('it begins anew: a key has been revoked'),
  ]);
  const right = ['negative_result', 'negative_result', 'nothing_on_record', 'negative_result'];
  await until('answers are plain and right', async () => (await told()).join() === right.join());
  expect(await differencesFromOracle(exchange)).toEqual([]);
});
