/**
 * Several Redis nodes as one cluster: three masters that share the hash slots, and a replica for each. Roles change as
 * masters fail, so who is what is always asked, never remembered.
 */

import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { operatorIdentity } from '#exchange/identity/operator.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { redisLogin } from '#platform/redis.ts';
import { filesOf, type Identity, type TlsFiles } from '#platform/tls.ts';
import { redisCli } from './programs.ts';

export interface Shard {
  /** Addresses, host:port. */
  readonly master: string;
  readonly replicas: readonly string[];
  /** First and last of each range. */
  readonly slots: readonly (readonly [number, number])[];
}

interface NodePorts {
  readonly port: number;
  readonly bus: { readonly reachedAt: number };
}

const REPLICAS = 1;
const CREATE_MS_MAX = 60_000;
const JOIN_MS_MAX = 30_000;
const ASK_MS_MAX = 1_000;

/** Makes a cluster of nodes that are empty; lets nodes that were one find each other again at new addresses. */
export async function joinCluster(ports: readonly NodePorts[], tls: TlsFiles): Promise<void> {
  const operator = operatorIdentity(tls);
  const addresses = ports.map(({ port }) => `127.0.0.1:${port}`);
  const shards = await shardsOf(addresses, tls);
  if (shards.length === 0) await create(addresses, tls);
  else
    for (const address of addresses)
      for (const { port, bus } of ports)
        await ask(address, operator, (node) => node.cluster('MEET', '127.0.0.1', port, bus.reachedAt));
  const deadline = Date.now() + JOIN_MS_MAX;
  while (!(await isWhole(addresses, operator))) {
    if (Date.now() > deadline)
      throw new StackError(`the Redis nodes ${addresses.join(', ')} didn't become a cluster within ${JOIN_MS_MAX} ms`);
    await sleep(50);
  }
}

/**
 * As the first node that answers sees it; empty when that one belongs to no cluster.
 * @throws StackError when none does
 */
export async function shardsOf(addresses: readonly string[], tls: TlsFiles): Promise<Shard[]> {
  const operator = operatorIdentity(tls);
  for (const address of addresses) {
    const text = await ask(address, operator, (node) => node.cluster('NODES') as Promise<string>).catch(() => null);
    if (text !== null) return parseNodes(text);
  }
  throw new StackError(`none of the Redis nodes ${addresses.join(', ')} answers`);
}

/** Exported for its test. @param text what CLUSTER NODES says */
export function parseNodes(text: string): Shard[] {
  const nodes = text
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', address = '', flags = '', masterId = '', , , , , ...slots] = line.split(' ');
      return {
        id,
        address: address.replace(/@.*/, ''),
        flags: flags.split(','),
        masterId,
        slots: slots.filter((range) => !range.startsWith('[')),
      };
    });
  return nodes
    .filter(({ flags, slots }) => flags.includes('master') && slots.length > 0)
    .map(({ id, address, slots }) => ({
      master: address,
      replicas: nodes.filter(({ masterId }) => masterId === id).map((replica) => replica.address),
      slots: slots.map((range): [number, number] => {
        const [first = '', last = first] = range.split('-');
        return [Number(first), Number(last)];
      }),
    }));
}

async function create(addresses: readonly string[], tls: TlsFiles): Promise<void> {
  const { principal, password } = operatorIdentity(tls);
  const { ca, cert, key } = filesOf(tls, principal);
  const login = ['--tls', '--cacert', ca, '--cert', cert, '--key', key, '--user', principal];
  try {
    await promisify(execFile)(
      redisCli(),
      [...login, '--cluster', 'create', ...addresses, '--cluster-replicas', String(REPLICAS), '--cluster-yes'],
      { timeout: CREATE_MS_MAX, env: { ...process.env, REDISCLI_AUTH: password } },
    );
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new StackError(`the Redis cluster can't be made\n${stdout}${stderr}`, { cause });
  }
}

/** Every node sees all slots served, and every replica follows its master. */
async function isWhole(addresses: readonly string[], operator: Identity): Promise<boolean> {
  const states = await Promise.all(
    addresses.map(async (address) =>
      ask(
        address,
        operator,
        async (node) => `${String(await node.cluster('INFO'))}${await node.info('replication')}`,
      ).catch(() => ''),
    ),
  );
  return states.every(
    (state) =>
      /cluster_state:ok/.test(state) &&
      /cluster_slots_ok:16384/.test(state) &&
      (/role:master/.test(state) || /master_link_status:up/.test(state)),
  );
}

async function ask<T>(address: string, operator: Identity, question: (node: Redis) => Promise<T>): Promise<T> {
  const [host = '', port = ''] = address.split(':');
  const node = new Redis({
    host,
    port: Number(port),
    ...redisLogin(operator),
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    connectTimeout: ASK_MS_MAX,
    commandTimeout: ASK_MS_MAX,
  });
  node.on('error', () => {}); // the question fails
  try {
    await node.connect();
    return await question(node);
  } finally {
    node.disconnect();
  }
}
