/**
 * What the users' lines of Redis decide, read as Redis reads them. `test/integration/redis-access.test.ts` holds the
 * same lines against a real server.
 */

import { REDIS_PRINCIPALS, redisUsers } from '#exchange/view/redis-access.ts';
import type { Who } from './who.ts';

const LINES = redisUsers(() => 'hash').split('\n');

export interface Command {
  /** In lower case. */
  readonly name: string;
  readonly key?: Buffer | string;
  readonly does?: 'reads' | 'writes';
}

export function inRedis({ principal }: Who, { name, key, does = 'reads' }: Command): boolean {
  if (!REDIS_PRINCIPALS.some((known) => known === principal)) return false;
  const rules = (LINES.find((line) => line.startsWith(`user ${principal} `)) ?? '').split(' ').slice(3);
  return isCalled(rules, name) && (key === undefined || rules.some((rule) => opens(rule, latin1(key), does)));
}

const latin1 = (key: Buffer | string): string => (typeof key === 'string' ? key : key.toString('latin1'));

/** The last rule that names it decides. */
function isCalled(rules: readonly string[], name: string): boolean {
  const naming = rules.filter((rule) => /^[+-]/.test(rule) && ['@all', name].includes(rule.slice(1)));
  return naming.at(-1)?.startsWith('+') ?? false;
}

function opens(rule: string, key: string, does: 'reads' | 'writes'): boolean {
  const [, rights = 'RW', pattern] = /^(?:%([RW]+))?~(.*)$/.exec(rule) ?? [];
  if (pattern === undefined || !rights.includes(does === 'reads' ? 'R' : 'W')) return false;
  const glob = pattern.replace(/[.{}()+^$|\\?]/g, String.raw`\$&`).replaceAll('*', '[^]*');
  return new RegExp(`^${glob}$`).test(key);
}
