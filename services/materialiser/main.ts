/**
 * The materialiser: reads the configuration, connects, consumes the shared topics into the view, stops. As many
 * instances may run as there are partitions.
 */

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DEAD_LETTERS_QUEUE_MAX, DeadLetters } from '#exchange/fold/dead-letters.ts';
import { ExchangeNow } from '#exchange/fold/exchange-now.ts';
import { PartitionHost, QUEUE_RECORDS_MAX } from '#exchange/fold/partition-host.ts';
import { PartitionWorker } from '#exchange/fold/partition-worker.ts';
import { METRICS_READERS } from '#exchange/identity/principals.ts';
import { RecordTags } from '#exchange/keys/check.ts';
import { requireKeyRing } from '#exchange/keys/ring.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { checkPartitions } from '#exchange/topics/admin.ts';
import { readCutOff } from '#exchange/topics/cut-off.ts';
import { keepsAllFaults, requireHistory } from '#exchange/topics/keeps-all.ts';
import { KeysFeed } from '#exchange/topics/keys-feed.ts';
import { inEdition, logOf } from '#exchange/topics/log.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { writeTimings } from '#exchange/view/sources.ts';
import { RedisViewStore } from '#exchange/view/store.ts';
import { readConfig } from '#platform/config.ts';
import { describeError } from '#platform/errors.ts';
import { createHttp } from '#platform/http.ts';
import { createKafka, groupOf } from '#platform/kafka/client.ts';
import { connectLogConsumer } from '#platform/kafka/log-consumer.ts';
import { Outbox, OUTBOX_LIMITS } from '#platform/kafka/outbox.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';
import { runService } from '#platform/lifecycle.ts';
import { fullJitterMs } from '#platform/limits/backoff.ts';
import { every } from '#platform/limits/every.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { connectRedis, requireNoEviction } from '#platform/redis.ts';
import { RevokedCertificates } from '#platform/revoked.ts';
import { exposeEnds, filesOf, Identity } from '#platform/tls.ts';
import { trust } from '#platform/trust.ts';
import { measureLag } from './lag.ts';
import { Observations } from './observations.ts';
import { HISTORY_QUEUE_MAX, momentOf, PositionHistory } from './position-history.ts';

const TICK_MS = 1_000;
const LAG_EVERY_MS = 2_000;
const TIMINGS_EVERY_MS = 5_000;
const HISTORY_EVERY_MS = 1_000;
const GROUP_COMMIT_EVERY_MS = 5_000;
const HISTORY_LOOK_EVERY_MS = 60_000;

const logger = createLogger('materialiser', 'info');

await runService(logger, async (fatal) => {
  const config = readConfig();
  logger.level = config.logLevel;
  const log = logOf(config.logEdition);
  const metrics = new Metrics();
  trust(config.tls.ca);
  const identity = new Identity(filesOf(config.tls, 'materialiser'));
  const revoked = new RevokedCertificates(config.tls.crl);
  exposeEnds(metrics, [identity]);
  const redis = await connectRedis({ addresses: config.redis, identity }, logger);
  await requireNoEviction(redis);
  const kafka = createKafka({ brokers: config.kafkaBrokers, identity }, 'materialiser', logger);
  const admin = kafka.admin();
  await admin.connect();
  await checkPartitions(admin, log, config.partitions);
  await requireHistory(admin, log);
  const schemas = new RegistrySchemas({ url: config.registryUrl, identity });
  await schemas.currentIds();
  // To its present end before any watermark is taken.
  const keys = await KeysFeed.follow(kafka, requireAnchors(config.keysDir), fatal);
  const tags = new RecordTags(requireKeyRing(config.keysDir), await readCutOff(kafka, admin, log), keys.known);
  const sender = await KafkaSender.connect(kafka);
  const deadLetters = new DeadLetters(
    new Outbox(sender, { queueRecordsMax: DEAD_LETTERS_QUEUE_MAX, ...OUTBOX_LIMITS }, logger, () => undefined),
    metrics,
  );
  let tick = (): void => undefined;
  const exchange = await ExchangeNow.start({
    log,
    kafka,
    admin,
    schemas,
    signatures: keys.known.keys,
    keys,
    groupId: () => groupOf(kafka, 'exchange-tail'),
    logger,
    sleep: (ms) => delay(ms),
    now: Date.now,
    onWithdrawals: () => tick(),
    onFatal: fatal,
  });

  const { consumer, cluster } = await connectLogConsumer(
    kafka,
    inEdition(log.edition, config.consumerGroup),
    config.sessionTimeoutMs,
    fatal,
  );

  const historySender = await KafkaSender.connect(kafka, true);
  const history = new PositionHistory(
    log,
    new Outbox(historySender, { queueRecordsMax: HISTORY_QUEUE_MAX, ...OUTBOX_LIMITS }, logger, () => undefined),
    randomBytes(4).toString('hex'),
  );
  const observations = new Observations(metrics, Date.now);
  metrics.beforeExposing(() => observations.withdrawals(exchange.withdrawals));
  const store = observations.measured(new RedisViewStore(redis, log));
  const host = new PartitionHost({
    log,
    consumer,
    cluster,
    admin,
    store,
    exchange,
    metrics,
    logger,
    sleep: (ms) => delay(ms),
    queueRecordsMax: QUEUE_RECORDS_MAX,
    backOff: (ms) => delay(fullJitterMs(ms, Math.random())),
    createWorker: (partition, { onReload, onStep }) =>
      new PartitionWorker({
        log,
        partition,
        partitions: config.partitions,
        commitEventsMax: config.commitEventsMax,
        store,
        schemas,
        tags,
        keys,
        deadLetters,
        exchange,
        sleep: (ms, signal) => delay(fullJitterMs(ms, Math.random()), undefined, { signal }).catch(() => undefined),
        onCommitted: (effects, committed) => {
          const nowMs = Date.now();
          observations.committed(partition, effects, committed, nowMs);
          history.committed(partition, momentOf(committed, nowMs));
          onStep();
        },
        onReload,
        onFatal: fatal,
        onRetry: (error) => logger.warn({ partition, error: describeError(error) }, 'holding the partition'),
      }),
  });
  metrics.beforeExposing(() => observations.leaks(host.workers.keys()));
  await host.start();
  tick = () => host.tick();
  // Someone may change a topic while we run.
  const watchHistory = async (): Promise<void> => {
    const faults = await keepsAllFaults(admin, log).catch(() => null); // while Kafka is away the last value stands
    if (faults === null) return;
    metrics.gauge('hutong_log_drops_history').set(faults.length);
    if (faults.length > 0) logger.error({ faults }, 'shared topics would drop records that a rebuild needs');
  };

  const noteAway = (error: unknown): void => logger.warn({ error: describeError(error) }, 'timings aren’t stored now');
  const timingsNow = (): ReadonlyMap<number, string> =>
    new Map([...host.workers.keys()].map((partition) => [partition, observations.timingsText(partition, Date.now())]));

  const timers = [
    every(TICK_MS, async () => tick()),
    every(HISTORY_EVERY_MS, async () => history.write()),
    every(LAG_EVERY_MS, () => measureLag(admin, log, host, observations)),
    every(TIMINGS_EVERY_MS, () => writeTimings(redis, log, timingsNow()).catch(noteAway)),
    every(GROUP_COMMIT_EVERY_MS, () => host.commitForLagTools()),
    every(HISTORY_LOOK_EVERY_MS, watchHistory),
  ];
  const app = createHttp({
    logger,
    metrics,
    hosts: config.hosts,
    tls: identity.options,
    revoked,
    metricsReaders: METRICS_READERS,
    readiness: () => (host.isRunning ? null : 'partitions are being loaded'),
  });
  await app.listen({ host: '127.0.0.1', port: config.materialiserPort });
  logger.info({ port: config.materialiserPort }, 'materialiser consumes');
  return {
    stop: async () => {
      for (const stop of timers) stop();
      await app.close();
      await host.stop();
      await exchange.stop();
      await keys.stop();
      await historySender.close();
      await sender.close();
      await admin.disconnect();
      redis.disconnect();
    },
  };
});
