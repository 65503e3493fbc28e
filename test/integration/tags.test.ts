/**
 * Guarantee *Only its publisher's* on the real parts: what is forged, moved, or of another province takes no effect
 * and marks no person; what is appended again or in another order changes no view; and a key that a materialiser lacks
 * looks like missing data, not like none.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { Freshness } from '#core/view/snapshot.ts';
import { makeNextKey } from '#exchange/keys/make.ts';
import { readKeyRing } from '#exchange/keys/ring.ts';
import { letterOf } from '#exchange/topics/letters.ts';
import { encodeValue, tagged } from '#exchange/topics/records.ts';
import { RegistrySchemas, type SchemaIds } from '#exchange/topics/registry.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson } from '#exercises/town/door-events.ts';
import { testReported } from '#exercises/town/events.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS } from '#test/support/first-edition.ts';
import { runHutong } from '#test/support/hutong.ts';

let exchange: Exchange;
let schemaIds: SchemaIds;

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a', provinces: ['43'] },
      { kind: 'materialiser', name: '1' },
    ],
  });
  schemaIds = await new RegistrySchemas(exchange.stack.addresses.registry ?? '').currentIds();
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

/** What letters about records with this key say: the reason, and whom they mark. */
async function lettersOf(key: Buffer): Promise<unknown[]> {
  const letters = await readTopics(exchange.kafka, [DEAD_LETTERS_TOPIC]);
  return letters
    .filter(({ message }) => message.key?.equals(key) === true)
    .map(({ message }) => letterOf(message.headers ?? {}))
    .map((letter) => [letter?.reason, letter?.marks]);
}

const incomplete = async (): Promise<readonly (string | null)[]> =>
  (JSON.parse((await exchange.redis.get(KEYS.freshness(FIRST_GENERATION, 0))) ?? '{}') as Freshness)
    .incompleteProvinces;

test('a record that its province has tagged is in the view; no forged one is, and none marks a person', async () => {
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
    [['bad_tag', '11']],
    [['bad_tag', '12']],
    [['bad_tag', '44']],
    [['bad_tag', '14']],
    [],
  ]);
  await until('the provinces that the records name are incomplete, and no others', async () => {
    const named = (await incomplete()).map(String).sort();
    return named.join() === '11,12,14,44';
  });
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

test('a botched rotation: the province is incomplete, and a replay mends it once the key is at hand', async () => {
  const folder = exchange.stack.serviceEnv['HUTONG_KEYS'] ?? '';
  const path = makeNextKey(folder, 'province-15');
  const newest = readKeyRing(folder).newestOf('province-15');
  const key = newKey();
  await exchange.append(tagged(newest, bare(key, '15')));
  await exchange.caughtUp();
  expect(path).toBe(join(folder, 'record', 'province-15-2.key'));
  expect(await lettersOf(key)).toEqual([['bad_tag', '15']]);
  await until('province 15 is incomplete', async () => (await incomplete()).includes('15'));

  await exchange.stack.restart('materialiser-1'); // which reads the keys
  const replay = ['dead-letters', 'replay', '--reason', 'bad_tag', '--province', '15', '--by', 'li'];
  const { status, output } = await runHutong(exchange, ...replay);
  expect([status, output]).toEqual([0, expect.stringContaining('1 replayed.')]);
  await exchange.caughtUp();
  expect(await exchange.viewBytes(key)).not.toBeNull();
  await until('province 15 is complete again', async () => !(await incomplete()).includes('15'));
  rmSync(path);
});
