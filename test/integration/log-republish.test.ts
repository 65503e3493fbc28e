/** `hutong log republish`: the log goes into more partitions under newer keys, and the same views come of it. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advancePersonKey, type IdentityDocument, type PersonKey } from '#core/identity.ts';
import type { Answer } from '#core/recognise.ts';
import { newPerson, samplingRecordedJson, testReportedJson, vaccinationJson } from '#test/support/door-events.ts';
import { testReported } from '#test/support/events.ts';
import { Exchange, until } from '#test/support/exchange.ts';
import { runHutong, startHutong } from '#test/support/hutong.ts';
import { readTopics } from '#test/support/raw-log.ts';
import { createSerialProducer } from '#topics/kafka.ts';
import { partitionOf } from '#topics/partitioner.ts';
import { encodeValue } from '#topics/records.ts';
import { RegistrySchemas } from '#topics/registry.ts';
import { republicationGroup } from '#topics/republication.ts';
import { decodeView } from '#view/codec.ts';
import { tagOf } from '#view/hash-slot.ts';

const PARTITIONS = 6;
const SECRET = randomBytes(32);
const people = Array.from({ length: 80 }, newPerson);
const poisoned = randomBytes(16);
const tooEarly = randomBytes(16);
let exchange: Exchange;
/** What everything of the second edition is started with. */
let second: Record<string, string>;

beforeAll(async () => {
  exchange = await Exchange.start({ ownLog: true, partitions: 4, services: [{ kind: 'producer', name: 'a' }, { kind: 'materialiser', name: '1' }] });
  second = { HUTONG_LOG_EDITION: '2', HUTONG_PARTITIONS: String(PARTITIONS), HUTONG_PERSON_KEY_SECRETS: [...exchange.secrets, SECRET].map((secret) => secret.toString('hex')).join(',') };
});

afterAll(async () => {
  await exchange?.stop();
});

async function sendAll(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const events = people.flatMap((person) => [testReportedJson(person), samplingRecordedJson(person), vaccinationJson(person)]);
    expect((await exchange.send(events)).body.accepted).toBe(events.length);
  }
}

/** As from someone who writes past the door. */
async function writePoison(): Promise<void> {
  const ids = await new RegistrySchemas(exchange.stack.addresses.registry ?? '').currentIds();
  const event = encodeValue('TestReported', ids.TestReported, testReported());
  const ahead = encodeValue('TestReported', ids.TestReported, testReported({ reportIssuedAtMs: Date.now() + 86_400_000 }));
  const producer = createSerialProducer(exchange.kafka);
  await producer.connect();
  const headers = { ce_personkeyversion: '1', ce_source: '/provinces/54/producers/54-a' };
  const messages = [[poisoned, event.subarray(0, 40)], [tooEarly, ahead]] as const;
  await producer.sendBatch({ acks: -1, topicMessages: [{ topic: 'tests', messages: [...messages.map(([key, value]) => ({ key, value, headers, partition: partitionOf(key, 4) })), { key: Buffer.from('short'), value: event, headers, partition: 0 }] }] });
  await producer.disconnect();
}

const republish = ['log', 'republish', '--partitions', String(PARTITIONS), '--key-version', '2'];
const secretsOnly = (): Record<string, string> => ({ HUTONG_PERSON_KEY_SECRETS: second['HUTONG_PERSON_KEY_SECRETS'] ?? '' });

function newViewBytes(key: PersonKey): Promise<Buffer | null> {
  const newer = advancePersonKey(key, SECRET);
  return exchange.redis.getBuffer(Buffer.concat([Buffer.from(`e2:1{${tagOf(partitionOf(newer, PARTITIONS))}}`), newer]));
}

/** Of the former edition's records, how many the copying has committed. */
async function committed(): Promise<number> {
  const admin = exchange.kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchOffsets({ groupId: republicationGroup(2), topics: ['tests', 'vaccinations'] });
    return offsets.flatMap(({ partitions }) => partitions).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  } finally {
    await admin.disconnect();
  }
}

test('a copy that is killed goes on; a producer of the new edition refuses to start before it is complete', async () => {
  await sendAll(40);
  await writePoison();
  const first = startHutong(exchange, republish, secretsOnly());
  await until('something is copied', async () => (await committed()) > 0);
  first.child.kill('SIGKILL');
  await first.ended;
  await sendAll(1);
  await expect(exchange.stack.startService({ kind: 'producer', name: 'early', env: second })).rejects.toThrow(/holds \d+ records that are not in edition 2 yet/);

  await exchange.stack.stopPart('producer-a');
  const { status, output } = await runHutong(exchange, ...republish);
  expect(output).toContain('key version 2 needs as many');
  expect(status).toBe(1);
  const whole = await startHutong(exchange, republish, secretsOnly()).ended;
  expect(whole.output).toContain('1 records stay where they are: they have no key of a person');
  expect(whole.status).toBe(0);
  expect(Number(/Copied (\d+)/.exec(whole.output)?.[1])).toBeLessThan(people.length * 3 * 41);
  expect((await startHutong(exchange, republish, secretsOnly()).ended).output).toContain('Copied 0 records');
});

test('every record is there at least once, with its bytes, under the newer key, in the order of its person', async () => {
  const before = await readTopics(exchange.kafka, ['tests', 'vaccinations', 'codes']);
  const after = await readTopics(exchange.kafka, ['tests-2', 'vaccinations-2', 'codes-2']);
  const person = exchange.keyOf(people[0] as IdentityDocument);
  const newer = advancePersonKey(person, SECRET);
  const valuesOf = (records: typeof before, topic: string, key: Buffer): string[] => records.filter((record) => record.topic === topic && record.message.key?.equals(key) === true).map(({ message }) => `${message.headers?.['ce_id']?.toString()} ${message.value?.toString('hex')}`);
  for (const topic of ['tests', 'vaccinations']) {
    // Whatever was copied twice after the kill begins again from an earlier record: without repetitions it is the same list.
    expect([...new Set(valuesOf(after, `${topic}-2`, newer))]).toEqual(valuesOf(before, topic, person));
  }
  for (const { partition, message } of after) expect(partition).toBe(partitionOf(message.key ?? Buffer.alloc(0), PARTITIONS));
  expect(new Set(after.map(({ message }) => message.headers?.['ce_personkeyversion']?.toString()))).toEqual(new Set(['2']));
});

test('services of the new edition come to the same views, and poison stays marked', async () => {
  await exchange.stack.startService({ kind: 'materialiser', name: '2', env: second });
  await exchange.stack.startService({ kind: 'producer', name: 'a2', env: { ...second, HUTONG_INSTANCE: 'a' } });
  const lookup = await exchange.stack.startService({ kind: 'lookup', name: '2', env: second });
  const answer = async (person: IdentityDocument): Promise<Answer> => {
    const response = await fetch(`${lookup.url}/v1/recognitions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ destination: '44', purpose: 'public_place', person, authorisation: { requester: 'gate 1', consent: 'shown the code' } }) });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };
  // The record without a key marks its province in this edition too.
  await until('the provinces are fresh', async () => (await answer(newPerson())).provincesBehind.length <= 1);
  await exchange.caughtUp();
  for (const person of people) {
    const key = exchange.keyOf(person);
    expect(await newViewBytes(key)).toEqual(await exchange.viewBytes(key));
    expect(await answer(person)).toMatchObject({ outcome: 'recognised' });
  }
  for (const key of [poisoned, tooEarly]) expect(decodeView((await newViewBytes(key)) ?? Buffer.alloc(0)).unreadable.map(({ topic }) => topic)).toEqual(['tests-2']);

  const late = newPerson();
  expect((await exchange.send([testReportedJson(late)], 'a2')).body.accepted).toBe(1);
  await until('the new event is visible', async () => (await answer(late)).outcome === 'recognised');
});

test('the new edition is verified and rebuilt by itself, and the former one’s views are removed', async () => {
  const verified = await startHutong(exchange, ['view', 'verify'], second).ended;
  expect(verified.output).toMatch(/All 8\d people have the same view/);
  await exchange.stack.stopPart('materialiser-1');
  const swept = await startHutong(exchange, ['view', 'sweep', '--former'], second).ended;
  expect(swept.output).toMatch(/Removed 9\d keys of earlier editions/);
  expect((await startHutong(exchange, ['view', 'rebuild', '--switch'], second).ended).status).toBe(0);
  expect((await startHutong(exchange, ['view', 'verify'], second).ended).status).toBe(0);
});
