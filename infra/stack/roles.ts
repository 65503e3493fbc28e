/**
 * Which part of a cluster plays which role at this moment: roles move when parts fail, so they're asked for, not kept.
 * For whoever breaks a certain part on purpose.
 */

import { slotOf, tagOf } from '#exchange/view/hash-slot.ts';
import { type Shard, shardsOf } from '#infra/parts/redis-cluster.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { createKafka } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import type { Stack } from './stack.ts';

/** Names of parts, such as `redis-2`. */
export interface NamedShard {
  readonly master: string;
  readonly replicas: readonly string[];
}

export function brokersOf(stack: Stack): string[] {
  return stack.processes.map(({ name }) => name).filter((name) => /^kafka(-\d+)?$/.test(name));
}

/** Of a Redis that stands alone: one, without a replica. */
export async function redisShards(stack: Stack): Promise<NamedShard[]> {
  if (stack.topology === 'single') return [{ master: 'redis', replicas: [] }];
  return (await shardsOf(addressesOf(stack), stack.tls)).map((shard) => named(stack, shard));
}

/** Where a partition's views and position lie. */
export async function redisShardOf(stack: Stack, partition: number): Promise<NamedShard> {
  if (stack.topology === 'single') return { master: 'redis', replicas: [] };
  const slot = slotOf(tagOf(partition));
  const shard = (await shardsOf(addressesOf(stack), stack.tls)).find(({ slots }) =>
    slots.some(([first, last]) => first <= slot && slot <= last),
  );
  if (shard === undefined) throw new StackError(`no shard serves partition ${partition}`);
  return named(stack, shard);
}

/** Which partitions of so many lie in the shard that this part belongs to. */
export async function partitionsIn(stack: Stack, redisPart: string): Promise<number[]> {
  const all = Array.from({ length: stack.partitions }, (_, partition) => partition);
  const shards = await Promise.all(all.map((partition) => redisShardOf(stack, partition)));
  return all.filter((partition) =>
    [shards[partition]?.master, ...(shards[partition]?.replicas ?? [])].includes(redisPart),
  );
}

/** The broker that leads a partition, or null while none does. */
export async function brokerLeading(stack: Stack, topic: string, partition: number): Promise<string | null> {
  const leader = (await partitionsOf(stack, [topic])).find((one) => one.partition === partition)?.leader ?? -1;
  return leader < 0 ? null : stack.topology === 'cluster' ? `kafka-${leader}` : 'kafka';
}

/** True when each partition of these topics has a leader and every broker that should has all its records. */
export async function isFullyReplicated(stack: Stack, topics: readonly string[]): Promise<boolean> {
  return (
    (await partitionsOf(stack, topics).catch(() => null))?.every(
      ({ leader, replicas, isr }) => leader >= 0 && replicas.length === isr.length,
    ) === true
  );
}

interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

async function partitionsOf(stack: Stack, topics: readonly string[]): Promise<PartitionState[]> {
  const admin = createKafka(stack.kafkaAccess, 'roles', createLogger('roles', 'silent')).admin();
  await admin.connect();
  try {
    const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
    return found.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionId, leader, replicas, isr }) => ({
        topic: name,
        partition: partitionId,
        leader,
        replicas,
        isr,
      })),
    );
  } finally {
    await admin.disconnect();
  }
}

function addressesOf(stack: Stack): string[] {
  return (stack.addresses.redis ?? '').split(',');
}

function named(stack: Stack, { master, replicas }: Shard): NamedShard {
  return { master: stack.partAt(master), replicas: replicas.map((address) => stack.partAt(address)) };
}
