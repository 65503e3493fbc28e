/**
 * Who may do what on Redis: one pure table, of which the launcher makes the users of each node. What isn't in it is
 * refused. Nobody may empty Redis, not even the operator, who may do everything else.
 */

import type { SinglePrincipal } from '#exchange/identity/principals.ts';

/** What a client says to be let in, to see that the server is there, and to find the nodes of a cluster. */
const AT_A_CONNECTION = [
  '+auth',
  '+hello',
  '+ping',
  '+quit',
  '+select',
  '+info',
  '+client|setname',
  '+readonly',
  '+asking',
  '+cluster|slots',
  '+cluster|info',
  '+cluster|nodes',
  '+cluster|keyslot',
] as const;

/** All keys of views, positions, freshness and pointers: `3{0a}:position`, `{0a}:generation`, `e2:3{0a}…`. */
const VIEWS = ['~[0-9]*{*', '~e[0-9]*:*{*', '~{*'] as const;

const READS_AND_SETS = ['+get', '+getrange', '+mget', '+set'] as const;
const COUNTS = ['+hget', '+hset', '+hincrby'] as const;

const RULES = {
  // It counts what callers ask, and may write nothing else.
  lookup: ['%R~*', '%RW~limits:*', '-@all', ...AT_A_CONNECTION, '+get', '+mget', '+hgetall', '+incrby', '+pexpire'],
  // Its commands within a script are looked at too.
  materialiser: [...VIEWS, '-@all', ...AT_A_CONNECTION, ...READS_AND_SETS, ...COUNTS, '+eval', '+evalsha'],
  operator: ['~*', '&*', '+@all', '-flushall', '-flushdb'],
  // Of a replica, at its master.
  redis: ['-@all', '+auth', '+ping', '+psync', '+replconf'],
} as const satisfies Partial<Record<SinglePrincipal, readonly string[]>>;

export type RedisPrincipal = keyof typeof RULES;
export const REDIS_PRINCIPALS = Object.keys(RULES) as readonly RedisPrincipal[];

/**
 * The users of a node, one a line, as its `aclfile` has them. Whoever names no user is nobody.
 * @param hashOf SHA-256 of the password, in hex
 */
export function redisUsers(hashOf: (principal: RedisPrincipal) => string): string {
  const users = REDIS_PRINCIPALS.map((name) => `user ${name} on #${hashOf(name)} ${RULES[name].join(' ')}`);
  return `${['user default off', ...users].join('\n')}\n`;
}
