/**
 * From the settings of a door to what guards it: the issuer's keys are followed, tokens are verified with them, and
 * requests are asked for one. It must never go on without an issuer.
 */

import type { Config } from '#platform/config.ts';
import type { Logger } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import { CallerGuard } from './caller-guard.ts';
import { IssuerKeys, keysOf } from './issuer-keys.ts';
import { KnownTokens } from './known-tokens.ts';
import { TokenVerifier } from './verifier.ts';

/** @param callerOf null where a verified token's claims are none of a caller */
export async function guardBySettings<C extends object>(
  { issuer, audience, issuerKeysBoundMs: boundMs }: Config['tokens'],
  callerOf: (claims: Readonly<Record<string, unknown>>) => C | null,
  { metrics, logger }: { readonly metrics: Metrics; readonly logger: Logger },
): Promise<{ readonly guard: CallerGuard<C>; readonly stop: () => void }> {
  const keys = new IssuerKeys({ read: keysOf(issuer), boundMs, monotonicMs: () => performance.now(), logger });
  metrics.beforeExposing(() => {
    if (Number.isFinite(keys.ageMs)) metrics.gauge('hutong_issuer_keys_age_seconds').set(keys.ageMs / 1_000);
  });
  const stop = await keys.follow();
  const tokens = new KnownTokens(new TokenVerifier(keys, { issuer, audience }), callerOf);
  return { guard: new CallerGuard(tokens, metrics), stop };
}
