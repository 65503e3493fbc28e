/**
 * The table of who may do what on Kafka, on a real broker: three provinces, the look-up and the materialiser. Each
 * attempt that is refused has an allowed twin, which passes, so that a broker that refuses everything fails.
 */

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { LOOPBACK_NAMES, parsePrincipal, type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import { aclsOf } from '#exchange/topics/access.ts';
import { PROVINCE_QUOTA, quotasOf } from '#exchange/topics/quotas.ts';
import { faultsOf } from '#exercises/matrix/attempt.ts';
import { tryMatrix } from '#exercises/matrix/matrix.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { ensureSigningKey, signingKeyIn } from '#infra/issuer/keys.ts';
import { java, javaParts } from '#infra/parts/programs.ts';
import { readSettings } from '#infra/process/settings.ts';
import { propertiesIn } from '#infra/stack/tool-files.ts';
import { readConfig } from '#platform/config.ts';
import { applyAcls, removeAclsOf } from '#platform/kafka/acls.ts';
import { type Admin, groupOf, type Kafka } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { applyQuotas } from '#platform/kafka/quotas.ts';
import { issuerIn } from '#platform/tokens/registered-clients.ts';
import { addProvince } from '#services/cli/province/add.ts';
import { startExchange } from '#test/support/exchange.ts';

let exchange: Exchange;
const closing: (() => Promise<unknown>)[] = [];

const PROVINCES = ['43', '44', '66'] as const;

beforeAll(async () => {
  exchange = await startExchange({
    services: [{ kind: 'producer', name: 'a', provinces: PROVINCES }, { kind: 'materialiser' }, { kind: 'lookup' }],
  });
});

afterAll(async () => {
  await Promise.allSettled(closing.map((close) => close()));
  await exchange?.stop();
});

const as = (principal: Principal): Kafka => exchange.kafkaOf(principal);

async function adminOf(kafka: Kafka): Promise<Admin> {
  const admin = kafka.admin();
  closing.push(() => admin.disconnect());
  await admin.connect();
  return admin;
}

type Write = (topic: string, value?: string) => Promise<string>;

/** Writes one record over a connection that stays open, and says what became of it. */
async function writerOf(kafka: Kafka): Promise<Write> {
  const producer = kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 2 } });
  closing.push(() => producer.disconnect());
  await producer.connect();
  return (topic, value = 'x') =>
    producer
      .send({ topic, acks: -1, messages: [{ key: 'k'.repeat(16), value, partition: 0 }] })
      .then(() => 'ok', refusal);
}

function refusal(error: unknown): string {
  const { type, cause, message } = error as { type?: string; cause?: { type?: string }; message: string };
  return type ?? cause?.type ?? message;
}

/** `ok`, or why the topic can't be read from. */
async function reads(kafka: Kafka, topic: string, groupId = groupOf(kafka, 'test')): Promise<string> {
  const consumer = kafka.consumer({ groupId, retry: { retries: 0 }, maxWaitTimeInMs: 50 });
  const { promise, resolve } = Promise.withResolvers<string>();
  consumer.on(consumer.events.FETCH, () => resolve('ok'));
  consumer.on(consumer.events.CRASH, ({ payload: { error } }) => resolve(refusal(error)));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: async () => resolve('ok') });
    return await promise;
  } catch (error) {
    return refusal(error);
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}

test('three provinces against each other: none does what is another’s, and each does what is its own', async () => {
  const { issuer, audience } = readConfig({ ...exchange.stack.serviceEnv }).tokens;
  const signingKey = ensureSigningKey(signingKeyIn(issuerIn(dirname(inject('parts').clients))));
  const attempts = await tryMatrix({
    exchange,
    provinces: PROVINCES,
    issuer: { url: issuer, audience, signingKey },
  });
  expect(faultsOf(attempts)).toEqual([]);
  expect(attempts.filter(({ may }) => !may).length).toBeGreaterThan(200);
});

const NOT_TOPIC = 'TOPIC_AUTHORIZATION_FAILED';
/** The client is told by whom the group is coordinated only if it may join, and says no more than this. */
const NOT_GROUP = 'Failed to find group coordinator';

test.each(PROVINCES)('province %s writes what is its own to write, and reads no record', async (code) => {
  const kafka = as(provincePrincipal(code));
  const write = await writerOf(kafka);
  for (const topic of ['tests', 'codes', 'watermarks', 'vouchers', 'producers'])
    expect([topic, await write(topic)]).toEqual([topic, 'ok']);
  for (const topic of ['policies', 'editions', 'keys', 'dead-letters'])
    expect([topic, await write(topic)]).toEqual([topic, NOT_TOPIC]);
  const admin = await adminOf(kafka);
  expect((await endsOf(admin, ['tests'])).length).toBe(exchange.partitions);
  await TopicFeed.readAll(kafka, 'editions', () => undefined);
  await TopicFeed.readAll(kafka, 'keys', () => undefined);
  for (const topic of ['tests', 'watermarks', 'vouchers'])
    expect([topic, await reads(kafka, topic)]).toEqual([topic, NOT_TOPIC]);
  expect(await reads(kafka, 'editions', 'materialiser.mine')).toBe(NOT_GROUP);
  expect(await admin.deleteTopics({ topics: ['codes'] }).then(() => 'ok', refusal)).toBe(NOT_TOPIC);
});

test('the look-up reads rules and writes nothing, the materialiser reads all, writes letters and history', async () => {
  const [lookup, materialiser] = [as('lookup'), as('materialiser')];
  await TopicFeed.readAll(lookup, 'policies', () => undefined);
  expect(await reads(lookup, 'tests')).toBe(NOT_TOPIC);
  expect(await (await writerOf(lookup))('policies')).toBe(NOT_TOPIC);
  expect(await reads(materialiser, 'tests')).toBe('ok');
  const write = await writerOf(materialiser);
  expect([await write('dead-letters'), await write('tests')]).toEqual(['ok', NOT_TOPIC]);
  expect([await write('positions'), await reads(materialiser, 'positions')]).toEqual(['ok', NOT_TOPIC]);
  await TopicFeed.readAll(materialiser, 'keys', () => undefined);
  expect([await write('keys'), await reads(materialiser, 'vouchers')]).toEqual([NOT_TOPIC, NOT_TOPIC]);
});

/** It is held for some three seconds by the broker's reckoning, from its last write on. */
const HELD_MS_MIN = 700;

test('a province that takes more than its quota waits, and keeps no other waiting', async () => {
  const [greedy, other] = (await Promise.all(
    (['province-66', 'province-44'] as const).map((name) => writerOf(as(name))),
  )) as [Write, Write];
  expect([await greedy('codes'), await other('codes')]).toEqual(['ok', 'ok']);
  const much = 'x'.repeat(240_000);
  expect(await other('codes', much)).toBe('ok'); // whose quota is as it was: for that it is little
  // A broker reckons over ten seconds or so: this is a third more than it lets pass in them.
  const quota = { writesBytesPerSecond: 18_000, threadPercent: 100 };
  onTestFinished(() => applyQuotas(exchange.stack.kafkaAccess, quotasOf(['province-66'])));
  await applyQuotas(exchange.stack.kafkaAccess, new Map([['province-66', quota]]));
  expect(await greedy('codes', much)).toBe('ok');
  const tookMs = async (write: Write): Promise<number> => {
    const fromMs = performance.now();
    expect(await write('codes')).toBe('ok');
    return performance.now() - fromMs;
  };
  const [greedyMs, otherMs] = await Promise.all([tookMs(greedy), tookMs(other)]);
  // Its own bound, or a busy machine that holds both would do for a quota.
  expect(greedyMs).toBeGreaterThan(HELD_MS_MIN);
  expect(greedyMs - otherMs).toBeGreaterThan(HELD_MS_MIN);
});

test('Kafka’s own commands are the operator by the file that is written for them, and a province isn’t', async () => {
  const { runDir, addresses } = exchange.stack;
  const describeQuotas = async (config: string): Promise<string> => {
    const program = ['-cp', join(javaParts(readSettings().cacheDir), 'kafka', '*'), 'kafka.admin.ConfigCommand'];
    const asked = ['--bootstrap-server', addresses.kafka ?? '', '--command-config', config];
    const args = [...program, ...asked, '--describe', '--entity-type', 'users', '--entity-name', 'province-44'];
    const refused = (error: unknown): string =>
      String(error).includes('ClusterAuthorizationException') ? 'refused' : String(error);
    return promisify(execFile)(java(), args, { timeout: 60_000 }).then(({ stdout }) => stdout, refused);
  };
  const { writesBytesPerSecond, threadPercent } = PROVINCE_QUOTA;
  const quotas = await describeQuotas(propertiesIn(runDir));
  expect(quotas).toContain(`producer_byte_rate=${writesBytesPerSecond.toFixed(1)}`);
  expect(quotas).toContain(`request_percentage=${threadPercent.toFixed(1)}`);
  const others = readFileSync(propertiesIn(runDir), 'utf8').replace('/operator.pem', '/province-43.pem');
  const another = join(runDir, 'another.properties');
  writeFileSync(another, others);
  expect(await describeQuotas(another)).toBe('refused');
});

test('who has no certificate of ours, or none at all, is not let in', async () => {
  const { brokers } = exchange.stack.kafkaAccess;
  const port = Number(brokers[0]?.split(':')[1]);
  const { connect } = await import('node:tls');
  const { ca } = exchange.stack.kafkaAccess.identity.options;
  const closed = await new Promise<string>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ca });
    socket.on('error', ({ message }) => resolve(message)).on('close', () => resolve('closed'));
    socket.on('secureConnect', () => socket.write('x'.repeat(8)));
  });
  expect(closed).toMatch(/certificate|closed|ECONNRESET|alert/);
  expect(await (await writerOf(as('province-43')))('tests')).toBe('ok');
});

test('revoking takes rights away from a connection that is open, and giving them back lets it go on', async () => {
  const [write, writeOther] = (await Promise.all(
    (['province-11', 'province-12'] as const).map((name) => writerOf(as(name))),
  )) as [Write, Write];
  expect(await write('tests')).toBe('ok');
  const admin = await adminOf(exchange.kafka);
  const all = (await admin.describeAcls({ resourceType: 1, resourcePatternType: 1, operation: 1, permissionType: 1 }))
    .resources;
  expect(await removeAclsOf(admin, 'province-11')).toBeGreaterThan(0);
  expect(await write('tests')).toBe(NOT_TOPIC);
  expect(await writeOther('tests')).toBe('ok');
  const principals = new Set(all.flatMap(({ acls }) => acls.map(({ principal }) => principal.slice('User:'.length))));
  await applyAcls(
    admin,
    [...principals].flatMap((name) => aclsOf(parsePrincipal(name))),
  );
  expect(await write('tests')).toBe('ok');
});

test('a province that is added has its rights and quota at once, and whom to hand what is said', async () => {
  const write = await writerOf(as('province-13'));
  await removeAclsOf(await adminOf(exchange.kafka), 'province-13');
  expect(await write('tests')).toBe(NOT_TOPIC);
  const { runDir, addresses } = exchange.stack;
  const lines: string[] = [];
  const settings = { runDir, kafka: addresses.kafka ?? '', hosts: LOOPBACK_NAMES };
  expect(await addProvince('13', settings, (line) => void lines.push(line), Date.now())).toBe(0);
  expect(lines.join('\n')).toContain('On Kafka it has its rights, its quota and its public keys');
  expect(await write('tests')).toBe('ok');
});
