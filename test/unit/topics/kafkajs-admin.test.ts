/** The patched admin client of kafkajs: where a partition's leader has changed, the new one is asked. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

type CreateAdmin = (parts: object) => { fetchTopicOffsets(topic: string): Promise<object[]> };
const require = createRequire(import.meta.url);
const createAdmin = require('kafkajs/src/admin') as CreateAdmin;
const Emitter = require('kafkajs/src/instrumentation/emitter') as new () => object;

it('a partition that is led by another broker than before is found again', async () => {
  let leader = 'as it was';
  const cluster = {
    addTargetTopic: async () => undefined,
    refreshMetadataIfNecessary: async () => undefined, // they haven't expired
    refreshMetadata: async () => void (leader = 'as it is'),
    findTopicPartitionMetadata: () => [{ partitionId: 0 }],
    fetchTopicsOffset: async () => {
      if (leader === 'as it was') throw Object.assign(new Error('not the leader'), { type: 'NOT_LEADER_FOR_PARTITION', retriable: true });
      return [{ topic: 't', partitions: [{ partition: 0, offset: '7' }] }];
    },
  };
  const ignore = (): void => undefined;
  const logger = { namespace: () => ({ debug: ignore, error: ignore, warn: ignore, info: ignore }) };
  const admin = createAdmin({ logger, cluster, instrumentationEmitter: new Emitter(), retry: { initialRetryTime: 1, retries: 2 } });
  await expect(admin.fetchTopicOffsets('t')).resolves.toEqual([{ partition: 0, offset: '7', high: '7', low: '7' }]);
});
