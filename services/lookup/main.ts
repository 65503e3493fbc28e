/**
 * The look-up service: reads configuration and rules, connects to Redis, listens on the loopback interface, stops on a
 * signal.
 */

import { callerOf } from '#exchange/identity/caller.ts';
import { METRICS_READERS } from '#exchange/identity/principals.ts';
import { loadPolicies } from '#exchange/policy/files.ts';
import { logOf } from '#exchange/topics/log.ts';
import { ViewReader } from '#exchange/view/reader.ts';
import { SourcesReader } from '#exchange/view/sources.ts';
import { readConfig } from '#platform/config.ts';
import { createKafka } from '#platform/kafka/client.ts';
import { runService } from '#platform/lifecycle.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { drawFrom } from '#platform/redis-counts.ts';
import { answers, connectRedis, type Redis } from '#platform/redis.ts';
import { requireIssuer, requireSecrets } from '#platform/required-settings.ts';
import { RevokedCertificates } from '#platform/revoked.ts';
import { exposeEnds, filesOf, Identity } from '#platform/tls.ts';
import { guardBySettings } from '#platform/tokens/from-settings.ts';
import { trust } from '#platform/trust.ts';
import { buildApp } from './app.ts';
import { compareWithLog, KnownCluster, ofExchange, requireOurs } from './belongs.ts';
import { WINDOWS_MS } from './caller-limits.ts';
import { followRules } from './follow-rules.ts';
import { PublishedRules } from './published-rules.ts';

/** Nobody else may ask until requests are authorised. */
const LOOPBACK = '127.0.0.1';

/** How long a start waits for the published rules; after that it answers by those of its folder, and says so. */
const RULES_WAIT_MS = 15_000;

const logger = createLogger('lookup', 'info');

await runService(logger, async (fatal) => {
  const config = readConfig();
  logger.level = config.logLevel;
  const log = logOf(config.logEdition);
  const secrets = requireSecrets(config);
  const issuer = requireIssuer(config);
  const metrics = new Metrics();
  const startedAtMs = Date.now();
  const rules = new PublishedRules(
    await loadPolicies(config.policiesDir, 'HUTONG_POLICIES names the folder of the recognition rules'),
    { logger, metrics, startedAtMs, sightBoundMs: config.rulesSightBoundMs },
  );
  trust(config.tls.ca);
  const identity = new Identity(filesOf(config.tls, 'lookup'));
  const revoked = new RevokedCertificates(config.tls.crl);
  exposeEnds(metrics, [identity]);
  const kafka = createKafka({ brokers: config.kafkaBrokers, identity }, 'lookup', logger);
  const cluster = new KnownCluster();
  await compareWithLog(kafka, { log, partitions: config.partitions, secrets }, cluster, logger, fatal);
  const following = followRules(kafka, rules, logger, Date.now);
  const redis = await connectRedis({ addresses: config.redis, identity }, logger, { readOnly: true });
  metrics.beforeExposing(() =>
    metrics.gauge('hutong_rules_out_of_sight').set(rules.stateAt(Date.now()).outOfSightSinceMs === null ? 0 : 1),
  );
  const { guard, stop: stopFollowing } = await guardBySettings(issuer, callerOf, { metrics, logger });
  const sources = new SourcesReader(redis, log, config.partitions);
  const app = buildApp({
    logger,
    metrics,
    readiness: () => readiness(redis, rules, startedAtMs),
    hosts: config.hosts,
    tls: identity.options,
    revoked,
    metricsReaders: METRICS_READERS,
    guard,
    source: ofExchange(new ViewReader(redis, log, config.partitions), cluster),
    readSources: async () => {
      const read = await sources.read();
      for (const { position } of read.partitions) requireOurs(position, cluster);
      return read;
    },
    edition: log.edition,
    policies: rules,
    rulesSeen: (nowMs) => rules.stateAt(nowMs),
    secrets,
    now: Date.now,
    callerLimits: {
      ...config.callerLimits,
      draw: {
        requests: drawFrom(redis, 'requests', WINDOWS_MS.requests),
        people: drawFrom(redis, 'people', WINDOWS_MS.people),
      },
    },
    limits: {
      inFlightMax: config.lookupInFlightMax,
      delayMsMax: config.lookupLoopDelayMs,
      timeLimitMs: config.lookupTimeLimitMs,
    },
  });
  await app.listen({ host: LOOPBACK, port: config.lookupPort });
  logger.info({ addresses: app.addresses(), rules: rules.rules.length }, 'listening');
  return {
    stop: async () => {
      await app.close();
      stopFollowing();
      await following.stop();
      redis.disconnect();
    },
  };
});

async function readiness(redis: Redis, rules: PublishedRules, startedAtMs: number): Promise<string | null> {
  if (!rules.hasCaughtUp && Date.now() - startedAtMs < RULES_WAIT_MS) return 'the published rules are being read';
  return (await answers(redis)) ? null : 'redis did not answer';
}
