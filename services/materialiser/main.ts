/**
 * The materialiser: reads the configuration, connects, consumes the shared topics into the view, stops. As many copies
 * may run as there are partitions.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from 'kafkajs';
import { readConfig } from '#platform/config.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { createHttp } from '#platform/http.ts';
import { runService } from '#platform/lifecycle.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { checkPartitions } from '#topics/admin.ts';
import { coPartitionAssigner } from '#topics/co-partition-assigner.ts';
import { createKafka } from '#topics/kafka.ts';
import { KafkaSender } from '#topics/kafka-sender.ts';
import { Outbox, OUTBOX_LIMITS } from '#topics/outbox.ts';
import { RegistrySchemas } from '#topics/registry.ts';
import { connectRedis, requireNoEviction } from '#view/redis.ts';
import { RedisViewStore } from '#view/store.ts';
import { DeadLetters } from './dead-letters.ts';
import { ExchangeTail } from './exchange-tail.ts';
import { measureLag } from './lag.ts';
import { Observations } from './observations.ts';
import { PartitionHost } from './partition-host.ts';
import { PartitionWorker } from './partition-worker.ts';

const TICK_MS = 1_000;
const LAG_EVERY_MS = 2_000;
const GROUP_COMMIT_EVERY_MS = 5_000;
/** Longer waits save requests to an idle broker; a record that arrives ends the wait. */
const FETCH_WAIT_MS = 250;
const QUEUE_RECORDS_MAX = 10_000;
const DEAD_LETTERS_QUEUE_MAX = 10_000;

const config = readConfig();
const logger = createLogger('materialiser', config.logLevel);

await runService(logger, async (fatal) => {
  const metrics = new Metrics();
  const redis = await connectRedis(config.redis, logger);
  await requireNoEviction(redis);
  const kafka = createKafka(config.kafkaBrokers, 'materialiser', logger);
  const admin = kafka.admin();
  await admin.connect();
  await checkPartitions(admin, config.partitions);
  const schemas = new RegistrySchemas(config.registryUrl);
  await schemas.currentIds();
  const sender = await KafkaSender.connect(kafka);
  const deadLetters = new DeadLetters(new Outbox(sender, { queueRecordsMax: DEAD_LETTERS_QUEUE_MAX, ...OUTBOX_LIMITS }, logger, () => undefined), metrics);
  const { tail, stop: stopTail } = await ExchangeTail.start({ kafka, admin, schemas, groupId: `exchange-tail-${randomUUID()}`, logger, sleep: (ms) => delay(ms) });

  let cluster: Cluster | null = null;
  const consumer = kafka.consumer({
    groupId: config.consumerGroup,
    allowAutoTopicCreation: false,
    sessionTimeout: config.sessionTimeoutMs,
    heartbeatInterval: Math.floor(config.sessionTimeoutMs / 5),
    rebalanceTimeout: config.sessionTimeoutMs,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    retry: { retries: Number.MAX_SAFE_INTEGER },
    partitionAssigners: [coPartitionAssigner((its) => {
      cluster = its;
    })],
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) fatal(new HutongError('KAFKA_UNAVAILABLE', 'the consumer gave up', { retriable: false, cause: payload.error }));
  });
  await consumer.connect();

  const observations = new Observations(metrics);
  const store = observations.measured(new RedisViewStore(redis));
  const host = new PartitionHost({
    consumer,
    cluster: () => cluster as Cluster,
    admin,
    store,
    exchange: tail,
    metrics,
    logger,
    sleep: (ms) => delay(ms),
    queueRecordsMax: QUEUE_RECORDS_MAX,
    createWorker: (partition, { onReload, onStep }) =>
      new PartitionWorker({
        partition,
        partitions: config.partitions,
        commitEventsMax: config.commitEventsMax,
        store,
        schemas,
        deadLetters,
        exchange: tail,
        sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
        onCommitted: (effects, committed) => {
          observations.committed(partition, effects, committed, Date.now());
          onStep();
        },
        onReload,
        onFatal: fatal,
        onRetry: (error) => logger.warn({ partition, error: describeError(error) }, 'holding the partition'),
      }),
  });
  await host.start();

  const timers = [
    setInterval(() => host.tick(), TICK_MS),
    setInterval(() => void measureLag(admin, host, observations), LAG_EVERY_MS),
    setInterval(() => void host.commitForLagTools(), GROUP_COMMIT_EVERY_MS),
  ];
  const app = createHttp({ logger, metrics, readiness: () => (host.isSettled ? null : 'partitions are being loaded') });
  await app.listen({ host: '127.0.0.1', port: config.materialiserPort });
  logger.info({ port: config.materialiserPort }, 'materialiser consumes');
  return {
    stop: async () => {
      timers.forEach(clearInterval);
      await app.close();
      await host.stop();
      await stopTail();
      await sender.close();
      await admin.disconnect();
      redis.disconnect();
    },
  };
});
