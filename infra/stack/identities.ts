/** Keys and certificates that a stack makes for itself, in its RUN_DIR: once, and again when they are about to end. */

import { join } from 'node:path';
import { ensureIdentities, ensurePasswords, templateIn } from '#exchange/identity/pki.ts';
import { STACK_PRINCIPALS } from '#exchange/identity/principals.ts';
import { REDIS_PRINCIPALS } from '#exchange/view/redis-access.ts';
import { parseAddresses } from '#platform/address.ts';
import type { KafkaAccess } from '#platform/kafka/client.ts';
import type { RedisAccess } from '#platform/redis.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';

/** @returns the files of any principal: see `filesOf` */
export async function ownIdentities(runDir: string): Promise<TlsFiles> {
  const dir = join(runDir, 'pki');
  await ensureIdentities(dir, STACK_PRINCIPALS, Date.now());
  ensurePasswords(dir, REDIS_PRINCIPALS);
  return templateIn(dir);
}

/** For whoever works on a stack from outside. @param kafka host:port[,host:port] */
export function operatorAccess(kafka: string, tls: TlsFiles): KafkaAccess {
  return { brokers: kafka.split(','), identity: new Identity(filesOf(tls, 'operator')) };
}

interface RedisOfStack {
  readonly addresses: { readonly redis?: string };
  readonly tls: TlsFiles;
}

/** The same of Redis. */
export function operatorRedis({ addresses, tls }: RedisOfStack): RedisAccess {
  return { addresses: parseAddresses(addresses.redis ?? ''), identity: new Identity(filesOf(tls, 'operator')) };
}
