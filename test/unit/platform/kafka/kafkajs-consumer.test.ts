/** The patched consumer of kafkajs: a group without a coordinator for a while doesn't end it for good. */

import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

interface Consumer {
  readonly events: { readonly CRASH: string };
  on(event: string, listener: (event: { payload: { restart: boolean } }) => void): void;
  subscribe(topics: object): Promise<void>;
  run(config: object): Promise<void>;
  disconnect(): Promise<void>;
}
const require = createRequire(import.meta.url);
const createConsumer = require('kafkajs/src/consumer') as (parts: object) => Consumer;
const Cluster = require('kafkajs/src/cluster') as {
  prototype: { findGroupCoordinatorMetadata(of: object): Promise<object> };
};

const ignore = (): void => undefined;
const logger = { namespace: () => logger, debug: ignore, error: ignore, warn: ignore, info: ignore };

it('a broker that knew no coordinator for a few seconds ended every consumer', async () => {
  // As kafkajs itself fails when the broker has said so each time that it was asked.
  const notFound = Cluster.prototype.findGroupCoordinatorMetadata.call(
    { brokerPool: { withBroker: async () => null } },
    { groupId: 'g' },
  );
  await expect(notFound).rejects.toThrow('Failed to find group coordinator');
  let asked = 0;
  const cluster = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    addMultipleTargetTopics: async () => undefined,
    refreshMetadataIfNecessary: async () => undefined,
    findGroupCoordinator: () => {
      asked += 1;
      return notFound;
    },
  };
  const consumer = createConsumer({ cluster, groupId: 'g', logger, retry: { initialRetryTime: 5, retries: 3 } });
  const twice = Promise.withResolvers<boolean[]>();
  const restarts: boolean[] = [];
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    restarts.push(payload.restart);
    if (restarts.length === 2 || !payload.restart) twice.resolve(restarts);
  });
  await consumer.subscribe({ topics: ['t'] });
  await consumer.run({ eachMessage: async () => undefined });
  expect(await twice.promise).toEqual([true, true]);
  expect(asked).toBeGreaterThanOrEqual(2);
  await consumer.disconnect();
});
