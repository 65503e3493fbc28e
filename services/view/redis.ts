/**
 * Connecting to Redis: bounded waits, no hidden queue while it is away, and a refusal of one that may evict keys, for a
 * view that vanished while its position stayed would be a person silently forgotten.
 */
import { Redis } from 'ioredis';
import { describeError, HutongError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';

export type { Redis } from 'ioredis';

/** A command that isn't answered within this fails. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 500;

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** @throws HutongError REDIS_UNAVAILABLE when it doesn't answer the first time; later it reconnects by itself. */
export async function connectRedis({ host, port }: RedisAddress, logger: Logger): Promise<Redis> {
  const redis = new Redis({
    host,
    port,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    // A command is sent once. An answer that got lost may stand for a write that happened; the caller looks before it repeats.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * attempt, RECONNECT_MS_MAX),
  });
  let reachable = true;
  redis.on('error', (error: Error) => {
    if (reachable) logger.warn({ error: describeError(error) }, 'redis is away');
    reachable = false;
  });
  redis.on('ready', () => {
    if (!reachable) logger.info('redis is back');
    reachable = true;
  });
  try {
    await redis.connect();
  } catch (cause) {
    redis.disconnect();
    throw redisUnavailable(cause, `${host}:${port}`);
  }
  return redis;
}

/** @throws HutongError REDIS_MAY_EVICT */
export async function requireNoEviction(redis: Redis): Promise<void> {
  const memory = await redis.info('memory').catch((cause: unknown) => {
    throw redisUnavailable(cause);
  });
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'unknown';
  if (policy !== 'noeviction') {
    throw new HutongError('REDIS_MAY_EVICT', `redis has maxmemory-policy ${policy}`, { retriable: false, hint: 'CONFIG SET maxmemory-policy noeviction, and in its configuration file too' });
  }
}

/** What a command's failure means: only a Redis that has answered can say that its memory is full. */
export function redisFailure(cause: unknown): HutongError {
  if (!(cause instanceof Error && cause.message.startsWith('OOM'))) return redisUnavailable(cause);
  return new HutongError('REDIS_FULL', 'redis has no memory left and took nothing of it', { retriable: true, cause, hint: 'give it more memory (CONFIG SET maxmemory): what waits is written as soon as there is room' });
}

export function redisUnavailable(cause: unknown, address?: string): HutongError {
  return new HutongError('REDIS_UNAVAILABLE', `redis${address === undefined ? '' : ` at ${address}`} did not answer`, { retriable: true, cause, hint: 'is Redis up and reachable?' });
}
