/**
 * The producer: reads the configuration, connects, takes events, stops. It publishes for one province or several, each
 * with an instance, a queue and a watermark of its own.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { callerOf } from '#exchange/identity/caller.ts';
import { METRICS_READERS, NATIONAL, provincePrincipal } from '#exchange/identity/principals.ts';
import { OwnKeys, OwnRecordKey } from '#exchange/keys/own-keys.ts';
import { requireKeyRing } from '#exchange/keys/ring.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { SenderProfiles } from '#exchange/readers/sender-profiles.ts';
import { checkPartitions } from '#exchange/topics/admin.ts';
import { requireHistory } from '#exchange/topics/keeps-all.ts';
import { type KnownKeys, readKeys } from '#exchange/topics/known-keys.ts';
import { logOf } from '#exchange/topics/log.ts';
import { readRegistrations } from '#exchange/topics/registrations.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { requireKeysOfLog, requireRepublished } from '#exchange/topics/republication.ts';
import { PRODUCERS_TOPIC } from '#exchange/topics/topics.ts';
import { readConfig } from '#platform/config.ts';
import { createKafka } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { OUTBOX_LIMITS } from '#platform/kafka/outbox.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';
import { runService } from '#platform/lifecycle.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { requireIssuer, requireSecrets } from '#platform/required-settings.ts';
import { RevokedCertificates } from '#platform/revoked.ts';
import { exposeEnds, filesOf, Identity } from '#platform/tls.ts';
import { guardBySettings } from '#platform/tokens/from-settings.ts';
import { trust } from '#platform/trust.ts';
import { Acceptance } from './acceptance.ts';
import { buildApp } from './app.ts';
import { FileReading } from './file-reading.ts';
import { FILE_LIMITS, Files } from './files.ts';
import { measuredSender } from './measured-sender.ts';
import { followKeys } from './next-keys.ts';
import { Publisher } from './publisher.ts';
import { Tenure } from './tenure.ts';

const logger = createLogger('producer', 'info');

await runService(logger, async (fatal) => {
  const config = readConfig();
  logger.level = config.logLevel;
  const log = logOf(config.logEdition);
  const secrets = requireSecrets(config);
  const issuer = requireIssuer(config);
  const ring = requireKeyRing(config.keysDir);
  const anchors = requireAnchors(config.keysDir);
  const metrics = new Metrics();
  trust(config.tls.ca);
  const revoked = new RevokedCertificates(config.tls.crl);
  // Each province is itself, also where one process publishes for several: with a certificate and keys of its own.
  const instances = config.provinces.map((province) => {
    const principal = provincePrincipal(province);
    const instance = `${province}-${config.instanceName}`;
    ring.newestOf(principal); // told before anything is connected
    const identity = new Identity(filesOf(config.tls, principal));
    const own = createKafka({ brokers: config.kafkaBrokers, identity }, `producer-${config.instanceName}`, logger);
    return { province, principal, instance, identity, kafka: own };
  });
  const [first, ...more] = instances;
  if (first === undefined) throw new RangeError('HUTONG_PROVINCES names no province');
  // Whom callers meet: the province, or who publishes for several.
  const door = more.length === 0 ? first.identity : new Identity(filesOf(config.tls, 'producer'));
  exposeEnds(metrics, new Set([door, ...instances.map(({ identity }) => identity)]));
  const { kafka } = first; // for what is nobody's own
  const admin = kafka.admin();
  await admin.connect();
  await checkPartitions(admin, log, config.partitions);
  await requireHistory(admin, log);
  await requireRepublished(kafka, admin, log);
  await requireKeysOfLog(kafka, admin, log, secrets);
  const published = (): Promise<KnownKeys> => readKeys(kafka, anchors);
  const publishedAtStart = await published();
  const national = ring.has(NATIONAL) ? new OwnRecordKey(config.keysDir, NATIONAL, publishedAtStart) : null;
  const schemas = new RegistrySchemas({ url: config.registryUrl, identity: first.identity });
  const schemaIds = await schemas.currentIds();
  const processId = randomUUID();
  const tenure = new Tenure({
    process: processId,
    read: async () => (await readRegistrations(kafka, schemas, (await published()).keys)).registrations,
    end: async () => (await endsOf(admin, [PRODUCERS_TOPIC])).reduce((end, { high }) => Math.max(end, high), 0),
    monotonicMs: () => performance.now(),
    sleep: (ms) => setTimeout(ms),
    logger,
    onLost: fatal,
  });
  const keyed = instances.map((one) => ({
    ...one,
    keys: new OwnKeys(config.keysDir, one.principal, publishedAtStart),
  }));
  const publishers = await Promise.all(
    keyed.map(
      async (instance) =>
        new Publisher(measuredSender(await KafkaSender.connect(instance.kafka), metrics), {
          ...instance,
          national,
          log,
          schemaIds,
          partitions: config.partitions,
          keyVersion: secrets.length,
          limits: { queueRecordsMax: config.queueEventsMax, ...OUTBOX_LIMITS },
          logger,
          monotonicMs: () => performance.now(),
          tenure,
        }),
    ),
  );
  const acceptance = new Acceptance({
    secrets,
    clockSkewMs: config.clockSkewMs,
    acceptTimeoutMs: config.acceptTimeoutMs,
    metrics,
    speaksForNation: national !== null,
    publishers: new Map(publishers.map((publisher) => [publisher.province, publisher])),
  });
  metrics.beforeExposing(() => {
    for (const { province, waiting } of publishers) metrics.gauge('hutong_outbox_events').set({ province }, waiting);
  });
  let isOpen = false;
  const { guard, stop: stopFollowing } = await guardBySettings(issuer, callerOf, { metrics, logger });
  const reading = new FileReading(FILE_LIMITS);
  const app = await buildApp(acceptance, guard, {
    files: new Files(reading, new SenderProfiles(config.sendersDir), acceptance, metrics),
    logger,
    metrics,
    hosts: config.hosts,
    tls: door.options,
    revoked,
    metricsReaders: METRICS_READERS,
    isOpen: () => isOpen,
    readiness: () => {
      if (!isOpen) return 'its instances are not registered yet';
      const isLate = publishers.some(({ oldestWaitMs }) => oldestWaitMs > config.acceptTimeoutMs);
      return isLate ? 'kafka does not acknowledge' : null;
    },
  });
  // Before anything is registered: of a process whose port is taken nothing is left that others would wait for.
  await app.listen({ host: config.intake.host, port: config.intake.port });
  const epochs = await tenure.epochsFor(publishers.map(({ instance }) => instance));
  await Promise.all(
    publishers.map((publisher) => publisher.register(epochs.get(publisher.instance) as number, processId)),
  );
  await tenure.begin();
  const ends = await endsOf(admin, log.topics);
  await Promise.all(publishers.map((publisher) => publisher.begin(ends)));
  const stopFollowingKeys = followKeys(
    [...keyed.map(({ keys }) => keys), ...(national === null ? [] : [national])],
    published,
    logger,
  );
  isOpen = true;
  logger.info(
    { provinces: publishers.map(({ province }) => province), instance: config.instanceName },
    'producer takes events',
  );
  return {
    stop: async () => {
      await app.close();
      await reading.stop();
      stopFollowing();
      stopFollowingKeys();
      await Promise.all(publishers.map((publisher) => publisher.stop()));
      tenure.stop();
      await admin.disconnect();
    },
  };
});
