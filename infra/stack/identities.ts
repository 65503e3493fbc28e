/** Keys and certificates that a stack makes for itself, in its RUN_DIR: once, and again when they are about to end. */

import { join } from 'node:path';
import { redisAccess, registryAccess } from '#exchange/identity/operator.ts';
import { ensureIdentities, ensurePasswords, templateIn } from '#exchange/identity/pki.ts';
import { STACK_PRINCIPALS } from '#exchange/identity/principals.ts';
import { REDIS_PRINCIPALS } from '#exchange/view/redis-access.ts';
import { readTlsFiles } from '#platform/config.ts';
import type { HttpAccess } from '#platform/fetch-as.ts';
import type { RedisAccess } from '#platform/redis.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { trust } from '#platform/trust.ts';

/**
 * Those that are given, by the environment otherwise, or else the stack's own. Whoever works on the stack in this
 * thread believes their authority from then on.
 */
export async function identitiesFor(
  runDir: string,
  given: TlsFiles | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<TlsFiles> {
  const tls = given ?? readTlsFiles(environment) ?? (await ownIdentities(runDir));
  trust(tls.ca);
  return tls;
}

/** @returns the files of any principal: see `filesOf` */
export async function ownIdentities(runDir: string): Promise<TlsFiles> {
  const dir = join(runDir, 'pki');
  await ensureIdentities(dir, STACK_PRINCIPALS, Date.now());
  ensurePasswords(dir, REDIS_PRINCIPALS);
  return templateIn(dir);
}

interface OfStack {
  readonly addresses: { readonly redis?: string; readonly registry?: string };
  readonly tls: TlsFiles;
}

/** For whoever works on a stack's Redis from outside. */
export function operatorRedis({ addresses, tls }: OfStack): RedisAccess {
  return redisAccess(addresses.redis ?? '', tls);
}

/** The same of its registry. */
export function operatorRegistry({ addresses, tls }: OfStack): HttpAccess {
  return registryAccess(addresses.registry ?? '', tls);
}
