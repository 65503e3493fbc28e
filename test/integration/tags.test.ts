/**
 * Guarantee *Only its publisher's* on the real parts: what is forged, moved, or of another province takes no effect
 * and marks nobody; what is appended again or in another order changes no view; and a key that a materialiser lacks
 * looks like missing data, not like none.
 */

import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { Freshness } from '#core/view/snapshot.ts';
import { nextRecordKey } from '#exchange/keys/make.ts';
import { readKeyRing } from '#exchange/keys/ring.ts';
import { claimHeader } from '#exchange/topics/claim-header.ts';
import { type LetterHead, letterOf, placeText } from '#exchange/topics/letters.ts';
import { encodeValue, tagged } from '#exchange/topics/records.ts';
import { RegistrySchemas, type SchemaIds } from '#exchange/topics/registry.ts';
import { DEAD_LETTERS_TOPIC, WATERMARKS_TOPIC } from '#exchange/topics/topics.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { rotate } from '#services/cli/keys/rotate.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS } from '#test/support/first-edition.ts';
import { runHutong } from '#test/support/hutong.ts';

let exchange: Exchange;
let schemaIds: SchemaIds;
let producersKeys: string;
let materialisersKeys: string;
/** From when on a key is revoked, and whose record bears its tag from before. */
const revoked: { fromMs: number; inTime: Buffer } = { fromMs: 0, inTime: Buffer.alloc(0) };

beforeAll(async () => {
  exchange = await startExchange({
    services: [{ kind: 'producer', name: 'a', provinces: ['43'] }],
  });
  // Whoever checks has the keys that were handed over to it, and no others.
  producersKeys = exchange.stack.serviceEnv['HUTONG_KEYS'] ?? '';
  materialisersKeys = join(exchange.stack.runDir, 'handed-over');
  cpSync(producersKeys, materialisersKeys, { recursive: true });
  const env = { HUTONG_KEYS: materialisersKeys };
  await exchange.stack.startService({ kind: 'materialiser', name: '1', env });
  schemaIds = await new RegistrySchemas(operatorRegistry(exchange.stack)).currentIds();
});
afterAll(async () => {
  await exchange?.stop();
});

const bare = (key: Buffer, province: ProvinceCode, sampleId = 'S'): OutgoingRecord => ({
  topic: 'tests',
  partition: partitionOf(key, exchange.partitions),
  key,
  value: encodeValue('TestReported', schemaIds.TestReported, testReported({ province, sampleId })),
  headers: { ce_id: sampleId, ce_source: `/provinces/${province}/producers/${province}-a` },
});
const newKey = (): Buffer => exchange.keyOf(newPerson());

async function headsOf(key: Buffer): Promise<readonly (LetterHead | null)[]> {
  const letters = await readTopics(exchange.kafka, [DEAD_LETTERS_TOPIC]);
  return letters
    .filter(({ message }) => message.key?.equals(key) === true)
    .map(({ message }) => letterOf(message.headers ?? {}));
}
/** What letters about records with this key say: the reason, and whom they mark by themselves. */
const lettersOf = async (key: Buffer): Promise<unknown[]> =>
  (await headsOf(key)).map((letter) => [letter?.reason, letter?.marks]);

/** One event through the door, which must take it. @returns whose it is, and under which key its record lies */
async function sendOne(): Promise<{ readonly key: Buffer; readonly taggedWith: string }> {
  const person = newPerson();
  const key = exchange.keyOf(person);
  const { body } = await exchange.send([testReportedJson(person)]);
  expect(body.accepted).toBe(1);
  const record = (await readTopics(exchange.kafka, ['tests'])).find(({ message }) => message.key?.equals(key));
  return { key, taggedWith: String(record?.message.headers?.['tag-key']) };
}

const FORGED = Buffer.from('forged');

const freshness = async (): Promise<Freshness> =>
  JSON.parse((await exchange.redis.get(KEYS.freshness(FIRST_GENERATION, 0))) ?? '{}') as Freshness;
const incomplete = async (): Promise<readonly (string | null)[]> => (await freshness()).incompleteProvinces;
const throughMsOf = async (instance: string): Promise<number | undefined> =>
  (await freshness()).watermarks.find((known) => known.instance === instance)?.throughMs;

test('a key is revoked, a minute from now; before that another is made that counts later', async () => {
  const { runDir, addresses } = exchange.stack;
  const settings = { runDir, kafka: addresses.kafka ?? '', hosts: [], fromMs: Date.now() + 3_600_000 };
  // The minute that the command waits is waited for below, with that of the revocation.
  const hands = { print: () => undefined, now: Date.now, sleep: async () => undefined };
  expect(await rotate('province-46', 'tag-key', settings, hands)).toBe(0);
  cpSync(join(producersKeys, 'record', 'province-46-2.key'), join(materialisersKeys, 'record', 'province-46-2.key'));
  expect((await runHutong(exchange, 'keys', 'list')).output).toContain('province-46-2 counts from');
  const { status, output } = await runHutong(exchange, 'keys', 'revoke', 'province-45-1', '--why', 'leaked');
  const [, from = ''] = /^province-45-1 counts until (\S+)\. leaked$/m.exec(output) ?? [];
  expect([status, output]).toEqual([0, expect.stringContaining('counts until')]);
  revoked.fromMs = Date.parse(from);
  revoked.inTime = newKey();
  await exchange.append(exchange.taggedBy('45', bare(revoked.inTime, '45')));
});

test('a record that its province has tagged is in the view; no forged one is, and none marks anybody', async () => {
  const [genuine, changed, untagged, stranger, moved] = [newKey(), newKey(), newKey(), newKey(), newKey()];
  const { value } = bare(changed, '11', 'other');
  await exchange.append(
    exchange.taggedBy('11', bare(genuine, '11')),
    { ...exchange.taggedBy('11', bare(changed, '11')), value },
    bare(untagged, '12'),
    exchange.taggedBy('44', bare(stranger, '13')),
    { ...exchange.taggedBy('14', bare(genuine, '14')), key: moved, partition: partitionOf(moved, exchange.partitions) },
  );
  await exchange.caughtUp();
  expect(await exchange.viewBytes(genuine)).not.toBeNull();
  for (const key of [changed, untagged, stranger, moved]) expect(await exchange.viewBytes(key)).toBeNull();
  expect(await Promise.all([changed, untagged, stranger, moved, genuine].map(lettersOf))).toEqual([
    ...Array.from({ length: 4 }, () => [['bad_tag', 'nobody']]),
    [],
  ]);
  expect(await incomplete()).toEqual([]);
});

test('forged in the name of a process, with numbers that it has or is about to have, marks nobody', async () => {
  const forgedAs = (number: number): OutgoingRecord => {
    const claim = claimHeader({ instance: '43-a', epoch: 1, attempt: 0, number });
    const record = bare(newKey(), '43');
    return { ...exchange.taggedBy('43', { ...record, headers: { ...record.headers, ...claim } }), value: FORGED };
  };
  const forge = () => exchange.append(...[1, 2, 3, 9].flatMap((number) => [forgedAs(number), forgedAs(number)]));
  await forge();
  await exchange.send(Array.from({ length: 20 }, () => testReportedJson(newPerson())));
  await exchange.caughtUp();
  await forge();
  await exchange.send(Array.from({ length: 20 }, () => testReportedJson(newPerson())));
  await exchange.caughtUp();
  const before = (await throughMsOf('43-a')) ?? 0;
  await until('what was sent is claimed', async () => ((await throughMsOf('43-a')) ?? 0) > before + 2_000);
  expect(await incomplete()).toEqual([]);
});

test('what somebody appends again, and in another order, changes no view', async () => {
  const key = newKey();
  const records = ['A', 'B', 'C'].map((sampleId) => exchange.taggedBy('43', bare(key, '43', sampleId)));
  await exchange.append(...records);
  await exchange.caughtUp();
  const before = await exchange.viewBytes(key);
  await exchange.append(...records.toReversed(), ...records);
  await exchange.caughtUp();
  expect(await exchange.viewBytes(key)).toEqual(before);
  expect(await lettersOf(key)).toEqual([]);
  expect(await differencesFromOracle(exchange)).toEqual([]);
});

test('rubbish that somebody without a key appends marks no person, and not all provinces', async () => {
  const key = newKey();
  await exchange.append({ ...bare(key, '43'), value: Buffer.from('rubbish'), headers: {} });
  await exchange.caughtUp();
  expect(await lettersOf(key)).toEqual([['bad_tag', 'nobody']]);
  expect(await exchange.viewBytes(key)).toBeNull();
  expect(await incomplete()).not.toContain(null);
});

test('a province’s keys needed restarts: they change while it reports, and the former ones hold', async () => {
  const former = exchange.taggedBy('43', bare(newKey(), '43'));
  const { runDir, addresses } = exchange.stack;
  const said: string[] = [];
  for (const what of ['tag-key', 'signing-key'] as const)
    await rotate(
      'province-43',
      what,
      { runDir, kafka: addresses.kafka ?? '', hosts: [], fromMs: null },
      { print: (line) => void said.push(line), now: Date.now, sleep: (ms) => delay(ms) },
    );
  expect(said.join('\n')).toContain('1. to each materialiser');
  cpSync(join(producersKeys, 'record', 'province-43-2.key'), join(materialisersKeys, 'record', 'province-43-2.key'));
  const sent: Buffer[] = [];
  const signers = new Set<string>();
  await until('the producer uses both', async () => {
    const { key, taggedWith } = await sendOne();
    sent.push(key);
    const watermarks = await readTopics(exchange.kafka, [WATERMARKS_TOPIC]);
    for (const { message } of watermarks) signers.add(String(message.headers?.['signed-by']));
    return taggedWith === 'province-43-2' && signers.has('province-43-2');
  });
  await exchange.append(former);
  await exchange.caughtUp();
  for (const key of [...sent, former.key as Buffer]) expect(await exchange.viewBytes(key)).not.toBeNull();
  const before = (await throughMsOf('43-a')) ?? 0;
  await until('its watermarks go on', async () => ((await throughMsOf('43-a')) ?? 0) > before + 2_000);
  expect(await incomplete()).toEqual([]);
});

test('what is tagged with a revoked key counted until a minute later, and counts no more', async () => {
  const after = newKey();
  await delay(Math.max(0, revoked.fromMs - Date.now()));
  await exchange.append(exchange.taggedBy('45', bare(after, '45')));
  await exchange.caughtUp();
  expect(await exchange.viewBytes(after)).toBeNull();
  expect(await headsOf(after)).toMatchObject([{ detail: 'its key did not count when it was appended' }]);
  expect(await exchange.viewBytes(revoked.inTime)).not.toBeNull();
});

test('what was tagged with a key before its time counted', async () => {
  const [early, inTime] = [newKey(), newKey()];
  await exchange.append(
    tagged(readKeyRing(producersKeys).newestOf('province-46'), bare(early, '46')),
    exchange.taggedBy('46', bare(inTime, '46')), // with its first key
  );
  await exchange.caughtUp();
  expect(await exchange.viewBytes(early)).toBeNull();
  expect(await headsOf(early)).toMatchObject([{ detail: 'its key did not count when it was appended' }]);
  expect(await exchange.viewBytes(inTime)).not.toBeNull();
});

test('a botched rotation: the province is incomplete, and a replay mends it once the key is at hand', async () => {
  const made = nextRecordKey(producersKeys, 'province-43').write(); // and to no materialiser
  const sent: Buffer[] = [];
  await until('the producer tags with it', async () => {
    const { key, taggedWith } = await sendOne();
    if (taggedWith === basename(made, '.key')) sent.push(key);
    return sent.length > 0;
  });
  const [key] = sent as [Buffer];
  await exchange.caughtUp();
  expect(await lettersOf(key)).toEqual([['bad_tag', 'nobody']]);
  await until('its province is incomplete', async () => (await incomplete()).includes('43'));

  cpSync(made, join(materialisersKeys, 'record', basename(made)));
  const [letter] = await headsOf(key);
  const place = letter === null || letter === undefined ? '' : placeText(letter.place);
  const { status, output } = await runHutong(exchange, 'dead-letters', 'replay', place, '--by', 'li');
  expect([status, output]).toEqual([0, expect.stringContaining('1 replayed.')]);
  await exchange.caughtUp();
  expect(await exchange.viewBytes(key)).not.toBeNull();
  await until('it is complete again', async () => !(await incomplete()).includes('43'));
});
