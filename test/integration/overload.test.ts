/**
 * At several times its capacity a look-up answers some in time and rightly, with less and less shown, and refuses the
 * rest at once; afterwards it is as before. Bounds are generous: this is about behaviour, not about speed.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { SHED_ORDER } from '#core/answer/answer.ts';
import type { Answer } from '#core/answer/recognise.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { DAY_MS, HOUR_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { NO_POSITION, RedisViewStore } from '#exchange/view/store.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import { tokenOf } from '#infra/stack/tokens.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis } from '#platform/redis.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';
import { policiesWithFreshnessBound } from '#test/support/policies.ts';
import { publishRulesAsOf } from '#test/support/published.ts';
import type { StormOptions, StormResult } from '#test/support/storm-worker.ts';

const IN_FLIGHT_MAX = 16;
const CONNECTIONS = 120;
const TIME_LIMIT_MS = 1_000;
const STORM_MS = 5_000;
/** A machine with two cores that does other things besides. */
const PATIENCE_MS = 3_000;

let exchange: Exchange;
let questions: StormOptions['questions'];

beforeAll(async () => {
  const policies = policiesWithFreshnessBound(HOUR_MS / 1_000);
  exchange = await startExchange({
    services: [
      {
        kind: 'lookup',
        name: '1',
        env: {
          HUTONG_LOOKUP_IN_FLIGHT_MAX: String(IN_FLIGHT_MAX),
          HUTONG_LOOKUP_TIME_LIMIT_MS: String(TIME_LIMIT_MS),
          HUTONG_POLICIES: policies,
        },
      },
    ],
  });
  const nowMs = Date.now();
  const times = { sampledAtMs: nowMs - 9 * HOUR_MS, reportIssuedAtMs: nowMs - HOUR_MS };
  const dose = vaccinationAdministered({ givenAtMs: nowMs - 200 * DAY_MS, recordedAtMs: nowMs - 200 * DAY_MS });
  const kinds = [
    ['recognised', [testReported(times), dose]],
    ['not_recognised', [testReported({ ...times, result: 'positive' }), dose]],
    ['no_evidence', [dose]],
  ] as const;
  const people = Array.from({ length: 60 }, (_, index) => ({
    key: randomBytes(16),
    kind: kinds[index % kinds.length] as (typeof kinds)[number],
  }));
  await store(people.map(({ key, kind }) => [key, kind[1].reduce(merge, EMPTY_VIEW)]));
  questions = people.map(({ key, kind }) => ({ body: bodyOf(key), outcome: kind[0] }));
  const isTaken = async (): Promise<boolean> => ((await (await ask()).json()) as Answer).rules.publishedAt !== null;
  await publishRulesAsOf(exchange, policies, isTaken);
});

afterAll(() => exchange?.stop());

/** As a materialiser would that is up to date in every province now, which does for an hour. */
async function store(views: readonly (readonly [Buffer, PersonView])[]): Promise<void> {
  const redis = await connectRedis(operatorRedis(exchange.stack), createLogger('test', 'silent'));
  const freshness = {
    watermarks: PROVINCE_CODES.map((province) => ({ province, instance: `${province}-a`, throughMs: Date.now() })),
    incompleteProvinces: [],
    withdrawals: [],
    acceptedUpToMs: 0,
    leaks: [],
  };
  const clusterId = await exchange.clusterId();
  const writer = new RedisViewStore(redis, LOG);
  for (let partition = 0; partition < exchange.partitions; partition += 1) {
    await writer.commit({
      partition,
      generation: FIRST_GENERATION,
      expected: NO_POSITION,
      position: { clusterId, topics: {} },
      freshness,
      views: views.filter(([key]) => partitionOf(key, exchange.partitions) === partition),
    });
  }
  redis.disconnect();
}

function bodyOf(key: Buffer): string {
  return JSON.stringify({
    destination: '44',
    purpose: 'public_place',
    personKey: key.toString('hex'),
    authorisation: { consent: 'shown the code' },
  });
}

async function ask(body = questions[0]?.body ?? ''): Promise<Response> {
  return exchange.as('gate-travel')(`${exchange.stack.addresses.lookup}/v1/recognitions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(30_000),
  });
}

async function storm(connections: number, forMs: number): Promise<StormResult> {
  const token = await tokenOf(exchange.stack, 'gate-travel');
  const worker = new Worker(new URL('../support/storm-worker.ts', import.meta.url), {
    workerData: {
      url: exchange.stack.addresses.lookup ?? '',
      token,
      ca: readFileSync(exchange.stack.tls.ca, 'utf8'),
      questions,
      connections,
      forMs,
    } satisfies StormOptions,
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function expectFullAnswers(): Promise<void> {
  for (const { body, outcome } of questions) {
    const response = await ask(body);
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Answer;
    expect(answer).toMatchObject({ outcome, leftOut: [] });
    expect(answer.standing?.doses).toHaveLength(1);
    expect(answer.evidence).not.toBeNull();
  }
}

test('several times the capacity: right and in time, or refused at once; afterwards all is as before', async () => {
  await expectFullAnswers();
  const { accepted, refused, wrong, leftOut, retryAfter, other } = await storm(CONNECTIONS, STORM_MS);
  expect(wrong).toEqual([]);
  expect(other).toEqual([]);
  expect(accepted.count).toBeGreaterThan(100);
  expect(refused.count).toBeGreaterThan(2 * accepted.count);
  expect(accepted.p99Ms).toBeLessThan(TIME_LIMIT_MS + PATIENCE_MS);
  expect(refused.p99Ms).toBeLessThan(PATIENCE_MS);
  expect(Object.keys(leftOut).toSorted()).toEqual(
    [0, 1, 2, 3].map((parts) => SHED_ORDER.slice(0, parts).join(',')).toSorted(),
  );
  expect(Object.keys(retryAfter).toSorted()).toEqual(['1', '2', '3', '4']);
  const took = (le: string) =>
    exchange.metric(exchange.stack.addresses.lookup ?? '', 'hutong_lookup_duration_seconds_bucket', `le="${le}"`);
  expect(await took('1')).toBe(await took('+Inf'));
  await expectFullAnswers();
});

test('a Redis that hangs or is gone: callers are told at once, and answered again when it is back', async () => {
  onTestFinished(async () => {
    await exchange.stack.kill('redis', 'SIGCONT');
    await exchange.revive('redis');
  });
  for (const [stop, resume] of [
    [() => exchange.stack.kill('redis', 'SIGSTOP'), () => exchange.stack.kill('redis', 'SIGCONT')],
    [() => exchange.stack.kill('redis'), () => exchange.stack.restart('redis')],
  ] as const) {
    await stop();
    await until('it is known to be away', async () => {
      await Promise.all(Array.from({ length: 6 }, () => ask()));
      const startedMs = performance.now();
      return (await ask()).status === 503 && performance.now() - startedMs < TIME_LIMIT_MS / 2;
    });
    const { accepted, refused, other } = await storm(8, 2_000);
    expect([accepted.count, other]).toEqual([0, []]);
    expect(refused.p50Ms).toBeLessThan(TIME_LIMIT_MS / 2);
    expect(refused.maxMs).toBeLessThan(TIME_LIMIT_MS + PATIENCE_MS);
    await resume();
    await until('it answers again', async () => (await ask()).status === 200);
  }
});
