/** Guarantee *Poison doesn't stop the stream, nor vanish*: every kind of unreadable record, between good ones. */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Freshness } from '#core/view/snapshot.ts';
import { DEAD_LETTERS_TOPIC, type TopicSettings, topicsOf } from '#exchange/topics/topics.ts';
import { decodeView } from '#exchange/view/codec.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { PERSONAL_REASONS, PoisonMaker, registerNewerVersion } from '#exercises/faults/scene/unreadable-records.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { createSerialProducer, type Producer } from '#platform/kafka/client.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { runHutong } from '#test/support/hutong.ts';

let exchange: Exchange;
let producer: Producer;
let poison: PoisonMaker;

beforeAll(async () => {
  exchange = await startExchange({
    ownLog: true,
    services: [
      { kind: 'producer', name: 'a' },
      { kind: 'materialiser', name: '1' },
    ],
  });
  poison = await PoisonMaker.with(exchange);
  producer = createSerialProducer(exchange.kafka);
  await producer.connect();
});

afterAll(async () => {
  await producer?.disconnect();
  await exchange?.stop();
});

/** @returns its offset */
async function append({ topic, ...message }: OutgoingRecord): Promise<number> {
  const [written] = await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: [message] }] });
  return Number(written?.baseOffset);
}

/** How often the materialiser has said so. */
function timesHeld(): number {
  const log = readFileSync(exchange.stack.logOf('materialiser-1'), 'utf8');
  return log.split('holding the partition').length - 1;
}

test.each(PERSONAL_REASONS)(
  '%s: dead letter with its bytes and place, and the person’s view is marked',
  async (reason) => {
    const before = newPerson();
    const after = newPerson();
    const key = randomBytes(16);
    await exchange.send([testReportedJson(before)]);
    await append(await poison.personal(reason, key));
    await exchange.send([testReportedJson(after)]);
    await exchange.caughtUp();

    const view = await exchange.viewBytes(key);
    expect(view === null ? null : decodeView(view).unreadable).toHaveLength(1);
    const letters = await lettersOf(key);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({
      reason,
      topic: 'tests',
      partition: String(partitionOf(key, exchange.partitions)),
      marks: 'person',
    });
    const original = (await readTopics(exchange.kafka, ['tests'])).find(
      ({ message }) => message.key?.equals(key) === true,
    );
    expect(letters[0]?.value).toEqual(original?.message.value);
    expect(letters[0]?.offset).toBe(original?.message.offset);
    for (const person of [before, after]) expect(await exchange.viewBytes(exchange.keyOf(person))).not.toBeNull();
  },
);

test('no_person_key and wrong_partition mark the province in every partition', async () => {
  await append(poison.keyless(2, '54'));
  const key = randomBytes(16);
  await append(poison.misplaced(key, '63'));
  await until('provinces 54 and 63 are marked everywhere', async () => {
    const all = await Promise.all(
      Array.from(
        { length: exchange.partitions },
        async (_, partition) =>
          JSON.parse((await exchange.redis.get(KEYS.freshness(FIRST_GENERATION, partition))) ?? '{}') as Freshness,
      ),
    );
    return all.every(({ incompleteProvinces }) =>
      ['54', '63'].every((code) => incompleteProvinces.includes(code as '54')),
    );
  });
  expect((await lettersOf(key)).map(({ reason }) => reason)).toEqual(['wrong_partition']);
});

test('a registry that is away holds the partition and poisons nothing', async () => {
  const newer = await registerNewerVersion(operatorRegistry(exchange.stack));
  const key = randomBytes(16);
  const before = timesHeld();
  onTestFinished(() => exchange.revive('registry'));
  await exchange.stack.kill('registry');
  await append(
    exchange.taggedBy(testReported().province, {
      topic: 'tests',
      partition: partitionOf(key, exchange.partitions),
      key,
      value: newer.encode(testReported()),
      headers: {},
    }),
  );
  await until('the partition is held', () => timesHeld() > before);
  expect(await exchange.viewBytes(key)).toBeNull();

  await exchange.stack.restart('registry');
  await exchange.caughtUp();
  expect(await exchange.viewBytes(key)).not.toBeNull();
  expect(await lettersOf(key)).toEqual([]);
});

test('a letter that can’t be written holds its partition: a copy that is killed then loses no letter', async () => {
  const key = randomBytes(16);
  const partition = partitionOf(key, exchange.partitions);
  await exchange.caughtUp();
  const before = timesHeld();
  onTestFinished(() => limitLetters(LETTER_BYTES_MAX));
  await limitLetters(1);
  const offset = await append(await poison.personal('not_wire_format', key));
  await until('the partition is held', () => timesHeld() > before);
  expect((await exchange.position(partition))?.topics['tests']?.nextOffset).toBeLessThanOrEqual(offset);
  expect(await exchange.viewBytes(key)).toBeNull();

  onTestFinished(() => exchange.revive('materialiser-1'));
  await exchange.stack.kill('materialiser-1');
  await limitLetters(LETTER_BYTES_MAX);
  await exchange.stack.restart('materialiser-1');
  await exchange.caughtUp();
  expect(await lettersOf(key)).toMatchObject([{ reason: 'not_wire_format', offset: String(offset) }]);
  expect(decodeView((await exchange.viewBytes(key)) as Buffer).unreadable).toHaveLength(1);
});

/** As the topic is made. */
const { config: LETTERS_CONFIG } = topicsOf(LOG).find(({ topic }) => topic === DEAD_LETTERS_TOPIC) as TopicSettings;
const LETTER_BYTES_MAX = Number(LETTERS_CONFIG['max.message.bytes']);

/** From now on the broker takes no larger letter. */
async function limitLetters(bytesMax: number): Promise<void> {
  const limited = { 'max.message.bytes': String(bytesMax) };
  const topic = { type: kafkajs.ConfigResourceTypes.TOPIC, name: DEAD_LETTERS_TOPIC };
  const admin = exchange.kafka.admin();
  await admin.connect();
  try {
    const configEntries = Object.entries({ ...LETTERS_CONFIG, ...limited }).map(([name, value]) => ({ name, value }));
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...topic, configEntries }] });
    await until('the broker has the limit', async () => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ ...topic, configNames: Object.keys(limited) }],
      });
      return resources[0]?.configEntries[0]?.configValue === String(bytesMax);
    });
  } finally {
    await admin.disconnect();
  }
}

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

async function lettersOf(
  key: Buffer,
): Promise<
  { reason: string; topic: string; partition: string; offset: string; marks: string; value: Buffer | null }[]
> {
  const letters = await readTopics(exchange.kafka, ['dead-letters']);
  return letters
    .filter(({ message }) => message.key?.equals(key) === true)
    .map(({ message }) => {
      const header = (name: string): string => message.headers?.[`dead-letter-${name}`]?.toString() ?? '';
      return {
        reason: header('reason'),
        topic: header('topic'),
        partition: header('partition'),
        offset: header('offset'),
        marks: header('marks'),
        value: message.value,
      };
    });
}
