/** The patched admin client of kafkajs: where a partition's leader has changed, the new one is asked. */

import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

type CreateAdmin = (parts: object) => { fetchTopicOffsets(topic: string): Promise<object[]> };
const require = createRequire(import.meta.url);
const createAdmin = require('kafkajs/src/admin') as CreateAdmin;
const Emitter = require('kafkajs/src/instrumentation/emitter') as new () => object;

function adminOver(cluster: object): ReturnType<CreateAdmin> {
  const ignore = (): void => undefined;
  const logger = { namespace: () => ({ debug: ignore, error: ignore, warn: ignore, info: ignore }) };
  const whole = {
    addTargetTopic: async () => undefined,
    refreshMetadataIfNecessary: async () => undefined, // they haven't expired
    refreshMetadata: async () => undefined,
    findTopicPartitionMetadata: () => [{ partitionId: 0 }],
    fetchTopicsOffset: async () => [{ topic: 't', partitions: [{ partition: 0, offset: '7' }] }],
    ...cluster,
  };
  return createAdmin({
    logger,
    cluster: whole,
    instrumentationEmitter: new Emitter(),
    retry: { initialRetryTime: 1, retries: 2 },
  });
}

const ENDS = [{ partition: 0, offset: '7', high: '7', low: '7' }];

it('a partition that is led by another broker than before is found again', async () => {
  let leader = 'as it was';
  const admin = adminOver({
    refreshMetadata: async () => void (leader = 'as it is'),
    fetchTopicsOffset: async () => {
      if (leader === 'as it was')
        throw Object.assign(new Error('not the leader'), { type: 'NOT_LEADER_FOR_PARTITION', retriable: true });
      return [{ topic: 't', partitions: [{ partition: 0, offset: '7' }] }];
    },
  });
  await expect(admin.fetchTopicOffsets('t')).resolves.toEqual(ENDS);
});

it('metadata that another call has replaced by those of fewer topics are asked for again', async () => {
  let known: object[] = [];
  const admin = adminOver({
    findTopicPartitionMetadata: () => known,
    refreshMetadata: async () => void (known = [{ partitionId: 0 }]),
  });
  await expect(admin.fetchTopicOffsets('t')).resolves.toEqual(ENDS);
});
