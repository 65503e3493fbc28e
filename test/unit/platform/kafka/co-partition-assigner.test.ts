/**
 * The assigner: a member owns the same partition numbers of every shared topic, and every member is told what it owns.
 */

import fc from 'fast-check';
import kafkajs, { type Cluster, type GroupMember } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { coPartitionAssigner, spread } from '#platform/kafka/co-partition-assigner.ts';

const TOPICS = ['tests', 'vaccinations', 'codes'];
const members = (...ids: string[]): GroupMember[] =>
  ids.map((memberId) => ({ memberId, memberMetadata: Buffer.alloc(0) }));

function assigner(partitions: Readonly<Record<string, readonly number[]>>, seen: Cluster[] = []) {
  const cluster = {
    findTopicPartitionMetadata: (topic: string) => (partitions[topic] ?? []).map((partitionId) => ({ partitionId })),
  } as unknown as Cluster;
  const make = coPartitionAssigner((its) => seen.push(its)) as (config: {
    cluster: Cluster;
  }) => ReturnType<ReturnType<typeof coPartitionAssigner>>;
  return make({ cluster });
}

async function assigned(partitions: Readonly<Record<string, readonly number[]>>, ...ids: string[]) {
  const answer = await assigner(partitions).assign({ members: members(...ids), topics: TOPICS });
  return Object.fromEntries(
    answer.map(({ memberId, memberAssignment }) => [
      memberId,
      kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment,
    ]),
  );
}

describe('spread', () => {
  it('gives each partition to one member, evenly, and an entry to all', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 40 }),
        (ids, count) => {
          const shares = spread(
            ids,
            Array.from({ length: count }, (_, partition) => partition),
          );
          expect([...shares.keys()].sort()).toEqual([...ids].sort());
          expect([...shares.values()].flat().sort((a, b) => a - b)).toEqual(
            Array.from({ length: count }, (_, partition) => partition),
          );
          const sizes = [...shares.values()].map((share) => share.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
  it('is the same whatever the order in which the members are named', () => {
    expect(Object.fromEntries(spread(['b', 'a', 'c'], [0, 1, 2, 3]))).toEqual(
      Object.fromEntries(spread(['c', 'b', 'a'], [0, 1, 2, 3])),
    );
  });
});

describe('an assignment', () => {
  it('holds the same numbers of every shared topic', async () => {
    const found = await assigned({ tests: [2, 0, 1], vaccinations: [0, 1, 2], codes: [1, 2, 0] }, 'm2', 'm1');
    expect(found).toEqual({
      m1: { tests: [0, 2], vaccinations: [0, 2], codes: [0, 2] },
      m2: { tests: [1], vaccinations: [1], codes: [1] },
    });
  });
  it('has an entry for a member that gets nothing, lest it keep what it had', async () => {
    expect(await assigned({ tests: [0], vaccinations: [0], codes: [0] }, 'm1', 'm2')).toEqual({
      m1: { tests: [0], vaccinations: [0], codes: [0] },
      m2: { tests: [], vaccinations: [], codes: [] },
    });
  });
  it('is refused where the topics differ in their partitions', async () => {
    await expect(assigned({ tests: [0, 1], vaccinations: [0, 1], codes: [0] }, 'm1')).rejects.toMatchObject({
      code: 'KAFKA_TOPIC_MISSING',
    });
    await expect(assigned({ tests: [0, 1], vaccinations: [0, 1] }, 'm1')).rejects.toMatchObject({
      code: 'KAFKA_TOPIC_MISSING',
    });
  });
});

describe('the assigner', () => {
  it('tells the group its name and topics, and hands on the cluster', () => {
    const seen: Cluster[] = [];
    const { name, metadata } = assigner({}, seen).protocol({ topics: TOPICS });
    expect(name).toBe('hutong-co-partitions');
    expect(kafkajs.AssignerProtocol.MemberMetadata.decode(metadata)).toMatchObject({ topics: TOPICS });
    expect(seen).toHaveLength(1);
  });
});
