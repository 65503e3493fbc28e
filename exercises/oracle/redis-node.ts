/** A connection to one Redis node of a stack, as its operator: for who looks at, or breaks, that very node. */

import { Redis, type RedisOptions } from 'ioredis';
import { operatorRedis } from '#infra/stack/identities.ts';
import { parseAddresses } from '#platform/address.ts';
import { redisLogin } from '#platform/redis.ts';

/** @param address host:port */
export function openRedisNode(
  { tls }: Pick<Parameters<typeof operatorRedis>[0], 'tls'>,
  address: string,
  options: Pick<RedisOptions, 'lazyConnect' | 'maxRetriesPerRequest' | 'readOnly' | 'retryStrategy'>,
): Redis {
  const { identity } = operatorRedis({ addresses: { redis: address }, tls });
  return new Redis({ ...parseAddresses(address)[0], ...redisLogin(identity), ...options });
}
