/**
 * Several of everything, under a stream of events and look-ups: a broker dies, a Redis master fails over to a replica
 * that lacks its newest writes, and two brokers of three are away.
 */

import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { IdentityDocument } from '#core/field/identity.ts';
import type { Position } from '#core/view/snapshot.ts';
import { slotOf, tagOf } from '#exchange/view/hash-slot.ts';
import { FIRST_GENERATION } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { openRedisNode } from '#exercises/oracle/redis-node.ts';
import { differencesFromOracle } from '#exercises/oracle/views.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { brokerLeading, isFullyReplicated, partitionsIn, redisShardOf } from '#infra/stack/roles.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { isConnected } from '#test/support/connections.ts';
import { startExchange } from '#test/support/exchange.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { runHutong } from '#test/support/hutong.ts';
import { LEISURELY, type Service, startSteady } from '#test/support/steady.ts';

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
  await exchange.caughtUp();
  const inLog = new Set(
    (await readTopics(exchange.kafka, LOG.topics)).map(({ message }) => message.headers?.['ce_id']?.toString()),
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
  onTestFinished(() => {
    restarting = exchange.stack.restart(broker);
    restarting.catch(() => undefined); // whoever waits for the broker gets it
  });
  await exchange.stack.kill(broker);
  const before = steady.accepted.size;
  await until('events stream again', () => steady.accepted.size > before + 400);
  expect(await isFullyReplicated(exchange.stack, LOG.topics)).toBe(false);
  tell('a broker was killed', await steady.stop());
  await expectNothingLost(steady.accepted);
});

interface Shard {
  /** Names of the parts. */
  readonly master: string;
  readonly replica: string;
  readonly partitions: readonly number[];
  readonly nodes: { readonly master: Redis; readonly replica: Redis };
}

/** The shard that holds partition 0, until the end of the test. */
async function openShard(): Promise<Shard> {
  const { stack } = exchange;
  const { master, replicas } = await redisShardOf(stack, 0);
  const replica = replicas[0] as string;
  const open = (part: string): Redis =>
    openRedisNode(stack, stack.addressOf(part), { readOnly: true, retryStrategy: () => 50 }).on(
      'error',
      () => undefined,
    );
  const nodes = { master: open(master), replica: open(replica) };
  onTestFinished(() => [nodes.master, nodes.replica].forEach((node) => node.disconnect()));
  await until('the replica follows', async () => /master_link_status:up/.test(await nodes.replica.info('replication')));
  return { master, replica, partitions: await partitionsIn(stack, master), nodes };
}

/** How many records of tests a node says that it has consumed, by partition. */
function consumed(node: Redis, partitions: readonly number[]): Promise<number[]> {
  return Promise.all(
    partitions.map(async (partition) => {
      const stored = JSON.parse(
        (await node.get(KEYS.position(FIRST_GENERATION, partition))) ?? '{}',
      ) as Partial<Position>;
      return stored.topics?.['tests']?.nextOffset ?? 0;
    }),
  );
}

/** From now on the replica gets nothing that is written; to the end of the test it knows a password that is wrong. */
async function holdBack({ nodes: { master, replica } }: Shard): Promise<void> {
  onTestFinished(async () => void (await replica.config('SET', 'masterauth', '')));
  await replica.config('SET', 'masterauth', 'one-that-is-wrong');
  await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
  await until('the replica has lost its master', async () =>
    /master_link_status:down/.test(await replica.info('replication')),
  );
}

/**
 * Sends one event each of people who get no other, one in each partition of the shard, and waits until the master has
 * them and the replica hasn't. If the replica takes over, only reading again brings them back, and no later event of
 * the same person hides that they are lost.
 */
async function onlyTheMasterGets({ partitions, nodes }: Shard): Promise<{ theReplicaHasThem: () => Promise<boolean> }> {
  const people = partitions.map(personIn);
  const keys = people.map((person) => exchange.keyOf(person));
  const areOn = async (node: Redis): Promise<boolean[]> => {
    const views = await Promise.all(
      keys.map((key, index) => node.getBuffer(KEYS.view(FIRST_GENERATION, partitions[index] as number, key))),
    );
    return views.map((view) => view !== null);
  };
  const { body } = await exchange.send(people.map((person) => testReportedJson(person)));
  expect(body.accepted).toBe(people.length);
  await until('the master holds what its replica lacks', async () => (await areOn(nodes.master)).every(Boolean));
  const reached = await consumed(nodes.master, partitions);
  const held = await consumed(nodes.replica, partitions);
  expect(held.filter((offset, index) => offset >= (reached[index] as number))).toEqual([]);
  expect(await areOn(nodes.replica)).not.toContain(true);
  return { theReplicaHasThem: async () => (await areOn(nodes.replica)).every(Boolean) };
}

function personIn(partition: number): IdentityDocument {
  for (;;) {
    const person = newPerson();
    if (partitionOf(exchange.keyOf(person), exchange.partitions) === partition) return person;
  }
}

test('a Redis master dies and its replica lacks its newest writes: what is missing is read again', async () => {
  const { stack } = exchange;
  const shard = await openShard();
  const { master, replica } = shard;
  const steady = startSteady(exchange);
  await until('events stream', () => steady.accepted.size > 200);
  await holdBack(shard);
  const { theReplicaHasThem } = await onlyTheMasterGets(shard);
  onTestFinished(async () => {
    await stack.restart(master);
    await until('the old master follows', async () => (await redisShardOf(stack, 0)).replicas.includes(master));
  });
  await stack.kill(master);
  await until('the replica has taken over', async () => (await redisShardOf(stack, 0)).master === replica);
  await until('what it lacked is there again', theReplicaHasThem);
  const served = await steady.stop();
  tell('a Redis master was killed, its replica behind', served);
  expect(served.lookups.failed).toBeLessThan(served.lookups.succeeded / 50);
  await expectNothingLost(steady.accepted);
});

test('a replica that is behind takes over from a live master: the position that went back is noticed', async () => {
  const { stack } = exchange;
  const shard = await openShard();
  const { replica, nodes } = shard;
  // Who isn't connected finds an error instead of a position that went back, and reads again for that.
  const port = Number(stack.addressOf(replica).split(':').at(-1));
  const materialisers = stack.processes.filter(({ name }) => name.startsWith('materialiser'));
  await until('the materialisers are connected to the replica', () =>
    materialisers.every(({ pid }) => isConnected(pid, port)),
  );
  const steady = startSteady(exchange);
  await holdBack(shard);
  const { theReplicaHasThem } = await onlyTheMasterGets(shard);
  const before = await reloads();
  await nodes.replica.cluster('FAILOVER', 'TAKEOVER');
  await until('what it lacked is there again', theReplicaHasThem);
  tell(`${replica} took over while its master was alive`, await steady.stop());
  const after = await reloads();
  const times = CAUSES.map((cause, index) => `${cause} ${(after[index] as number) - (before[index] as number)}`);
  console.log(`  read again for: ${times.join(', ')}`);
  await expectNothingLost(steady.accepted);
});

/** Either is right: a commit is refused, or finds no connection to its new master. */
const CAUSES = ['position_refused', 'store_unavailable'] as const;

function reloads(): Promise<number[]> {
  return Promise.all(
    CAUSES.map(async (cause) => {
      const counts = await Promise.all(
        exchange.stack.addresses.materialisers.map((url) =>
          exchange.metric(url, 'hutong_positions_reloaded_total', `cause="${cause}"`),
        ),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    }),
  );
}

test('with two brokers of three away nothing is accepted, and later nothing that was accepted is missing', async () => {
  await restarting;
  await until('all records are on all brokers', () => isFullyReplicated(exchange.stack, LOG.topics));
  const accepted = new Set<string>();
  const send = async (): Promise<boolean> => {
    const { body } = await exchange.send([testReportedJson(newPerson())]);
    const [result] = body.results ?? [];
    if (result?.outcome === 'accepted') accepted.add(result.eventId as string);
    return result?.outcome === 'accepted';
  };
  expect(await send()).toBe(true);
  const signalBoth = async (signal: NodeJS.Signals): Promise<void> => {
    for (const broker of ['kafka-2', 'kafka-3']) await exchange.stack.kill(broker, signal);
  };
  onTestFinished(() => signalBoth('SIGCONT'));
  await signalBoth('SIGSTOP');
  for (const province of ['43', '44', '11']) {
    const { status, body } = await exchange.send([testReportedJson(newPerson(), { province })]);
    expect([status, body.results?.[0]?.outcome], province).toEqual([503, undefined]);
  }
  await signalBoth('SIGCONT');
  await until('events are accepted again', send);
  await expectNothingLost(accepted);
});

test('the view is verified and rebuilt over all shards while events stream and look-ups are asked', async () => {
  const steady = startSteady(exchange, LEISURELY);
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
