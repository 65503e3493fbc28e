/**
 * What operators do about records that could not be read, on real parts: a replay or a discard ends the mark of
 * incompleteness at once, in every view that is ever made of the log, and who did it is kept.
 */

import { randomBytes } from 'node:crypto';
import avro from 'avsc';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import type { IdentityDocument } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import { registerSchema, RegistrySchemas, type SchemaIds } from '#exchange/topics/registry.ts';
import { CURRENT } from '#exchange/topics/schemas.ts';
import { decodeView } from '#exchange/view/codec.ts';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson } from '#exercises/town/door-events.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { POLICIES } from '#platform/folders.ts';
import { createSerialProducer, type Producer } from '#platform/kafka/client.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { deadLettersCommand } from '#services/cli/dead-letters/command.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';
import { publishRulesAsOf } from '#test/support/published.ts';

let exchange: Exchange;
let producer: Producer;
let schemaIds: SchemaIds;

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a' },
      { kind: 'materialiser', name: '1' },
      { kind: 'materialiser', name: '2' },
      { kind: 'lookup', name: '1' },
    ],
  });
  // The commands run in this process.
  vi.stubEnv('HUTONG_KEYS', exchange.stack.serviceEnv['HUTONG_KEYS']);
  schemaIds = await new RegistrySchemas(operatorRegistry(exchange.stack)).currentIds();
  producer = createSerialProducer(exchange.kafka);
  await producer.connect();
  await publishRulesAsOf(exchange, POLICIES, async () => (await ask(newPerson())).rules.publishedAt !== null);
  await until('all provinces are fresh', async () => (await ask(newPerson())).outcome === 'no_evidence');
});

afterEach(() => {
  process.exitCode = undefined;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await producer?.disconnect();
  await exchange?.stop();
});

async function ask(person: IdentityDocument): Promise<Answer> {
  const response = await exchange.ask({
    destination: '44',
    purpose: 'public_place',
    person,
    authorisation: { consent: 'shown the code' },
  });
  return (await response.json()) as Answer;
}

/** Asks when everything in the log is in the view. */
async function answerFor(person: IdentityDocument): Promise<Answer> {
  await exchange.caughtUp();
  return ask(person);
}

/** @returns the letter's name: the place of the record */
async function append(
  key: Buffer,
  value: Buffer | null,
  { partition = partitionOf(key, exchange.partitions), province = '43' } = {},
): Promise<string> {
  const headers = { ce_source: `/provinces/${province}/producers/${province}-a` };
  const { topic, ...message } = exchange.taggedBy(province, { topic: 'tests', key, value, partition, headers });
  const [{ baseOffset = '' } = {}] = await producer.sendBatch({
    acks: -1,
    topicMessages: [{ topic, messages: [message] }],
  });
  return `tests/${partition}/${baseOffset}`;
}

async function hutong(...args: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  await deadLettersCommand(LOG, (text) => void said.push(text)).parseAsync(
    [...args, '--kafka', exchange.stack.addresses.kafka ?? '', '--run-dir', exchange.stack.runDir],
    { from: 'user' },
  );
  return { status: Number(process.exitCode), said: said.join('\n') };
}

const reported = (province: ProvinceCode = '43') =>
  testReported({
    province,
    sampledAtMs: Date.now() - 8 * HOUR_MS,
    reportIssuedAtMs: Date.now() - HOUR_MS,
    acceptedAtMs: Date.now(),
  });
const good = (province?: ProvinceCode): Buffer =>
  encodeValue('TestReported', schemaIds.TestReported, reported(province));

function wire(schemaId: number, body: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(schemaId, 1);
  return Buffer.concat([prefix, body]);
}

const NEWER = { ...(JSON.parse(CURRENT.TestReported.text) as { fields: object[] }) };
NEWER.fields = [...NEWER.fields, { name: 'remark', type: ['null', 'string'], default: null }];

test('an unknown schema is registered, the letter replayed, and the person’s answer is plain again', async () => {
  const [before, person] = [newPerson(), newPerson()];
  // No other file gives the registry that all share anything new, so this one knows which id comes next.
  const nextId =
    (await registerSchema(
      operatorRegistry(exchange.stack),
      JSON.stringify({
        type: 'record',
        namespace: 'cn.hutong.other',
        name: 'Weather',
        fields: [{ name: 'rain', type: 'boolean' }],
      }),
    )) + 1;
  const letter = await append(
    exchange.keyOf(person),
    wire(
      nextId,
      avro.Type.forSchema(NEWER as unknown as avro.Schema).toBuffer({ ...reported(), remark: 'of a newer producer' }),
    ),
  );
  expect(await answerFor(person)).toMatchObject({
    outcome: 'undetermined',
    reason: 'record_incomplete',
    incomplete: { person: true },
  });
  expect(await hutong('list', '--reason', 'unknown_schema_id', '--province', '43')).toMatchObject({
    status: 0,
    said: expect.stringContaining(letter) as string,
  });
  const shown = await hutong('show', letter);
  expect(shown.said).toContain(`schema id ${nextId}`);
  expect(shown.said).toContain('may hold personal data');

  expect(await registerSchema(operatorRegistry(exchange.stack), JSON.stringify(NEWER))).toBe(nextId);
  expect(await hutong('replay', letter, '--by', 'Li', '--why', 'schema registered')).toEqual({
    status: 0,
    said: `${letter}: replayed\n1 replayed.`,
  });
  expect(await answerFor(person)).toMatchObject({ outcome: 'recognised', incomplete: { person: false } });
  expect((await hutong('list')).said).not.toContain(letter);
  const settled = JSON.parse(
    (await hutong('list', '--state', 'settled', '--json')).said
      .split('\n')
      .find((line) => line.includes(`"${letter}"`)) ?? '{}',
  ) as object;
  expect(settled).toMatchObject({
    settled: { as: 'replayed', by: 'Li', why: 'schema registered', unreadableAgain: null },
  });
  expect(await answerFor(before)).toMatchObject({ outcome: 'no_evidence' });
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('settling again, or by two operators at once, changes nothing more', async () => {
  const person = newPerson();
  const letter = await append(exchange.keyOf(person), good().subarray(0, 40));
  const discards = await Promise.all(['Li', 'Wang'].map((by) => settleQuietly('discard', letter, by)));
  expect(discards).toEqual([0, 0]);
  const again = await hutong('discard', letter, '--by', 'Zhao', '--why', 'again');
  expect(again).toMatchObject({
    status: 0,
    said: expect.stringMatching(/nothing to do, discarded by (Li|Wang), /) as string,
  });
  expect(await answerFor(person)).toMatchObject({ outcome: 'no_evidence', incomplete: { person: false } });
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

async function settleQuietly(command: 'replay' | 'discard', letter: string, by: string): Promise<number> {
  await until('the letter is written', async () => (await hutong('list', '--json')).said.includes(letter));
  return (await hutong(command, letter, '--by', by, '--why', 'not worth mending')).status;
}

test('a replay unreadable again becomes a letter that names the first, and marks until it is discarded', async () => {
  const person = newPerson();
  const letter = await append(exchange.keyOf(person), good().subarray(0, 40));
  await exchange.caughtUp();
  const replayed = await hutong('replay', letter, '--by', 'Li');
  expect(replayed.status).toBe(1);
  const next = /unreadable again: (tests\/\d+\/\d+) \(truncated_or_garbled/.exec(replayed.said)?.[1] ?? '';
  expect((await hutong('show', next)).said).toContain(`replays   ${letter}`);
  expect(await answerFor(person)).toMatchObject({ outcome: 'undetermined', incomplete: { person: true } });

  expect(await hutong('discard', next, '--by', 'Li', '--why', 'the laboratory sends it again')).toMatchObject({
    status: 0,
  });
  expect(await answerFor(person)).toMatchObject({ outcome: 'no_evidence', incomplete: { person: false } });
  const view = decodeView((await exchange.viewBytes(exchange.keyOf(person))) as Buffer);
  expect(view.unreadable).toEqual([]);
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('more letters of one person than a view lists are settled by a filter, and no mark stays', async () => {
  const person = newPerson();
  const key = exchange.keyOf(person);
  for (let count = 0; count < 11; count += 1) await append(key, randomBytes(200).fill(7, 0, 1), { province: '62' });
  expect(await answerFor(person)).toMatchObject({ incomplete: { person: true } });
  expect(decodeView((await exchange.viewBytes(key)) as Buffer).unreadable).toHaveLength(8);
  expect(
    await hutong('discard', '--reason', 'not_wire_format', '--province', '62', '--by', 'Li', '--why', 'random bytes'),
  ).toMatchObject({ status: 0, said: expect.stringContaining('11 discarded') as string });
  expect(await answerFor(person)).toMatchObject({ outcome: 'no_evidence', incomplete: { person: false } });
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('a province’s mark ends with its last letter, everywhere and without a restart', async () => {
  const person = newPerson();
  const key = exchange.keyOf(person);
  const noKey = await append(Buffer.from('short'), good('54'), { partition: 2, province: '54' });
  const wrong = await append(key, good('54'), {
    partition: (partitionOf(key, exchange.partitions) + 1) % exchange.partitions,
    province: '54',
  });
  const incomplete = async () => (await ask(newPerson())).incomplete.provinces;
  await until('Tibet is marked', async () => (await incomplete()).includes('54'));

  const refused = await hutong('replay', noKey, '--by', 'Li');
  expect(refused).toMatchObject({ status: 1, said: expect.stringContaining('belongs to nobody known') as string });
  expect(await hutong('discard', noKey, '--by', 'Li', '--why', 'the province sends it again')).toMatchObject({
    status: 0,
  });
  expect(await incomplete()).toEqual(['54']);
  expect(
    (await Promise.all(['Li', 'Wang'].map((by) => hutong('replay', wrong, '--by', by)))).map(({ status }) => status),
  ).toEqual([0, 0]);
  for (let asked = 0; asked < exchange.partitions * 4; asked += 1)
    await until('nothing is incomplete', async () => (await incomplete()).length === 0);
  expect(await answerFor(person)).toMatchObject({
    outcome: 'recognised',
    incomplete: { person: false, provinces: [] },
  });
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('a view that is made anew from the log marks nobody who is settled', async () => {
  await emptyRedis(exchange.redis);
  await until('the log is read again', async () => {
    await exchange.caughtUp();
    return (await differencesFromOracle(exchange)).length === 0;
  });
  const said = (await hutong('list', '--state', 'all', '--since', formatTime(Date.now() - HOUR_MS))).said;
  expect(said).toMatch(/\d+ letters: /);
  expect((await hutong('list')).said).toMatch(/^No open letters of \d+\.$/);
  await until('no province is incomplete', async () => (await ask(newPerson())).outcome === 'no_evidence');
});
