/**
 * The table of who may do what on Redis, on a real server: each attempt that is refused has an allowed twin, which
 * passes, so that a Redis that refuses everything fails.
 */

import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ViewKeys } from '#exchange/view/keys.ts';
import type { RedisPrincipal } from '#exchange/view/redis-access.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, type Redis } from '#platform/redis.ts';
import { filesOf, Identity } from '#platform/tls.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';

const KEYS = new ViewKeys(LOG);
const PERSON = Buffer.alloc(16, 7);
const VIEW = KEYS.view(1, 0, PERSON);
const REFUSED = /NOPERM|can't run this command/;
let exchange: Exchange;
const open: Redis[] = [];

beforeAll(async () => {
  exchange = await startExchange({ services: [] });
});

afterAll(async () => {
  for (const redis of open) redis.disconnect();
  await exchange?.stop();
});

async function as(principal: RedisPrincipal): Promise<Redis> {
  const identity = new Identity(filesOf(exchange.stack.tls, principal));
  const { addresses } = operatorRedis(exchange.stack);
  const redis = await connectRedis({ addresses, identity }, createLogger('test', 'silent'));
  open.push(redis);
  return redis;
}

it('the materialiser writes views, positions and pointers, in its script too, and no count of callers', async () => {
  const redis = await as('materialiser');
  for (const key of [VIEW, KEYS.position(1, 0), KEYS.freshness(1, 0), KEYS.live(0), KEYS.building(0)])
    expect(await redis.set(key, 'v')).toBe('OK');
  expect(await redis.eval("return redis.call('GET', KEYS[1])", 1, VIEW)).toBe('v');
  await expect(redis.set('limits:requests:gate-44:1', '0')).rejects.toThrow(REFUSED);
  await expect(redis.eval("return redis.call('DEL', KEYS[1])", 1, VIEW)).rejects.toThrow(REFUSED);
});

it('the look-up reads views and counts under limits, and writes, lists and removes nothing', async () => {
  const redis = await as('lookup');
  expect(await redis.mget(VIEW, KEYS.live(0))).toEqual(['v', 'v']);
  expect(await redis.incrby('limits:requests:gate-44:1', 3)).toBe(3);
  expect(await redis.pexpire('limits:requests:gate-44:1', 60_000)).toBe(1);
  await expect(redis.set(VIEW, 'w')).rejects.toThrow(REFUSED);
  await expect(redis.incrby(KEYS.live(0), 1)).rejects.toThrow(REFUSED);
  await expect(redis.pexpire(VIEW, 1)).rejects.toThrow(REFUSED);
  await expect(redis.call('SCAN', '0')).rejects.toThrow(REFUSED);
  expect(await redis.get(VIEW)).toBe('v');
});

it('nobody empties Redis, and who is no user gets no answer', async () => {
  const { tls } = exchange.stack;
  for (const principal of ['lookup', 'materialiser', 'operator'] as const) {
    const redis = await as(principal);
    expect(await redis.ping()).toBe('PONG');
    for (const command of ['FLUSHALL', 'FLUSHDB']) await expect(redis.call(command)).rejects.toThrow(REFUSED);
    if (principal !== 'operator') await expect(redis.call('ACL', 'WHOAMI')).rejects.toThrow(REFUSED);
  }
  const { ca, cert, key } = new Identity(filesOf(tls, 'lookup')).options;
  expect(await said({ ca, cert, key }, 'PING\r\n')).toMatch(/^-NOAUTH/);
  expect(await said({ ca, cert, key }, 'AUTH lookup wrong\r\n')).toMatch(/^-WRONGPASS/);
  expect(await said({ ca }, 'PING\r\n')).toBe('closed');
});

it('a user that is removed loses the connection that is open, and is let in once it is given back', async () => {
  const [lookup, materialiser, operator] = await Promise.all(
    (['lookup', 'materialiser', 'operator'] as const).map((name) => as(name)),
  );
  const identity = new Identity(filesOf(exchange.stack.tls, 'lookup'));
  const { ca, cert, key } = identity.options;
  const login = (): Promise<string> => said({ ca, cert, key }, `AUTH lookup ${identity.password}\r\n`);
  expect([await lookup?.ping(), await materialiser?.ping(), await login()]).toEqual(['PONG', 'PONG', '+OK\r\n']);
  const closed = once(lookup as Redis, 'close');
  expect(await operator?.call('ACL', 'DELUSER', 'lookup')).toBe(1);
  await closed;
  expect(await login()).toMatch(/^-WRONGPASS/);
  expect(await materialiser?.ping()).toBe('PONG');
  await operator?.call('ACL', 'LOAD'); // as its file has it
  expect(await login()).toBe('+OK\r\n');
});

/** What Redis answers to a line over a connection of its own. */
async function said(options: { ca: string; cert?: string; key?: string }, line: string): Promise<string> {
  const port = Number(exchange.stack.addresses.redis?.split(':')[1]);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ...options });
    socket.on('error', () => resolve('closed')).on('close', () => resolve('closed'));
    socket.on('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.write(line);
  });
}
