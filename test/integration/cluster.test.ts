/**
 * Several of everything, under a stream of events and look-ups: a broker dies, a Redis master fails over to a replica
 * that lacks its newest writes, and two brokers of three are away.
 */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Position } from '#core/view/snapshot.ts';
import { SHARED_TOPICS } from '#exchange/topics/topics.ts';
import { slotOf, tagOf } from '#exchange/view/hash-slot.ts';
import { FIRST_GENERATION, positionKey } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { brokerLeading, isFullyReplicated, partitionsIn, redisShardOf } from '#infra/stack/roles.ts';
import { parseAddresses } from '#platform/address.ts';
import { startExchange } from '#test/support/exchange.ts';
import { runHutong } from '#test/support/hutong.ts';
import { type Service, startSteady } from '#test/support/steady.ts';

const WAIT_MS_MAX = 60_000;

let exchange: Exchange;
/** A dead broker comes back while the next test goes on without it. */
let restarting: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  exchange = await startExchange({ topology: 'cluster', env: { HUTONG_ACCEPT_TIMEOUT_MS: '3000' } });
});

afterAll(async () => {
  await exchange?.stop();
});

async function expectNothingLost(accepted: ReadonlySet<string>): Promise<void> {
  await exchange.caughtUp(WAIT_MS_MAX);
  const inLog = new Set(
    (await readTopics(exchange.kafka, SHARED_TOPICS)).map(({ message }) => message.headers?.['ce_id']?.toString()),
  );
  expect([...accepted].filter((eventId) => !inLog.has(eventId))).toEqual([]);
  expect(await differencesFromOracle(exchange)).toEqual([]);
}

function tell(what: string, { events, lookups }: { readonly events: Service; readonly lookups: Service }): void {
  const service = ({ succeeded, failed, longestGapMs }: Service): string =>
    `${succeeded} answered, ${failed} not, longest gap ${longestGapMs} ms`;
  console.log(`${what}\n  requests with events: ${service(events)}\n  look-ups: ${service(lookups)}`);
}

test('the tag of a partition lies in the slot that Redis says it does', async () => {
  for (const partition of [0, 5, 7, 1_023])
    expect(await exchange.redis.cluster('KEYSLOT', `1{${tagOf(partition)}}x`)).toBe(slotOf(tagOf(partition)));
});

test('a broker is killed while events stream: the stream goes on, and nothing accepted is lost', async () => {
  const steady = startSteady(exchange);
  await until('events stream', () => steady.accepted.size > 400);
  const broker = (await brokerLeading(exchange.stack, 'tests', 0)) ?? '';
  await exchange.stack.kill(broker);
  const before = steady.accepted.size;
  await until('events stream again', () => steady.accepted.size > before + 400, WAIT_MS_MAX);
  expect(await isFullyReplicated(exchange.stack, SHARED_TOPICS)).toBe(false);
  tell('a broker was killed', await steady.stop());
  restarting = exchange.stack.restart(broker);
  await expectNothingLost(steady.accepted);
});

/** The nodes of the shard that holds partition 0, and what each of them says it has consumed. */
async function openShard(): Promise<{
  master: string;
  replica: string;
  nodes: { master: Redis; replica: Redis };
  consumed: (node: Redis) => Promise<number>;
  close: () => void;
}> {
  const { stack } = exchange;
  const {
    master,
    replicas: [replica = ''],
  } = await redisShardOf(stack, 0);
  const partitions = await partitionsIn(stack, master);
  const open = (part: string): Redis =>
    new Redis({ ...parseAddresses(stack.addressOf(part))[0], readOnly: true, retryStrategy: () => 50 }).on(
      'error',
      () => undefined,
    );
  const nodes = { master: open(master), replica: open(replica) };
  const consumed = async (node: Redis): Promise<number> => {
    const stored = await Promise.all(partitions.map((partition) => node.get(positionKey(FIRST_GENERATION, partition))));
    return stored.reduce(
      (sum, text) => sum + ((JSON.parse(text ?? '{}') as Partial<Position>).topics?.['tests']?.nextOffset ?? 0),
      0,
    );
  };
  return {
    master,
    replica,
    nodes,
    consumed,
    close: () => [nodes.master, nodes.replica].forEach((node) => node.disconnect()),
  };
}

test('a Redis master dies and its replica lacks its newest writes: what is missing is read again', async () => {
  const { stack } = exchange;
  const { master, replica, nodes, consumed, close } = await openShard();
  const steady = startSteady(exchange);
  await until('events stream', () => steady.accepted.size > 200);
  await stack.kill(replica, 'SIGSTOP');
  // Or what it sends would wait in the stopped replica's socket.
  await nodes.master.call('CLIENT', 'KILL', 'TYPE', 'replica');
  const held = await consumed(nodes.master);
  await until('the master holds what its replica lacks', async () => (await consumed(nodes.master)) > held + 50);
  const reached = await consumed(nodes.master);
  await stack.kill(master);
  await stack.kill(replica, 'SIGCONT');
  expect(await consumed(nodes.replica)).toBeLessThan(reached);
  await until('the replica has taken over', async () => (await redisShardOf(stack, 0)).master === replica);
  await until('what it lacked is there again', async () => (await consumed(nodes.replica)) >= reached);
  const served = await steady.stop();
  tell('a Redis master was killed, its replica behind', served);
  expect(served.lookups.failed).toBeLessThan(served.lookups.succeeded / 50);
  close();
  await expectNothingLost(steady.accepted);
  await stack.restart(master);
  await until('the old master follows', async () => (await redisShardOf(stack, 0)).replicas.includes(master));
});

test('a replica that is behind takes over without an error: the position that went back is noticed', async () => {
  const { replica, nodes, consumed, close } = await openShard();
  await until('the replica follows', async () => /master_link_status:up/.test(await nodes.replica.info('replication')));
  const steady = startSteady(exchange);
  await nodes.master.config('SET', 'requirepass', 'so-that-its-replica-cannot-come-back');
  await nodes.master.call('CLIENT', 'KILL', 'TYPE', 'replica');
  const held = await consumed(nodes.master);
  await until('the master holds what its replica lacks', async () => (await consumed(nodes.master)) > held + 50);
  const refused = await reloadsBy('position_refused');
  await nodes.replica.cluster('FAILOVER', 'TAKEOVER');
  await until(
    'a commit was refused and the position loaded again',
    async () => (await reloadsBy('position_refused')) > refused,
  );
  await nodes.master.config('SET', 'requirepass', '');
  tell(`${replica} took over while its master was alive`, await steady.stop());
  close();
  await expectNothingLost(steady.accepted);
});

async function reloadsBy(cause: string): Promise<number> {
  const counts = await Promise.all(
    exchange.stack.addresses.materialisers.map((url) =>
      exchange.metric(url, 'hutong_positions_reloaded_total', `cause="${cause}"`),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

test('with two brokers of three away nothing is accepted, and later nothing that was accepted is missing', async () => {
  await restarting;
  await until('all records are on all brokers', () => isFullyReplicated(exchange.stack, SHARED_TOPICS), WAIT_MS_MAX);
  const accepted = new Set<string>();
  const send = async (): Promise<boolean> => {
    const { body } = await exchange.send([testReportedJson(newPerson())]);
    const [result] = body.results ?? [];
    if (result?.outcome === 'accepted') accepted.add(result.eventId as string);
    return result?.outcome === 'accepted';
  };
  expect(await send()).toBe(true);
  for (const broker of ['kafka-2', 'kafka-3']) await exchange.stack.kill(broker, 'SIGSTOP');
  for (const province of ['43', '44', '11']) {
    const { status, body } = await exchange.send([testReportedJson(newPerson(), { province })]);
    expect([status, body.results?.[0]?.outcome], province).toEqual([503, undefined]);
  }
  for (const broker of ['kafka-2', 'kafka-3']) await exchange.stack.kill(broker, 'SIGCONT');
  await until('events are accepted again', send, WAIT_MS_MAX);
  await expectNothingLost(accepted);
});

test('the view is verified and rebuilt over all shards while events stream and look-ups are asked', async () => {
  const steady = startSteady(exchange);
  await until('events stream', () => steady.accepted.size > 200);
  const verified = await runHutong(exchange, 'view', 'verify');
  expect(verified.status, verified.output).toBe(0);
  const rebuilt = await runHutong(exchange, 'view', 'rebuild', '--switch');
  expect(rebuilt.status, rebuilt.output).toBe(0);
  const served = await steady.stop();
  tell('the view was rebuilt', served);
  expect(served.lookups.failed).toBe(0);
  expect(
    new Set(
      await Promise.all(Array.from({ length: exchange.partitions }, (_, partition) => exchange.generation(partition))),
    ),
  ).toEqual(new Set([FIRST_GENERATION + 1]));
  await expectNothingLost(steady.accepted);
});
