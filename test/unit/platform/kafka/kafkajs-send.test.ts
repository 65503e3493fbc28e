/** The patched send of kafkajs, over brokers whose partitions move while a batch is under way. */

import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

interface Produced {
  readonly nodeId: string;
  readonly partitions: readonly number[];
}
type Send = (batch: object) => Promise<{ partition: number }[]>;
type Retrier = (
  attempt: (bail: (error: Error) => never, retryCount: number, retryTime: number) => Promise<unknown>,
) => Promise<unknown>;
const createSend = createRequire(import.meta.url)('kafkajs/src/producer/sendMessages') as (parts: object) => Send;

const BATCH = {
  acks: -1,
  topicMessages: [{ topic: 't', messages: [{ partition: 0 }, { partition: 1 }, { partition: 2 }] }],
};
const ignore = (): void => undefined;

/**
 * @param leaders by partition, for each try
 * @param produce what a broker does with a request; the try is counted from 0
 */
function sender(
  leaders: readonly (readonly string[])[],
  produce: (request: Produced, attempt: number) => Promise<void>,
) {
  let attempt = 0;
  const sequences = new Map<string, number>();
  const brokerOf = (nodeId: string) => ({
    nodeId,
    produce: async ({ topicData }: { topicData: { partitions: { partition: string }[] }[] }) => {
      const partitions = topicData.flatMap((topic) => topic.partitions.map(({ partition }) => Number(partition)));
      await produce({ nodeId, partitions }, attempt);
      return {
        topics: [
          {
            topicName: 't',
            partitions: partitions.map((partition) => ({
              partition,
              errorCode: 0,
              baseOffset: '0',
              logAppendTime: '0',
              logStartOffset: '0',
            })),
          },
        ],
      };
    },
  });
  const brokers = new Map(['a', 'b', 'c'].map((nodeId) => [nodeId, brokerOf(nodeId)]));
  const cluster = {
    targetTopics: new Set(),
    addMultipleTargetTopics: async () => undefined,
    refreshMetadataIfNecessary: async () => undefined,
    refreshMetadata: async () => undefined,
    removeBroker: ignore,
    isConnected: () => true,
    findTopicPartitionMetadata: () => [0, 1, 2].map((partitionId) => ({ partitionId })),
    findLeaderForPartitions: (_topic: string, partitions: string[]) =>
      Object.groupBy(partitions.map(Number), (partition) => (leaders[attempt] ?? [])[partition] as string),
    findBroker: async ({ nodeId }: { nodeId: string }) => brokers.get(nodeId),
  };
  const eosManager = {
    acquireBrokerLock: async () => undefined,
    releaseBrokerLock: async () => undefined,
    isTransactional: () => false,
    getProducerId: () => 1,
    getProducerEpoch: () => 0,
    getSequence: (_topic: string, partition: string) => sequences.get(String(partition)) ?? 0,
    updateSequence: (_topic: string, partition: string, increment: number) =>
      sequences.set(String(partition), (sequences.get(String(partition)) ?? 0) + increment),
  };
  const retrier: Retrier = async (once) => {
    for (; ; attempt += 1) {
      try {
        return await once(
          (error) => {
            throw error;
          },
          attempt,
          0,
        );
      } catch (error) {
        if (attempt === leaders.length - 1) throw error;
      }
    }
  };
  return {
    send: createSend({
      logger: { debug: ignore, error: ignore },
      cluster,
      partitioner: ({ message }: { message: { partition: number } }) => message.partition,
      eosManager,
      retrier,
    }),
    sequences,
  };
}

const refuse = (): never => {
  throw Object.assign(new Error('not the leader'), {
    name: 'KafkaJSProtocolError',
    type: 'NOT_LEADER_FOR_PARTITION',
    retriable: true,
  });
};

it('a partition that moved to a broker that had answered is sent there, and no other twice', async () => {
  const produced: Produced[] = [];
  const { send } = sender(
    [
      ['a', 'a', 'b'],
      ['a', 'a', 'a'],
    ],
    async (request) => {
      if (request.nodeId === 'b') refuse();
      produced.push(request);
    },
  );
  const answers = await send(BATCH);
  expect(produced).toEqual([
    { nodeId: 'a', partitions: [0, 1] },
    { nodeId: 'a', partitions: [2] },
  ]);
  expect(new Set(answers.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
  expect(answers).toHaveLength(3);
});

it('no try begins while the last one’s request is under way, and sequence numbers end as they should', async () => {
  let underWay = 0;
  const { promise: late, reject } = Promise.withResolvers<void>();
  const { send, sequences } = sender(
    [
      ['a', 'a', 'b'],
      ['c', 'c', 'c'],
    ],
    async ({ nodeId }, attempt) => {
      if (attempt > 0) return expect(underWay).toBe(0) as unknown as void;
      if (nodeId === 'b') refuse();
      underWay += 1;
      await late.finally(() => (underWay -= 1));
    },
  );
  setTimeout(
    () => reject(Object.assign(new Error('closed'), { name: 'KafkaJSConnectionClosedError', retriable: true })),
    20,
  );
  await send(BATCH);
  expect([...sequences.values()]).toEqual([1, 1, 1]);
});
