/** Guarantee *Poison doesn't stop the stream, nor vanish*: every kind of unreadable record, between good ones. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import avro from 'avsc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Exchange, until } from '#test/support/exchange.ts';
import { newPerson, testReportedJson } from '#test/support/door-events.ts';
import { testReported } from '#test/support/events.ts';
import { runHutong } from '#test/support/hutong.ts';
import { readTopics } from '#test/support/raw-log.ts';
import { differencesFromOracle } from '#test/support/views.ts';
import type { PersonKey } from '#core/identity.ts';
import type { Freshness } from '#core/snapshot.ts';
import { createSerialProducer, type Producer } from '#topics/kafka.ts';
import { partitionOf } from '#topics/partitioner.ts';
import { encodeValue, type UnreadableReason } from '#topics/records.ts';
import { registerSchema, RegistrySchemas, type SchemaIds } from '#topics/registry.ts';
import { CURRENT } from '#topics/schemas.ts';
import { decodeView } from '#view/codec.ts';
import { FIRST_GENERATION, freshnessKey } from '#view/keys.ts';

let exchange: Exchange;
let producer: Producer;
let schemaIds: SchemaIds;

beforeAll(async () => {
  exchange = await Exchange.start({ ownLog: true, services: [{ kind: 'producer', name: 'a' }, { kind: 'materialiser', name: '1' }] });
  schemaIds = await new RegistrySchemas(exchange.stack.addresses.registry ?? '').currentIds();
  producer = createSerialProducer(exchange.kafka);
  await producer.connect();
});

afterAll(async () => {
  await producer?.disconnect();
  await exchange?.stop();
});

async function append(key: Buffer | null, value: Buffer | null, { topic = 'tests', partition = key === null ? 0 : partitionOf(key, exchange.partitions), headers = {} as Record<string, string> } = {}): Promise<void> {
  await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: [{ key, value, partition, headers }] }] });
}

const good = (): Buffer => encodeValue('TestReported', schemaIds.TestReported, testReported());

async function registerForeign(schema: object): Promise<number> {
  const response = await fetch(`${exchange.stack.addresses.registry}/subjects/foreign-${randomBytes(4).toString('hex')}/versions`, { method: 'POST', headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' }, body: JSON.stringify({ schema: JSON.stringify(schema) }) });
  return ((await response.json()) as { id: number }).id;
}

function wire(schemaId: number, body: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(schemaId, 1);
  return Buffer.concat([prefix, body]);
}

const OTHER_KIND = { type: 'record', name: 'Weather', fields: [{ name: 'rain', type: 'boolean' }] };
const SAME_NAME = { type: 'record', namespace: 'cn.hutong.events', name: 'TestReported', fields: [{ name: 'province', type: 'boolean' }] };

/** Whose person's view is marked; the others mark a province. */
const PERSONAL: Readonly<Partial<Record<UnreadableReason, (key: PersonKey) => Promise<void>>>> = {
  tombstone: (key) => append(key, null),
  too_large: (key) => append(key, Buffer.concat([good(), Buffer.alloc(70_000)])),
  not_wire_format: (key) => append(key, randomBytes(200).fill(7, 0, 1)),
  unknown_schema_id: (key) => append(key, wire(987_654, good().subarray(5))),
  not_an_event: async (key) => append(key, wire(await registerForeign(OTHER_KIND), Buffer.from([1]))),
  schema_not_resolvable: async (key) => append(key, wire(await registerForeign(SAME_NAME), avro.Type.forSchema(SAME_NAME as avro.Schema).toBuffer({ province: true }))),
  truncated_or_garbled: (key) => append(key, good().subarray(0, 40)),
  breaks_a_rule: (key) => append(key, encodeValue('TestReported', schemaIds.TestReported, testReported({ reportIssuedAtMs: Date.now() + 86_400_000 }))),
};

test.each(Object.keys(PERSONAL) as UnreadableReason[])('%s: dead letter with its bytes and place, and the person’s view is marked', async (reason) => {
  const before = newPerson();
  const after = newPerson();
  const key = randomBytes(16);
  await exchange.send([testReportedJson(before)]);
  await PERSONAL[reason]?.(key);
  await exchange.send([testReportedJson(after)]);
  await exchange.caughtUp();

  const view = await exchange.viewBytes(key);
  expect(view === null ? null : decodeView(view).unreadable).toHaveLength(1);
  const letters = await lettersOf(key);
  expect(letters).toHaveLength(1);
  expect(letters[0]).toMatchObject({ reason, topic: 'tests', partition: String(partitionOf(key, exchange.partitions)), marks: 'person' });
  const original = (await readTopics(exchange.kafka, ['tests'])).find(({ message }) => message.key?.equals(key) === true);
  expect(letters[0]?.value).toEqual(original?.message.value);
  expect(letters[0]?.offset).toBe(original?.message.offset);
  for (const person of [before, after]) expect(await exchange.viewBytes(exchange.keyOf(person))).not.toBeNull();
});

test('no_person_key and wrong_partition mark the province in every partition', async () => {
  const headers = { ce_source: '/provinces/54/producers/54-a' };
  await append(Buffer.from('short'), good(), { partition: 2, headers });
  const key = randomBytes(16);
  const wrong = (partitionOf(key, exchange.partitions) + 1) % exchange.partitions;
  await append(key, good(), { partition: wrong, headers: { ce_source: '/provinces/63/producers/63-a' } });
  await until('provinces 54 and 63 are marked everywhere', async () => {
    const all = await Promise.all(Array.from({ length: exchange.partitions }, async (_, partition) => JSON.parse((await exchange.redis.get(freshnessKey(FIRST_GENERATION, partition))) ?? '{}') as Freshness));
    return all.every(({ incompleteProvinces }) => ['54', '63'].every((code) => incompleteProvinces.includes(code as '54')));
  });
  expect((await lettersOf(key)).map(({ reason }) => reason)).toEqual(['wrong_partition']);
});

test('a registry that is away holds the partition and poisons nothing', async () => {
  const newer = await registerNewerVersion();
  const key = randomBytes(16);
  await exchange.stack.kill('registry');
  await append(key, wire(newer.schemaId, newer.type.toBuffer({ ...testReported(), remark: 'of a newer producer' })));
  await until('the partition is held', () => readFileSync(exchange.stack.logOf('materialiser-1'), 'utf8').includes('holding the partition'));
  expect(await exchange.viewBytes(key)).toBeNull();

  await exchange.stack.restart('registry');
  await exchange.caughtUp();
  expect(await exchange.viewBytes(key)).not.toBeNull();
  expect(await lettersOf(key)).toEqual([]);
});

test('after all of it every view is what the log says', async () => {
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('a rebuild meets all the poison again: the same views, and no second letter', async () => {
  const letters = (await readTopics(exchange.kafka, ['dead-letters'])).length;
  const { status, output } = await runHutong(exchange, 'view', 'rebuild', '--switch');
  expect(output).toContain('have the same view, byte for byte');
  expect(status).toBe(0);
  expect(await differencesFromOracle(exchange)).toEqual([]);
  expect(await readTopics(exchange.kafka, ['dead-letters'])).toHaveLength(letters);
});

async function lettersOf(key: Buffer): Promise<{ reason: string; topic: string; partition: string; offset: string; marks: string; value: Buffer | null }[]> {
  const letters = await readTopics(exchange.kafka, ['dead-letters']);
  return letters
    .filter(({ message }) => message.key?.equals(key) === true)
    .map(({ message }) => {
      const header = (name: string): string => message.headers?.[`dead-letter-${name}`]?.toString() ?? '';
      return { reason: header('reason'), topic: header('topic'), partition: header('partition'), offset: header('offset'), marks: header('marks'), value: message.value };
    });
}

/** A newer version of TestReported as another producer might write: with one more field, which has a default. */
async function registerNewerVersion(): Promise<{ schemaId: number; type: avro.Type }> {
  const schema = JSON.parse(CURRENT.TestReported.text) as { fields: object[] };
  schema.fields.push({ name: 'remark', type: ['null', 'string'], default: null });
  return { schemaId: await registerSchema(exchange.stack.addresses.registry ?? '', JSON.stringify(schema)), type: avro.Type.forSchema(schema as unknown as avro.Schema) };
}
