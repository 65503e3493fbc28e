/** `hutong log republish`: the log goes into more partitions under newer keys, and the same views come of it. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import { advancePersonKey, type IdentityDocument, type PersonKey } from '#core/field/identity.ts';
import { formatTime } from '#core/field/time.ts';
import { logOf } from '#exchange/topics/log.ts';
import { republicationGroup, requireRepublished } from '#exchange/topics/republication.ts';
import { decodeView } from '#exchange/view/codec.ts';
import { tagOf } from '#exchange/view/hash-slot.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { newPerson, samplingRecordedJson, testReportedJson, vaccinationJson } from '#exercises/town/door-events.ts';
import { POLICIES } from '#platform/folders.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { appendPoison } from '#test/support/append-poison.ts';
import { startExchange } from '#test/support/exchange.ts';
import { runHutong, startHutong } from '#test/support/hutong.ts';
import { publishRulesAsOf } from '#test/support/published.ts';

const PARTITIONS = 6;
const SECRET = randomBytes(32);
const people = Array.from({ length: 80 }, newPerson);
const poisoned = randomBytes(16);
const tooEarly = randomBytes(16);
let exchange: Exchange;
/** What everything of the second edition is started with. */
let second: Record<string, string>;

beforeAll(async () => {
  exchange = await startExchange({
    partitions: 4,
    services: [
      { kind: 'producer', name: 'a' },
      { kind: 'materialiser', name: '1' },
    ],
  });
  second = {
    HUTONG_LOG_EDITION: '2',
    HUTONG_PARTITIONS: String(PARTITIONS),
    HUTONG_PERSON_KEY_SECRETS: [...exchange.secrets, SECRET].map((secret) => secret.toString('hex')).join(','),
  };
});

afterAll(async () => {
  await exchange?.stop();
});

async function sendAll(rounds: number, to?: string): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const events = people.flatMap((person) => [
      testReportedJson(person),
      samplingRecordedJson(person),
      vaccinationJson(person),
    ]);
    expect((await exchange.send(events, to)).body.accepted).toBe(events.length);
  }
}

const republish = ['log', 'republish', '--partitions', String(PARTITIONS), '--key-version', '2'];
const secretsOnly = (): Record<string, string> => ({
  HUTONG_PERSON_KEY_SECRETS: second['HUTONG_PERSON_KEY_SECRETS'] ?? '',
});

function newViewBytes(key: PersonKey): Promise<Buffer | null> {
  const newer = advancePersonKey(key, SECRET);
  return exchange.redis.getBuffer(
    Buffer.concat([Buffer.from(`e2:1{${tagOf(partitionOf(newer, PARTITIONS))}}`), newer]),
  );
}

/** Of the former edition's records, how many the copying has committed. */
async function committed(): Promise<number> {
  const admin = exchange.kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchOffsets({ groupId: republicationGroup(2), topics: ['tests', 'vaccinations'] });
    return offsets
      .flatMap(({ partitions }) => partitions)
      .reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  } finally {
    await admin.disconnect();
  }
}

test('a killed copy goes on; a producer of the new edition refuses to start before it is complete', async () => {
  await sendAll(36); // sample numbers of four digits throughout: a list is cut by the text of its keys
  const first = startHutong(exchange, republish, secretsOnly());
  await until('something is copied', async () => (await committed()) > 0);
  first.child.kill('SIGKILL');
  await first.ended;
  await appendPoison(exchange, { truncated: poisoned, tooEarly });
  await sendAll(1);
  await expect(exchange.stack.startService({ kind: 'producer', name: 'early', env: second })).rejects.toThrow(
    /holds \d+ records that are not in edition 2 yet/,
  );

  await exchange.stack.stopPart('producer-a');
  const { status, output } = await runHutong(exchange, ...republish);
  expect(output).toContain('key version 2 needs as many');
  expect(status).toBe(1);
  const whole = await startHutong(exchange, republish, secretsOnly()).ended;
  expect(whole.output).toContain('1 records stay where they are: they have no key of a person');
  expect(whole.status).toBe(0);
  expect(Number(/Copied (\d+)/.exec(whole.output)?.[1])).toBeLessThan(people.length * 3 * 37);
  expect(whole.output).toContain(
    `again until it copies 0 records: hutong log republish --partitions ${PARTITIONS} --key-version 2 ` +
      `--kafka ${exchange.stack.addresses.kafka}`,
  );
  expect((await startHutong(exchange, republish, secretsOnly()).ended).output).toContain('Copied 0 records');
});

test('a second run by another plan is refused with the command of the first: people would have two keys', async () => {
  await exchange.stack.startService({ kind: 'producer', name: 'a1', env: { HUTONG_INSTANCE: 'a' } });
  await sendAll(1, 'a1');
  await exchange.stack.stopPart('producer-a1');
  const ends = async (): Promise<number> =>
    (await readTopics(exchange.kafka, ['tests-2', 'vaccinations-2', 'codes-2', 'erasures-2'])).length;
  const before = await ends();
  const withoutVersion = await startHutong(exchange, republish.slice(0, -2), secretsOnly()).ended;
  expect(withoutVersion.output).toContain(
    `edition 2 of the log was begun by hutong log republish --partitions ${PARTITIONS} --key-version 2, ` +
      `and this is hutong log republish --partitions ${PARTITIONS};`,
  );
  const others = [exchange.secrets[0] as Buffer, randomBytes(32)].map((secret) => secret.toString('hex')).join(',');
  const withOtherSecret = await startHutong(exchange, republish, { HUTONG_PERSON_KEY_SECRETS: others }).ended;
  expect(withOtherSecret.output).toContain('with other secrets in HUTONG_PERSON_KEY_SECRETS');
  expect([withoutVersion.status, withOtherSecret.status, await ends()]).toEqual([1, 1, before]);

  expect((await startHutong(exchange, republish, secretsOnly()).ended).output).toContain(
    `Copied ${people.length * 3} records`,
  );
  for (const [name, secrets] of [
    ['other', others],
    ['fewer', exchange.secrets.map((secret) => secret.toString('hex')).join(',')],
  ] as const) {
    const env = { ...second, HUTONG_PERSON_KEY_SECRETS: secrets };
    for (const kind of ['producer', 'lookup'] as const)
      await expect(exchange.stack.startService({ kind, name, env })).rejects.toThrow(
        /keys of edition 2 of the log are not made with these secrets/,
      );
  }
});

test('what the copying has reached is known when Kafka has forgotten what its group committed', async () => {
  const admin = exchange.kafka.admin();
  await admin.connect();
  try {
    await until('the group is empty', async () =>
      (await admin.describeGroups([republicationGroup(2)])).groups.every(({ members }) => members.length === 0),
    );
    await admin.deleteGroups([republicationGroup(2)]);
    await requireRepublished(exchange.kafka, admin, logOf(2));
  } finally {
    await admin.disconnect();
  }
  expect((await startHutong(exchange, republish, secretsOnly()).ended).output).toContain('Copied 0 records');
});

test('every record is there at least once, with its bytes, under the newer key, in order by person', async () => {
  const before = await readTopics(exchange.kafka, ['tests', 'vaccinations', 'codes']);
  const after = await readTopics(exchange.kafka, ['tests-2', 'vaccinations-2', 'codes-2']);
  const person = exchange.keyOf(people[0] as IdentityDocument);
  const newer = advancePersonKey(person, SECRET);
  const valuesOf = (records: typeof before, topic: string, key: Buffer): string[] =>
    records
      .filter((record) => record.topic === topic && record.message.key?.equals(key) === true)
      .map(({ message }) => `${message.headers?.['ce_id']?.toString()} ${message.value?.toString('hex')}`);
  for (const topic of ['tests', 'vaccinations']) {
    // Whatever was copied twice after the kill begins again from an earlier record: without repetitions it is the same
    // list.
    expect([...new Set(valuesOf(after, `${topic}-2`, newer))]).toEqual(valuesOf(before, topic, person));
  }
  for (const { partition, message } of after)
    expect(partition).toBe(partitionOf(message.key ?? Buffer.alloc(0), PARTITIONS));
  expect(new Set(after.map(({ message }) => message.headers?.['ce_personkeyversion']?.toString()))).toEqual(
    new Set(['2']),
  );
});

test('services of the new edition come to the same views, and poison stays marked', async () => {
  await exchange.stack.startService({ kind: 'materialiser', name: '2', env: second });
  await exchange.stack.startService({ kind: 'producer', name: 'a2', env: { ...second, HUTONG_INSTANCE: 'a' } });
  const lookup = await exchange.stack.startService({ kind: 'lookup', name: '2', env: second });
  const answer = async (person: IdentityDocument): Promise<Answer> => {
    const question = {
      destination: '44',
      purpose: 'public_place',
      person,
      authorisation: { consent: 'shown the code' },
    };
    const response = await exchange.ask(question, { url: lookup.url });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };
  await publishRulesAsOf(
    exchange,
    POLICIES,
    async () => (await answer(people[0] as IdentityDocument)).rules.publishedAt !== null,
  );
  // The record without a key marks its province in this edition too.
  await until('the provinces are fresh', async () =>
    (await Promise.all(people.map(answer))).every(({ provincesBehind }) => provincesBehind.length <= 1),
  ); // in every partition
  await exchange.caughtUp();
  for (const person of people) {
    const key = exchange.keyOf(person);
    expect(await newViewBytes(key)).toEqual(await exchange.viewBytes(key));
    expect(await answer(person)).toMatchObject({ outcome: 'recognised' });
  }
  for (const key of [poisoned, tooEarly])
    expect(decodeView((await newViewBytes(key)) ?? Buffer.alloc(0)).unreadable.map(({ topic }) => topic)).toEqual([
      'tests-2',
    ]);

  const late = newPerson();
  expect((await exchange.send([testReportedJson(late)], 'a2')).body.accepted).toBe(1);
  await until('the new event is visible', async () => (await answer(late)).outcome === 'recognised');
});

test('the new edition is verified and rebuilt by itself, and the former one’s views are removed', async () => {
  const verified = await startHutong(exchange, ['view', 'verify'], second).ended;
  expect(verified.output).toMatch(/All 8\d people have the same view/);
  await exchange.stack.stopPart('materialiser-1');
  const keysOf = async (pattern: string): Promise<number> => (await exchange.redis.keys(pattern)).length;
  const former = await keysOf('[0-9{]*');
  expect(former).toBeGreaterThan(people.length);
  const kept = await keysOf('e2:*');
  const swept = await startHutong(exchange, ['view', 'sweep', '--former'], second).ended;
  expect(swept.output).toContain(`Removed ${former} keys of earlier editions`);
  expect([await keysOf('[0-9{]*'), await keysOf('e2:*')]).toEqual([0, kept]);
  expect((await startHutong(exchange, ['view', 'rebuild', '--switch'], second).ended).status).toBe(0);
  expect((await startHutong(exchange, ['view', 'verify'], second).ended).status).toBe(0);
});

test('without what erasures hide, of an erased person only the erasure is copied; the views are the same', async () => {
  const third = { ...second, HUTONG_LOG_EDITION: '3' };
  const [erased, ...others] = people as [IdentityDocument, ...IdentityDocument[]];
  const oldKey = advancePersonKey(exchange.keyOf(erased), SECRET);
  const erasure = {
    type: 'PersonErased',
    personKey: oldKey.toString('hex'),
    province: '43',
    takes: 'all',
    erasureId: 'R1',
    authority: 'Hunan health commission',
    legalBasis: 'Personal Information Protection Law, article 47',
    decidedAt: formatTime(Date.now()),
  };
  expect((await exchange.send([erasure], 'a2')).body.accepted).toBe(1);
  await exchange.send([testReportedJson(erased)], 'a2'); // accepted within the reach of the erasure
  await exchange.stack.stopPart('producer-a2');
  const copied = await startHutong(exchange, ['log', 'republish', '--without-erased'], second).ended;
  expect(copied.status, copied.output).toBe(0);
  expect(copied.output).toMatch(/\d{3} records stay where they are: an erasure of their person hides them/);
  expect(copied.output).toContain(
    `HUTONG_LOG_EDITION=2 hutong log republish --partitions ${PARTITIONS} --without-erased`,
  );

  const records = await readTopics(exchange.kafka, ['tests-3', 'vaccinations-3', 'codes-3', 'erasures-3']);
  expect(records.filter(({ message }) => message.key?.equals(oldKey) === true).map(({ topic }) => topic)).toEqual([
    'erasures-3',
  ]);

  await exchange.stack.startService({ kind: 'materialiser', name: '3', env: third });
  const verified = async (): Promise<boolean> =>
    /All 8\d people have the same view/.test((await startHutong(exchange, ['view', 'verify'], third).ended).output);
  await until('the third edition is materialised', verified);
  const bytesOf = (edition: number, person: IdentityDocument): Promise<Buffer | null> => {
    const key = advancePersonKey(exchange.keyOf(person), SECRET);
    return exchange.redis.getBuffer(
      Buffer.concat([Buffer.from(`e${edition}:${edition === 2 ? 2 : 1}{${tagOf(partitionOf(key, PARTITIONS))}}`), key]),
    );
  };
  expect(decodeView((await bytesOf(3, erased)) ?? Buffer.alloc(0))).toMatchObject({
    datedTests: [],
    doses: [],
    unreadable: [],
  });
  for (const person of [erased, ...others]) expect(await bytesOf(3, person)).toEqual(await bytesOf(2, person));
});
