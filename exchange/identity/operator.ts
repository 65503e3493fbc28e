/**
 * How the operator connects: the command, whatever it does, and whoever works on a stack from outside. Where the files
 * are those of one principal already (HUTONG_AS), it is that one who connects.
 */

import { parseAddresses } from '#platform/address.ts';
import type { HttpAccess } from '#platform/fetch-as.ts';
import type { KafkaAccess } from '#platform/kafka/client.ts';
import type { RedisAccess } from '#platform/redis.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';
import { OPERATOR } from './principals.ts';

/** @throws HutongError IDENTITY_UNUSABLE */
export function operatorIdentity(tls: TlsFiles): Identity {
  return new Identity(filesOf(tls, OPERATOR));
}

/**
 * @param brokers host:port[,host:port]
 * @throws HutongError IDENTITY_UNUSABLE
 */
export function kafkaAccess(brokers: string, tls: TlsFiles): KafkaAccess {
  return { brokers: brokers.split(','), identity: operatorIdentity(tls) };
}

/**
 * @param addresses host:port[,host:port]
 * @throws HutongError IDENTITY_UNUSABLE
 */
export function redisAccess(addresses: string, tls: TlsFiles): RedisAccess {
  return { addresses: parseAddresses(addresses), identity: operatorIdentity(tls) };
}

/**
 * @param url of its Confluent-compatible API
 * @throws HutongError IDENTITY_UNUSABLE
 */
export function registryAccess(url: string, tls: TlsFiles): HttpAccess {
  return { url, identity: operatorIdentity(tls) };
}
