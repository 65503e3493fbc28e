/**
 * The MLLP listener: reads the configuration, listens, hands what comes to the producer's door, stops. It writes
 * nothing to Kafka: what it acknowledges the door has accepted.
 */

import { randomBytes } from 'node:crypto';
import { postEvents } from '#exchange/door/post-events.ts';
import { METRICS_READERS } from '#exchange/identity/principals.ts';
import { SenderProfiles } from '#exchange/readers/sender-profiles.ts';
import { readConfig } from '#platform/config.ts';
import { describeError } from '#platform/errors.ts';
import { createHttp } from '#platform/http.ts';
import { runService } from '#platform/lifecycle.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { requireDoor, requireIssuer } from '#platform/required-settings.ts';
import { RevokedCertificates } from '#platform/revoked.ts';
import { exposeEnds, filesOf, Identity } from '#platform/tls.ts';
import { readClientFile } from '#platform/tokens/client-file.ts';
import { TokenSource } from '#platform/tokens/token-source.ts';
import { trust } from '#platform/trust.ts';
import type { Verdict } from './acknowledgement.ts';
import { Listener, MLLP_LIMITS } from './listener.ts';
import { notNow, takeMessage } from './take-message.ts';
import { unknownSender, unreadableProfile } from './unknown-sender.ts';

const PRINCIPAL = 'mllp';
/** Longer than a door waits for Kafka. */
const DOOR_MARGIN_MS = 5_000;

const logger = createLogger('mllp', 'info');

await runService(logger, async () => {
  const config = readConfig();
  logger.level = config.logLevel;
  trust(config.tls.ca);
  const identity = new Identity(filesOf(config.tls, PRINCIPAL));
  const revoked = new RevokedCertificates(config.tls.crl);
  const metrics = new Metrics();
  exposeEnds(metrics, [identity]);
  const { issuer, audience } = requireIssuer(config);
  const url = `${requireDoor(config)}/v1/events`;
  const client = readClientFile(config.clientFile.replaceAll('{principal}', PRINCIPAL));
  const tokens = new TokenSource({ ...client, issuer, audience, identity });
  const profiles = new SenderProfiles(config.sendersDir);
  const door = {
    post: (events: readonly { readonly json: string }[]) =>
      postEvents(url, events, {
        token: () => tokens.token(),
        fetch: tokens.fetch,
        timeoutMs: config.acceptTimeoutMs + DOOR_MARGIN_MS,
      }),
  };
  const take = async (sender: string, message: Buffer): Promise<Verdict> => {
    try {
      const profile = await profiles.of(sender);
      if (profile === null) return unknownSender(sender);
      return profile.ok ? await takeMessage(message, profile.value.settings, door) : unreadableProfile();
    } catch (error) {
      logger.error({ error: describeError(error) }, 'a message could not be looked at');
      return notNow('the listener failed');
    }
  };
  const listener = new Listener({
    tls: identity.options,
    limits: MLLP_LIMITS,
    revoked,
    take,
    now: Date.now,
    newControlId: () => randomBytes(8).toString('hex'),
    onAnswered: ({ code }) => metrics.counter('hutong_mllp_messages_total').inc({ acknowledgement: code }),
    onNoFrame: () => metrics.counter('hutong_mllp_refusals_total').inc({ reason: 'frame' }),
    onRefused: () => metrics.counter('hutong_mllp_refusals_total').inc({ reason: 'connection' }),
  });
  metrics.beforeExposing(() => metrics.gauge('hutong_mllp_connections').set(listener.connections));
  const app = createHttp({
    logger,
    metrics,
    hosts: config.hosts,
    tls: identity.options,
    revoked,
    metricsReaders: METRICS_READERS,
    readiness: () => null,
  });
  const port = await listener.listen(config.mllp.host, config.mllp.port);
  await app.listen({ host: '127.0.0.1', port: config.mllp.watchPort });
  logger.info({ port, door: url }, 'the MLLP listener takes messages');
  return {
    stop: async () => {
      await listener.close();
      await app.close();
    },
  };
});
