/**
 * Redis, which holds the views and the positions: it writes both to its append-only file and never evicts, for a view
 * that vanished while its position stayed would be lost without anyone noticing.
 */
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { PartPlan } from '../part.ts';
import { redisServer } from './programs.ts';

export function planRedis({ dataDir, log, port }: { dataDir: string; log: string; port: number }): PartPlan {
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
  ];
  return {
    name: 'redis',
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
