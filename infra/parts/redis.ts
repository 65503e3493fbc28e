/**
 * Redis, which holds the views and the positions: it writes both to its append-only file and never evicts, for a view
 * that vanished while its position stayed would be lost without anyone noticing. It takes TLS alone, and whoever shows
 * no certificate, or is no user of it, gets no answer.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { operatorIdentity } from '#exchange/identity/operator.ts';
import { type RedisPrincipal, redisUsers } from '#exchange/view/redis-access.ts';
import type { PartPlan } from '#infra/process/part.ts';
import { filesOf, type Identity, type TlsFiles } from '#platform/tls.ts';
import { redisServer } from './programs.ts';

export interface RedisNode {
  readonly name: string;
  readonly dataDir: string;
  readonly log: string;
  readonly port: number;
  /**
   * The bus between the nodes of a cluster: its port, and the one by which the other nodes reach it. Null for a Redis
   * that stands alone.
   */
  readonly bus: { readonly port: number; readonly reachedAt: number } | null;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
}

/**
 * After so long without an answer a master is given up. Short, for one machine; across machines it should be longer
 * than what a network may hold back a packet.
 */
const NODE_TIMEOUT_MS = 2_000;

const CLUSTER_SETTINGS: readonly (readonly string[])[] = [
  ['cluster-enabled', 'yes'],
  ['tls-cluster', 'yes'],
  ['tls-replication', 'yes'],
  ['cluster-config-file', 'nodes.conf'],
  ['cluster-node-timeout', String(NODE_TIMEOUT_MS)],
  // One shard's loss is that shard's people: the others go on, and a replica goes on being read, which says how old it
  // is.
  ['cluster-require-full-coverage', 'no'],
  ['cluster-allow-reads-when-down', 'yes'],
  // However far a replica is behind, it may take over: what it lacks is read again from the log.
  ['cluster-replica-validity-factor', '0'],
];

export function planRedis({ name, dataDir, log, port, bus, tls }: RedisNode): PartPlan {
  mkdirSync(dataDir, { recursive: true });
  const config = join(dataDir, 'redis.conf');
  const users = join(dataDir, 'users.acl');
  const settings: readonly (readonly string[])[] = [
    ['bind', '127.0.0.1'],
    ['port', '0'],
    ['tls-port', String(port)],
    ...identitySettings(tls),
    ['aclfile', users],
    ['dir', dataDir],
    ['save', ''],
    ['appendonly', 'yes'],
    ['appendfsync', 'everysec'],
    ['maxmemory-policy', 'noeviction'],
    ['daemonize', 'no'],
    ...(bus === null
      ? []
      : [
          ...CLUSTER_SETTINGS,
          ['cluster-port', String(bus.port)],
          ['cluster-announce-bus-port', String(bus.reachedAt)],
        ]),
  ];
  // In files, for arguments are seen by everybody on the machine.
  writeFileSync(config, settings.map(([setting, value]) => `${setting} "${value}"\n`).join(''), { mode: 0o600 });
  writeFileSync(users, redisUsers(hashOfPassword(tls)), { mode: 0o600 });
  const operator = operatorIdentity(tls);
  return {
    name,
    address: `127.0.0.1:${port}`,
    command: redisServer(),
    args: [config],
    env: {},
    log,
    ready: () => answersPing(port, operator),
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}

/** Whom it believes and who it is, to clients and, in a cluster, to the other nodes. */
function identitySettings(tls: TlsFiles): readonly (readonly string[])[] {
  const { ca, cert, key, password } = filesOf(tls, 'redis');
  return [
    ['tls-ca-cert-file', resolve(ca)],
    ['tls-cert-file', resolve(cert)],
    ['tls-key-file', resolve(key)],
    ['tls-auth-clients', 'yes'],
    ['masteruser', 'redis'],
    ['masterauth', readFileSync(password, 'utf8').trim()],
  ];
}

const hashOfPassword =
  (tls: TlsFiles) =>
  (principal: RedisPrincipal): string =>
    createHash('sha256')
      .update(readFileSync(filesOf(tls, principal).password, 'utf8').trim())
      .digest('hex');

/** False while it still loads its file. */
async function answersPing(port: number, { options, principal, password }: Identity): Promise<boolean> {
  const { promise, resolve: answered, reject } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1', timeout: 1_000, ...options });
  let answer = '';
  socket.once('error', reject);
  socket.once('timeout', () => reject(new Error('no answer')));
  socket.on('data', (data) => {
    answer += data.toString();
    if (answer.split('\r\n').length > 2) answered(answer === '+OK\r\n+PONG\r\n');
  });
  socket.write(`AUTH ${principal} ${password}\r\nPING\r\n`);
  return promise.finally(() => socket.destroy());
}
