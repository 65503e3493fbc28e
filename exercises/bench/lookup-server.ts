/**
 * A look-up in a process of its own, for the bench: the look-up's application on one view in memory, behind TLS and
 * tokens as the exchange has them, and beside that without. It listens on the loopback interface for as long as who has
 * started it listens to it.
 */

import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { shanghaiDayOf } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { type Caller, callerHolding, callerOf } from '#exchange/identity/caller.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { compilePolicies, readFiles } from '#exchange/policy/files.ts';
import { CountsBySource } from '#exchange/view/counts.ts';
import { TimingsBySource } from '#exchange/view/timings.ts';
import { at, testReported } from '#exercises/town/events.ts';
import { ownIdentities } from '#infra/stack/identities.ts';
import { POLICIES } from '#platform/folders.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { filesOf, Identity, type TlsOptions } from '#platform/tls.ts';
import { CallerGuard, type Tokens } from '#platform/tokens/caller-guard.ts';
import { IssuerKeys } from '#platform/tokens/issuer-keys.ts';
import { KnownTokens } from '#platform/tokens/known-tokens.ts';
import { TokenVerifier } from '#platform/tokens/verifier.ts';
import { buildApp } from '#services/lookup/app.ts';
import { HELD, type LookupPorts, OPEN_TOKEN, SECRETS } from './lookup-ports.ts';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'urn:hutong:exchange';
const AS_OF = '2022-09-15';
const CLIENT = 'gate-travel';
const UNSEEN_TOKENS = 200;
const silent = createLogger('bench', 'silent');
const nowMs = Date.now();

const redated = { asOf: AS_OF, shiftedByDays: shanghaiDayOf(nowMs) - shanghaiDayOf(at(`${AS_OF}T00:00+08:00`)) };
const { book } = await compilePolicies(await readFiles(POLICIES), POLICIES, { redated, publishedAtMs: nowMs });
const view = merge(
  EMPTY_VIEW,
  testReported({ sampledAtMs: nowMs - 9 * 3_600_000, reportIssuedAtMs: nowMs - 3_600_000, testedAtMs: null }),
);

/** Believes that whoever comes is the gate. */
const believing: Tokens<Caller> = {
  remembered: () => ({ ok: true, caller: callerHolding(CLIENT, HELD), expiresAtMs: Infinity, thumbprint: null }),
  verify: async () => ({ ok: false, why: 'not-identified' }),
};

const { privateKey, publicKey } = await generateKeyPair('ES256');
const keys = new IssuerKeys({
  read: async () => ({ keys: [{ ...(await exportJWK(publicKey)), kid: 'a', alg: 'ES256', use: 'sig' }] }),
  boundMs: 3_600_000,
  monotonicMs: () => performance.now(),
  logger: silent,
});
const verifier = new TokenVerifier(keys, { issuer: ISSUER, audience: AUDIENCE });
const token = (): Promise<string> =>
  new SignJWT({ client_id: CLIENT, hutong: HELD })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'a' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);

/** @returns the port */
async function listening(tokens: Tokens<Caller>, tls?: TlsOptions): Promise<number> {
  const metrics = new Metrics();
  const snapshot = () => freshSnapshot(view, Date.now());
  const app = buildApp({
    logger: silent,
    metrics,
    ...(tls === undefined ? {} : { tls }),
    guard: new CallerGuard(tokens, metrics),
    readiness: () => null,
    source: { read: async () => snapshot(), readMany: async (people) => people.map(snapshot) },
    rulesSeen: () => ({ publishedAtMs: nowMs, outOfSightSinceMs: null }),
    readSources: async () => ({ partitions: [], counts: new CountsBySource(), timings: new TimingsBySource() }),
    edition: 1,
    policies: book,
    secrets: SECRETS,
    now: Date.now,
    callerLimits: {
      requestsPerMinute: 1e9,
      peoplePerHour: 1e9,
      neighboursPerHour: 1e9,
      sharers: 1,
      draw: { requests: async (_key, _window, amount) => amount, people: async (_key, _window, amount) => amount },
    },
    limits: { inFlightMax: 1_024, delayMsMax: 10_000, timeLimitMs: 10_000 },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

const [runDir = ''] = process.argv.slice(2);
const identity = new Identity(filesOf(await ownIdentities(runDir), 'lookup'));
const verifying = () => new KnownTokens(verifier, callerOf);
const ports: LookupPorts = {
  open: await listening(believing),
  tokens: await listening(verifying()),
  secure: await listening(verifying(), identity.options),
  token: await token(),
  openToken: OPEN_TOKEN,
};
process.send?.(ports);
process.on('message', (asked) => {
  if (asked === 'cpu') process.send?.(process.cpuUsage());
  if (asked === 'verify') void verifyingUs().then((us) => process.send?.(us));
});
process.on('disconnect', () => process.exit(0));

/** CPU time for a token that was never seen before. */
async function verifyingUs(): Promise<number> {
  const unseen = await Promise.all(Array.from({ length: UNSEEN_TOKENS }, token));
  const before = process.threadCpuUsage();
  for (const one of unseen) await verifier.verify(one, Date.now());
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / unseen.length;
}
