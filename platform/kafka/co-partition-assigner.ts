/**
 * Gives each member of the group the same partition numbers of every shared topic, so that one instance of the
 * materialiser owns all of a person's events. kafkajs' own assigners spread topics independently.
 */

import kafkajs, { type Cluster, type PartitionAssigner } from 'kafkajs';
import { HutongError } from '#platform/errors.ts';

const NAME = 'hutong-co-partitions';
const VERSION = 0;

/** @param onCluster receives the client's cluster, which kafkajs shows to nobody else */
export function coPartitionAssigner(onCluster: (cluster: Cluster) => void): PartitionAssigner {
  return ({ cluster }) => {
    onCluster(cluster);
    return {
      name: NAME,
      version: VERSION,
      protocol: ({ topics }) => ({
        name: NAME,
        metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({
          version: VERSION,
          topics,
          userData: Buffer.alloc(0),
        }),
      }),
      assign: async ({ members, topics }) => {
        const partitions = commonPartitions(topics, (topic) =>
          cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
        );
        const shares = spread(
          members.map(({ memberId }) => memberId),
          partitions,
        );
        return [...shares].map(([memberId, share]) => ({
          memberId,
          memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
            version: VERSION,
            assignment: Object.fromEntries(topics.map((topic) => [topic, share])),
            userData: Buffer.alloc(0),
          }),
        }));
      },
    };
  };
}

/** The partition numbers that all topics have. @throws HutongError KAFKA_TOPIC_MISSING where they differ. */
function commonPartitions(topics: readonly string[], partitionsOf: (topic: string) => number[]): readonly number[] {
  const [first = [], ...others] = topics.map((topic) => partitionsOf(topic).sort((a, b) => a - b));
  for (const other of others) {
    if (other.join() !== first.join())
      throw new HutongError(
        'KAFKA_TOPIC_MISSING',
        `the shared topics ${topics.join(', ')} differ in their partitions`,
        { retriable: true },
      );
  }
  return first;
}

/** Every member gets an entry, an empty one too: a member without would be taken for one with all it had before. */
export function spread(memberIds: readonly string[], partitions: readonly number[]): ReadonlyMap<string, number[]> {
  const sorted = [...memberIds].sort();
  const shares = new Map<string, number[]>(sorted.map((memberId) => [memberId, []]));
  partitions.forEach((partition, index) => shares.get(sorted[index % sorted.length] as string)?.push(partition));
  return shares;
}
