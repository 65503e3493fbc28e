/**
 * Connecting to Redis, one server or a cluster: bounded waits, no hidden queue while it is away, and a refusal of one
 * that may evict keys, for a view that vanished while its position stayed would be a person silently forgotten.
 */

import { Cluster, Redis as Server, type RedisOptions } from 'ioredis';
import type { Address } from './address.ts';
import { describeError, HutongError } from './errors.ts';
import { backoffMs } from './limits/backoff.ts';
import { within } from './limits/within.ts';
import type { Logger } from './log.ts';
import type { Identity, TlsOptions } from './tls.ts';

/** All keys of a partition lie on one node (keys.ts), so what is asked of one partition is asked of either alike. */
export type Redis = Server | Cluster;

/** A command that isn't answered within this fails. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Between attempts to connect again; a look-up is without a view for as long. */
const RECONNECT = { firstMs: 50, maxMs: 1_000 } as const;
/** How old the client's idea of who holds which keys may get while nobody tells it otherwise. */
const SLOTS_REFRESH_MS = 1_000;
/**
 * Answers that say "not here" or "not yet", and so that nothing was carried out, after which a command is sent again.
 */
const REDIRECTIONS_MAX = 5;

export interface RedisAccess {
  readonly addresses: readonly Address[];
  /** Who connects. */
  readonly identity: Identity;
}

export interface ConnectOptions {
  /**
   * Reads only: while a master is away its replica is read, which is older and says so by its position and freshness;
   * and commands that are given together travel together.
   */
  readonly readOnly?: boolean;
}

const SERVER_OPTIONS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  // A command is sent once. An answer that got lost may stand for a write that happened; the caller looks before it
  // repeats.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
} as const satisfies RedisOptions;

type Login = Readonly<Required<Pick<RedisOptions, 'username' | 'password'>>> & { readonly tls: TlsOptions };

/** Of every connection: who it is, by a certificate and, for what it may do, by a name and a password. */
export function redisLogin(identity: Identity): Login {
  const { options: tls, principal: username, password } = identity;
  return { tls, username, password }; // of `tls` its own properties are read at each connection
}

const reconnectMs = (attempt: number): number => backoffMs(attempt, RECONNECT, Math.random());

/**
 * Several addresses are nodes of a cluster, not all of which need to answer.
 * @throws HutongError REDIS_UNAVAILABLE when it doesn't answer the first time; later it reconnects by itself.
 * IDENTITY_UNUSABLE when there is no password
 */
export async function connectRedis(
  { addresses, identity }: RedisAccess,
  logger: Logger,
  { readOnly = false }: ConnectOptions = {},
): Promise<Redis> {
  const [only, ...more] = addresses;
  const login = redisLogin(identity);
  const redis =
    only !== undefined && more.length === 0 ? serverAt(only, login) : clusterAt(addresses, login, readOnly, logger);
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
    await (redis instanceof Cluster ? connectCluster(redis) : redis.connect());
  } catch (cause) {
    redis.disconnect();
    throw redisUnavailable(cause, addresses.map(({ host, port }) => `${host}:${port}`).join(','));
  }
  return redis;
}

function serverAt({ host, port }: Address, login: Login): Server {
  return new Server({
    ...SERVER_OPTIONS,
    ...login,
    host,
    port,
    enableAutoPipelining: true,
    retryStrategy: reconnectMs,
  });
}

function clusterAt(addresses: readonly Address[], login: Login, readOnly: boolean, logger: Logger): Cluster {
  const cluster = new Cluster([...addresses], {
    lazyConnect: true,
    enableOfflineQueue: false,
    // It would ask a node that is still connecting, and begin anew; `connectCluster` waits instead.
    enableReadyCheck: false,
    // A batch fails as a whole while a slot moves (redis/ioredis issue 2075): reads can be asked again, writes can't.
    enableAutoPipelining: readOnly,
    ...(readOnly ? { scaleReads: masterElseReplica as never } : {}),
    maxRedirections: REDIRECTIONS_MAX,
    retryDelayOnFailover: 0, // a command whose connection ended may have been carried out
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    slotsRefreshTimeout: SLOTS_REFRESH_MS,
    clusterRetryStrategy: reconnectMs,
    redisOptions: { ...SERVER_OPTIONS, ...login },
  });
  const away = new Set<string>();
  cluster.on('node error', (error: Error, node: string) => {
    if (!away.has(node)) logger.warn({ node, error: describeError(error) }, 'a redis node is away');
    away.add(node);
  });
  cluster.on('+node', (node: Server) => {
    const name = `${node.options.host}:${node.options.port}`;
    node.once('ready', () => {
      if (away.delete(name)) logger.info({ node: name }, 'a redis node is back');
    });
    // At once: a node that is only connected when it's needed keeps commands waiting in a queue of its own.
    if (node.status === 'wait') node.connect().catch(() => undefined);
  });
  return cluster;
}

/** @param nodes of one shard, the master first; one that is away isn't among them, or isn't ready */
function masterElseReplica(nodes: readonly (Server | undefined)[]): Server | undefined {
  return nodes.find((node) => node?.status === 'ready');
}

const tooLate = (): Error => new Error('the cluster was not connected in time');

/** Resolves when some master is connected, and the others are or have been waited for. */
async function connectCluster(cluster: Cluster): Promise<void> {
  await within(cluster.connect(), CONNECT_TIMEOUT_MS + COMMAND_TIMEOUT_MS, tooLate);
  const masters = cluster.nodes('master');
  const tried = masters
    .filter(({ status }) => status !== 'ready')
    .map(async (node) => new Promise((resolve) => node.once('ready', resolve).once('end', resolve)));
  // One that hangs is one that is away.
  await within(Promise.all(tried), CONNECT_TIMEOUT_MS, tooLate).catch(() => undefined);
  if (!masters.some(({ status }) => status === 'ready')) throw new Error('no master of the cluster answers');
}

/** Each server that holds keys; together they hold all. */
export function mastersOf(redis: Redis): Server[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis];
}

/** True when it answers; of a cluster, when any node does: one shard's loss is that shard's people. */
export async function answers(redis: Redis): Promise<boolean> {
  const nodes = redis instanceof Cluster ? redis.nodes() : [redis];
  return Promise.any(nodes.map((node) => node.ping())).then(
    () => true,
    () => false,
  );
}

/**
 * Of every node that answers, replicas too: each may become a master.
 * @throws HutongError REDIS_MAY_EVICT, REDIS_UNAVAILABLE when none answers
 */
export async function requireNoEviction(redis: Redis): Promise<void> {
  const nodes = redis instanceof Cluster ? redis.nodes() : [redis];
  const answered = (await Promise.allSettled(nodes.map((node) => node.info('memory')))).filter(
    (one) => one.status === 'fulfilled',
  );
  if (answered.length === 0) throw redisUnavailable(new Error('no node says how it treats a full memory'));
  for (const { value } of answered) {
    const policy = /^maxmemory_policy:(\S+)/m.exec(value)?.[1] ?? 'unknown';
    if (policy !== 'noeviction') {
      throw new HutongError('REDIS_MAY_EVICT', `redis has maxmemory-policy ${policy}`, {
        retriable: false,
        hint: 'CONFIG SET maxmemory-policy noeviction, and in its configuration file too',
      });
    }
  }
}

/** What a command's failure means: only a Redis that has answered can say that its memory is full. */
export function redisFailure(cause: unknown): HutongError {
  if (!(cause instanceof Error && cause.message.startsWith('OOM'))) return redisUnavailable(cause);
  return new HutongError('REDIS_FULL', 'redis has no memory left and took nothing of it', {
    retriable: true,
    cause,
    hint: 'give it more memory (CONFIG SET maxmemory): what waits is written as soon as there is room',
  });
}

export function redisUnavailable(cause: unknown, address?: string): HutongError {
  return new HutongError('REDIS_UNAVAILABLE', `redis${address === undefined ? '' : ` at ${address}`} did not answer`, {
    retriable: true,
    cause,
    hint: 'is Redis up and reachable?',
  });
}
