/**
 * The look-up service: reads configuration and rules, connects to Redis, listens on the loopback interface, stops on a
 * signal.
 */
import { createLogger } from '#platform/log.ts';
import { readConfig, requireSecrets } from '#platform/config.ts';
import { runService } from '#platform/lifecycle.ts';
import { Metrics } from '#platform/metrics.ts';
import { loadPolicies } from '#policy/files.ts';
import { ViewReader } from '#view/reader.ts';
import { connectRedis } from '#view/redis.ts';
import { buildApp } from './app.ts';

/** Nobody else may ask until requests are authorised. */
const LOOPBACK = '127.0.0.1';

const logger = createLogger('lookup', 'info');

await runService(logger, async () => {
  const config = readConfig();
  logger.level = config.logLevel;
  const secrets = requireSecrets(config);
  const policies = await loadPolicies(config.policiesDir);
  const redis = await connectRedis(config.redis, logger);
  const app = buildApp({
    logger,
    metrics: new Metrics(),
    readiness: () => redis.ping().then(() => null, () => 'redis did not answer'),
    source: new ViewReader(redis, config.partitions),
    policies,
    secrets,
    now: Date.now,
  });
  await app.listen({ host: LOOPBACK, port: config.lookupPort });
  logger.info({ addresses: app.addresses(), rules: policies.rules.length }, 'listening');
  return {
    stop: async () => {
      await app.close();
      redis.disconnect();
    },
  };
});
