/**
 * Redis, which holds the views and the positions: it writes both to its append-only file and never evicts, for a view
 * that vanished while its position stayed would be lost without anyone noticing.
 */

import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { PartPlan } from '#infra/process/part.ts';
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
}

/**
 * After so long without an answer a master is given up. Short, for one machine; across machines it should be longer
 * than what a network may hold back a packet.
 */
const NODE_TIMEOUT_MS = 2_000;

const CLUSTER_SETTINGS: readonly (readonly string[])[] = [
  ['--cluster-enabled', 'yes'],
  ['--cluster-config-file', 'nodes.conf'],
  ['--cluster-node-timeout', String(NODE_TIMEOUT_MS)],
  // One shard's loss is that shard's people: the others go on, and a replica goes on being read, which says how old it
  // is.
  ['--cluster-require-full-coverage', 'no'],
  ['--cluster-allow-reads-when-down', 'yes'],
  // However far a replica is behind, it may take over: what it lacks is read again from the log.
  ['--cluster-replica-validity-factor', '0'],
];

export function planRedis({ name, dataDir, log, port, bus }: RedisNode): PartPlan {
  mkdirSync(dataDir, { recursive: true });
  const settings: readonly (readonly string[])[] = [
    ['--bind', '127.0.0.1'],
    ['--port', String(port)],
    ['--dir', dataDir],
    ['--save', ''],
    ['--appendonly', 'yes'],
    ['--appendfsync', 'everysec'],
    ['--maxmemory-policy', 'noeviction'],
    ['--daemonize', 'no'],
    ...(bus === null
      ? []
      : [
          ...CLUSTER_SETTINGS,
          ['--cluster-port', String(bus.port)],
          ['--cluster-announce-bus-port', String(bus.reachedAt)],
        ]),
  ];
  return {
    name,
    address: `127.0.0.1:${port}`,
    command: redisServer(),
    args: settings.flat(),
    env: {},
    log,
    ready: () => answersPing(port),
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}

/** False while it still loads its file. */
async function answersPing(port: number): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
  socket.once('error', reject);
  socket.once('timeout', () => reject(new Error('no answer')));
  socket.once('data', (data) => resolve(data.toString().startsWith('+PONG')));
  socket.write('PING\r\n');
  return promise.finally(() => socket.destroy());
}
