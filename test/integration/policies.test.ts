/**
 * Published rules: taken by a running look-up within seconds, as a whole, in force at their instant; faulty ones
 * never.
 */

import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import { formatTime, HOUR_MS, SECOND_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { NO_FRESHNESS } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { POLICIES_TOPIC } from '#exchange/topics/topics.ts';
import { NO_POSITION, RedisViewStore } from '#exchange/view/store.ts';
import { routeThrough, TcpProxy } from '#exercises/faults/proxy/tcp-proxy.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { newPerson } from '#exercises/town/door-events.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import { POLICIES } from '#platform/folders.ts';
import { createSerialProducer } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis } from '#platform/redis.ts';
import { policyCommand } from '#services/cli/policy/command.ts';
import { diffPolicies } from '#services/cli/policy/diff.ts';
import { publishPolicies } from '#services/cli/policy/publish.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';

const GUANGDONG = '44-guangdong';
const NATIONAL = '00-national';
let exchange: Exchange;
/** Between the look-up and Kafka, which others use too. */
let toKafka: TcpProxy;
let folder: string;

beforeAll(async () => {
  exchange = await startExchange({ services: [] });
  toKafka = await TcpProxy.start(Number(exchange.stack.addresses.kafka?.split(':')[1]));
  const env = { ...routeThrough([toKafka]), HUTONG_RULES_SIGHT_BOUND_MS: '3000' };
  await exchange.stack.startService({ kind: 'lookup', name: '1', env });
  folder = mkdtempSync(join(tmpdir(), 'hutong-rules-'));
  cpSync(POLICIES, folder, { recursive: true });
});

afterAll(async () => {
  await exchange?.stop();
  await toKafka?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(): Promise<Answer> {
  const body = {
    destination: '44',
    purpose: 'public_place',
    person: newPerson(),
    authorisation: { consent: 'shown the code' },
  };
  const response = await exchange.ask(body);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

function publish(): Promise<number> {
  return publishPolicies(
    {
      folder,
      kafka: exchange.stack.addresses.kafka ?? '',
      tls: exchange.stack.tls,
      publishedBy: 'test',
      nowMs: Date.now(),
    },
    () => undefined,
  );
}

interface RuleFile {
  readonly file: string;
  readonly rule: { version: number; inForce: { from: string; until: string | null } };
}

/** The nation's rule that is in force today: nothing is asked. */
function newestRule(): RuleFile {
  const files = readdirSync(join(folder, NATIONAL)).filter((name) => /^nothing-asked-v\d+\.json$/.test(name));
  const rules = files.map((name) => ({
    file: join(folder, NATIONAL, name),
    rule: JSON.parse(readFileSync(join(folder, NATIONAL, name), 'utf8')) as RuleFile['rule'],
  }));
  return rules.find(({ rule }) => rule.inForce.until === null) as RuleFile;
}

/** Ends the rule that is in force at an instant and lets a next version follow it. @returns the next version */
function replaceRuleAt(atMs: number): number {
  const { file, rule } = newestRule();
  const from = formatTime(atMs);
  const next = rule.version + 1;
  writeFileSync(
    join(folder, NATIONAL, `nothing-asked-v${next}.json`),
    JSON.stringify({ ...rule, version: next, inForce: { from, until: null } }),
  );
  writeFileSync(file, JSON.stringify({ ...rule, inForce: { ...rule.inForce, until: from } }));
  return next;
}

test('a published version is taken without a restart, and is in force from its instant on', async () => {
  const before = await ask();
  expect(before.rules).toEqual({ publishedAt: null, outOfSightSince: null, redated: null, note: null });
  const atMs = (Math.ceil(Date.now() / SECOND_MS) + 6) * SECOND_MS;
  const next = replaceRuleAt(atMs);
  await publish();
  await until('the publication is taken', async () => (await ask()).rules.publishedAt !== null);
  const taken = await ask();
  if (Date.parse(taken.evaluatedAt) < atMs) expect(taken.rule?.version).toBe(before.rule?.version);
  await until('the new version is in force', async () => (await ask()).rule?.version === next);
  expect(Date.parse((await ask()).evaluatedAt)).toBeGreaterThanOrEqual(atMs);
});

test('who gains and who loses by a change is counted over the live views, before it is published', async () => {
  const narrower = mkdtempSync(join(tmpdir(), 'hutong-rules-'));
  cpSync(POLICIES, narrower, { recursive: true });
  const file = join(narrower, GUANGDONG, 'public-place-v3.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"length": 48', '"length": 24'));
  const atMs = Date.UTC(2022, 8, 15);
  const issued = (hoursBefore: number) =>
    merge(
      EMPTY_VIEW,
      testReported({
        sampledAtMs: atMs - 60 * HOUR_MS,
        testedAtMs: null,
        reportIssuedAtMs: atMs - hoursBefore * HOUR_MS,
      }),
    );
  const redis = await connectRedis(operatorRedis(exchange.stack), createLogger('test', 'silent'));
  // A look-up tells nothing of views of another cluster, and later tests ask it.
  const position = { clusterId: await exchange.clusterId(), topics: {} };
  const views = [5, 30, 40, 50].map((hoursBefore) => [randomBytes(16), issued(hoursBefore)] as const);
  await new RedisViewStore(redis, LOG).commit({
    partition: 0,
    generation: 1,
    expected: NO_POSITION,
    position,
    freshness: NO_FRESHNESS,
    views,
  });
  redis.disconnect();

  const printed: string[] = [];
  await diffPolicies(
    LOG,
    {
      before: POLICIES,
      after: narrower,
      redis: async () => operatorRedis(exchange.stack),
      atMs,
      peopleMax: Number.POSITIVE_INFINITY,
    },
    (text) => printed.push(text),
  );
  rmSync(narrower, { recursive: true });
  expect(printed.join('\n')).toMatch(/44\s+│ public_place\s+│ 2\s+│ lose\s+│ report_48h\s+│ –/);
  expect(printed.at(-1)).toContain('Of 4 people, 0 gain somewhere, 2 lose somewhere, 0 keep by another clause');
});

test('each publication stays in the topic, under a key of its own', async () => {
  const before = (await readTopics(exchange.kafka, [POLICIES_TOPIC])).length;
  await publish();
  const publications = await readTopics(exchange.kafka, [POLICIES_TOPIC]);
  expect(publications).toHaveLength(before + 1);
  expect(new Set(publications.map(({ message: { key } }) => key?.toString())).size).toBe(publications.length);
});

test('a folder with a fault is not published, and the fault is named', async () => {
  const known = (await readTopics(exchange.kafka, [POLICIES_TOPIC])).length;
  const { file, rule } = newestRule();
  writeFileSync(file, JSON.stringify({ ...rule, clauses: [] }, null, 2));
  await expect(publish()).rejects.toMatchObject({
    code: 'POLICY_INVALID',
    message: expect.stringContaining('nothing-asked') as string,
  });
  expect(await readTopics(exchange.kafka, [POLICIES_TOPIC])).toHaveLength(known);
  writeFileSync(file, JSON.stringify(rule));
});

test('a record that is no publication is refused by the look-up, which keeps the rules it has', async () => {
  const version = (await ask()).rule?.version;
  const producer = createSerialProducer(exchange.kafka);
  await producer.connect();
  await producer.sendBatch({
    acks: -1,
    topicMessages: [
      { topic: POLICIES_TOPIC, messages: [{ key: 'rules', value: Buffer.from('no publication'), partition: 0 }] },
    ],
  });
  await producer.disconnect();
  await until(
    'it is refused',
    async () =>
      (await exchange.metric(exchange.stack.addresses.lookup ?? '', 'hutong_publications_refused_total')) === 1,
  );
  expect((await ask()).rule?.version).toBe(version);
});

test('a look-up that has lost sight of the rules says so, and no longer when they are back', async () => {
  onTestFinished(() => toKafka.heal());
  toKafka.trouble = { kind: 'silent', loses: 'both' };
  await until('answers say so', async () => (await ask()).rules.outOfSightSince !== null, 60_000);
  expect((await ask()).sentence.en).toContain('could not be seen');
  expect(toKafka.hits.silent).toBeGreaterThan(0);
  toKafka.heal();
  await until('answers say it no more', async () => (await ask()).rules.outOfSightSince === null, 60_000);
});

test('a Kafka or a Redis that is away is said in a sentence: publishing ended with the client’s stack', async () => {
  const nowhere = `127.0.0.1:${await getPort()}`;
  const said: string[] = [];
  for (const args of [
    ['publish', folder, '--by', 'test', '--kafka', nowhere],
    ['explain', '44', '--person-key', 'ab'.repeat(16), '--redis', nowhere],
  ]) {
    await policyCommand(LOG, (text) => void said.push(text)).parseAsync([...args, '--run-dir', exchange.stack.runDir], {
      from: 'user',
    });
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
  }
  expect(said).toEqual([
    `kafka at ${nowhere} did not answer: nothing is published`,
    'To mend: is Kafka up and reachable at that address?',
    `redis at ${nowhere} did not answer`,
    'To mend: is Redis up and reachable?',
  ]);
});
