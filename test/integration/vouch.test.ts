/**
 * Guarantee *Vouched for* on the real parts: what a producer claims is there; what somebody cuts is missing, what is
 * appended is unclaimed; and a watermark or registration that somebody else writes in its name is nothing.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Freshness } from '#core/view/snapshot.ts';
import { nextSigningKey } from '#exchange/keys/make.ts';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { requireSigningKey } from '#exchange/keys/signing-keys.ts';
import { publishKeys } from '#exchange/topics/publish-keys.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import { registrationRecord } from '#exchange/topics/registrations.ts';
import { RegistrySchemas, type SchemaIds } from '#exchange/topics/registry.ts';
import { WATERMARKS_TOPIC } from '#exchange/topics/topics.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
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
      { kind: 'producer', name: 'a', provinces: ['43', '44'] },
      { kind: 'materialiser', name: '1' },
    ],
  });
  schemaIds = await new RegistrySchemas(operatorRegistry(exchange.stack)).currentIds();
});
afterAll(async () => {
  await exchange?.stop();
});

const verify = () => runHutong(exchange, 'vouch', 'verify');

async function throughMsOf(instance: string): Promise<number | undefined> {
  const text = (await exchange.redis.get(KEYS.freshness(FIRST_GENERATION, 0))) ?? '{"watermarks":[]}';
  return (JSON.parse(text) as Freshness).watermarks.find((known) => known.instance === instance)?.throughMs;
}

test('all that was accepted is claimed and there', async () => {
  await exchange.send(Array.from({ length: 40 }, () => testReportedJson(newPerson())));
  await exchange.caughtUp();
  await until('it is claimed', async () => (await verify()).output.includes('40 claimed and there'));
  expect(await verify()).toMatchObject({
    status: 0,
    output: expect.stringContaining('40 claimed and there, 0 claimed and missing, 0 there and unclaimed.') as string,
  });
});

test('what somebody appends again is there and unclaimed, and nothing is missing by it', async () => {
  const [first] = await readTopics(exchange.kafka, ['tests']);
  const { key = null, value = null, headers = {} } = first?.message ?? {};
  const partition = first?.partition ?? 0;
  await exchange.append({ topic: 'tests', partition, key, value, headers: headers as OutgoingRecord['headers'] });
  const { status, output } = await verify();
  expect(output).toContain('40 claimed and there, 0 claimed and missing, 1 there and unclaimed.');
  expect(output).toMatch(/43-a, process 1, tests\/\d+: there and unclaimed: offsets \d+/);
  expect(status).toBe(0);
});

test('a watermark or a registration that another writes in its name is nothing', async () => {
  const folder = exchange.stack.serviceEnv['HUTONG_KEYS'] ?? '';
  const ahead = Date.now() + 30_000;
  const forge = (signer: string | null): OutgoingRecord => {
    const key = Buffer.from('43-a');
    const offsets = [{ topic: 'tests', nextOffsets: Array.from({ length: exchange.partitions }, () => 0) }];
    const claim = { province: '43', instance: '43-a', throughMs: ahead, epoch: 99, sequence: 1, full: 1, heads: [] };
    const value = encodeValue('Watermark', schemaIds.Watermark, { ...claim, offsets });
    const headers = signer === null ? {} : signatureHeaders(requireSigningKey(folder, signer), { key, value });
    return { topic: WATERMARKS_TOPIC, partition: 0, key, value, headers };
  };
  await exchange.append(forge(null));
  await exchange.append(forge('province-44'));
  const registration = { province: '43', instance: '43-a', epoch: 99, process: 'forged' } as const;
  await exchange.append(registrationRecord(schemaIds, registration, requireSigningKey(folder, 'province-44')));
  const before = (await throughMsOf('43-a')) ?? 0;
  await until('its own watermarks go on', async () => ((await throughMsOf('43-a')) ?? 0) > before + 2_000);
  expect(await throughMsOf('43-a')).toBeLessThan(ahead);
  await exchange.send([testReportedJson(newPerson())]); // the process still is the instance
  await exchange.caughtUp();
});

test('a thief’s watermark stayed in force after it was known that its signing key had leaked', async () => {
  const folder = exchange.stack.serviceEnv['HUTONG_KEYS'] ?? '';
  const since = new Date();
  const ahead = Date.now() + 55_000;
  const key = Buffer.from('44-a');
  const offsets = [{ topic: 'tests', nextOffsets: Array.from({ length: exchange.partitions }, () => 0) }];
  const claim = { province: '44', instance: '44-a', throughMs: ahead, epoch: 99, sequence: 1, full: 1, heads: [] };
  const value = encodeValue('Watermark', schemaIds.Watermark, { ...claim, offsets });
  const headers = signatureHeaders(requireSigningKey(folder, 'province-44'), { key, value });
  await exchange.append({ topic: WATERMARKS_TOPIC, partition: 0, key, value, headers });
  await until('the thief is believed', async () => (await throughMsOf('44-a')) === ahead);

  const flags = ['--signing', '--since', since.toISOString(), '--why', 'stolen'];
  const { status, output } = await runHutong(exchange, 'keys', 'revoke', 'province-44-1', ...flags);
  expect([status, output]).toEqual([0, expect.stringContaining('keys rotate')]);
  expect((await runHutong(exchange, 'keys', 'list')).output).toContain(
    `province-44-1, to sign with, had leaked: what was signed with it from ${since.toISOString()} on counts no more`,
  );
  const isBehind = async (): Promise<boolean> => ((await throughMsOf('44-a')) ?? 0) < since.getTime();
  await until('the thief is believed no more, and so the province is behind', isBehind);

  const next = nextSigningKey(folder, 'province-44', (id) => id === 'province-44-1');
  await publishKeys(exchange.kafka, folder, [next.publicKey]);
  next.write();
  // It is the process that it was, though the thief had registered a later one.
  const nextAtMs = Date.now();
  const isBack = async (): Promise<boolean> => {
    const throughMs = (await throughMsOf('44-a')) ?? 0;
    return throughMs > nextAtMs && throughMs !== ahead;
  };
  await until('its own watermarks are in force again', isBack, 90_000);
  await exchange.send([{ ...testReportedJson(newPerson()), province: '44' }]);
  await exchange.caughtUp();
});

test('what is cut from the log is claimed and missing, by number', async () => {
  const key = exchange.keyOf(newPerson());
  const partition = partitionOf(key, exchange.partitions);
  const admin = exchange.kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets('tests');
  const high = offsets.find((of) => of.partition === partition)?.high ?? '0';
  await admin.deleteTopicRecords({ topic: 'tests', partitions: [{ partition, offset: high }] });
  await admin.disconnect();
  const { status, output } = await verify();
  expect(status).toBe(1);
  expect(output).toMatch(new RegExp(`43-a, process 1, tests/${partition}: claimed and missing: its records 1`));
});
