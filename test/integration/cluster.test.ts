/**
 * Several of everything, under a stream of events and look-ups: a broker dies, a Redis master fails over with its newest
 * writes missing, two brokers are away at once.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokerLeading, isFullyReplicated, redisShardOf } from '#infra/roles.ts';
import { SHARED_TOPICS } from '#topics/topics.ts';
import { slotOf, tagOf } from '#view/hash-slot.ts';
import { Exchange, until } from '#test/support/exchange.ts';
import { newPerson, testReportedJson } from '#test/support/door-events.ts';
import { readTopics } from '#test/support/raw-log.ts';
import { startSteady } from '#test/support/steady.ts';
import { differencesFromOracle } from '#test/support/views.ts';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await Exchange.start({ topology: 'cluster', env: { HUTONG_ACCEPT_TIMEOUT_MS: '4000' } });
});

afterAll(async () => {
  await exchange?.stop();
});

async function expectNothingLost(accepted: ReadonlySet<string>): Promise<void> {
  await exchange.caughtUp();
  const inLog = new Set((await readTopics(exchange.kafka, SHARED_TOPICS)).map(({ message }) => message.headers?.['ce_id']?.toString()));
  expect([...accepted].filter((eventId) => !inLog.has(eventId))).toEqual([]);
  expect(await differencesFromOracle(exchange)).toEqual([]);
}

test('the tag of a partition lies in the slot that Redis says it does', async () => {
  for (const partition of [0, 5, 7, 1_023]) expect(await exchange.redis.cluster('KEYSLOT', `1{${tagOf(partition)}}x`)).toBe(slotOf(tagOf(partition)));
});

test('a broker is killed while events stream', async () => {
  const steady = startSteady(exchange);
  await until('events stream', () => steady.accepted.size > 500);
  const broker = (await brokerLeading(exchange.stack, 'tests', 0)) ?? '';
  await exchange.stack.kill(broker);
  const before = steady.accepted.size;
  await until('events stream again', () => steady.accepted.size > before + 1_000);
  await exchange.stack.restart(broker);
  await until('all records are on all brokers again', () => isFullyReplicated(exchange.stack, SHARED_TOPICS));
  const { events, lookups } = await steady.stop();
  console.log('broker', events, lookups);
  await expectNothingLost(steady.accepted);
});

test('a Redis master fails over to a replica that lacks its newest writes', async () => {
  const steady = startSteady(exchange);
  await until('events stream', () => steady.accepted.size > 500);
  const { master, replicas: [replica = ''] } = await redisShardOf(exchange.stack, 0);
  await exchange.stack.kill(replica, 'SIGSTOP');
  const before = steady.accepted.size;
  const position = async () => (await exchange.position(0))?.topics['tests']?.nextOffset ?? 0;
  const positionBefore = await position();
  await until('the master has what its replica lacks', async () => steady.accepted.size > before + 1_000 && (await position()) > positionBefore);
  await exchange.stack.kill(master);
  await exchange.stack.kill(replica, 'SIGCONT');
  await until('the replica leads', async () => (await redisShardOf(exchange.stack, 0)).master === replica);
  const { events, lookups } = await steady.stop();
  console.log('redis', events, lookups);
  await expectNothingLost(steady.accepted);
  await exchange.stack.restart(master);
});

test('with two brokers of three away nothing is accepted, and nothing that was accepted is lost', async () => {
  const steady = startSteady(exchange);
  await until('events stream', () => steady.accepted.size > 200);
  await exchange.stack.kill('kafka-2', 'SIGSTOP');
  await exchange.stack.kill('kafka-3', 'SIGSTOP');
  await steady.stop();
  const { body } = await exchange.send([testReportedJson(newPerson())]);
  expect(body.results).toEqual([expect.objectContaining({ outcome: 'unavailable' })]);
  await exchange.stack.kill('kafka-2', 'SIGCONT');
  await exchange.stack.kill('kafka-3', 'SIGCONT');
  await until('events are accepted again', async () => (await exchange.send([testReportedJson(newPerson())])).body.accepted === 1);
  await expectNothingLost(steady.accepted);
});
