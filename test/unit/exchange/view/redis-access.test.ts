/** Who may do what on Redis, as the lines that a node reads. */

import { describe, expect, it } from 'vitest';
import { STACK_PRINCIPALS } from '#exchange/identity/principals.ts';
import { COMMIT_SCRIPT } from '#exchange/view/commit-script.ts';
import { REDIS_PRINCIPALS, redisUsers } from '#exchange/view/redis-access.ts';

const LINES = redisUsers((principal) => `hash-of-${principal}`)
  .trimEnd()
  .split('\n');
const rulesOf = (name: string): string[] => (LINES.find((line) => line.startsWith(`user ${name} `)) ?? '').split(' ');

describe('the users of Redis', () => {
  it('are principals, and nobody without a name', () => {
    expect(LINES[0]).toBe('user default off');
    expect(LINES.slice(1).map((line) => line.split(' ')[1])).toEqual([...REDIS_PRINCIPALS]);
    expect(STACK_PRINCIPALS).toEqual(expect.arrayContaining([...REDIS_PRINCIPALS]));
  });
  it('come in by a password of their own, which stands there as a hash', () => {
    for (const name of REDIS_PRINCIPALS) expect(rulesOf(name)).toEqual(expect.arrayContaining([`#hash-of-${name}`]));
    expect(LINES.join('\n')).not.toMatch(/nopass|>/);
  });
  it('begin without any command; only the operator begins with all, and is without those that empty Redis', () => {
    for (const name of REDIS_PRINCIPALS)
      expect([name, rulesOf(name).some((rule) => rule === '+@all')]).toEqual([name, name === 'operator']);
    expect(rulesOf('operator').slice(-3)).toEqual(['+@all', '-flushall', '-flushdb']);
    for (const name of ['lookup', 'materialiser', 'redis'])
      expect(rulesOf(name).filter((rule) => rule.startsWith('-') || rule.startsWith('+@'))).toEqual(['-@all']);
  });
  it('write nothing but counts as the look-up, and no count as the materialiser', () => {
    expect(rulesOf('lookup').filter((rule) => /^(~|%W|%RW|%R)/.test(rule))).toEqual(['%R~*', '%RW~limits:*']);
    for (const pattern of rulesOf('materialiser').filter((rule) => rule.startsWith('~')))
      expect('limits:requests').not.toMatch(
        new RegExp(`^${pattern.slice(1).replaceAll('{', '\\{').replaceAll('*', '.*')}$`),
      );
  });
  it('a step was refused for a command that its script had gained: the materialiser may do all that is in it', () => {
    const called = [...COMMIT_SCRIPT.matchAll(/redis\.call\('([A-Z]+)'/g)].map(
      ([, command]) => `+${command?.toLowerCase()}`,
    );
    expect(called.length).toBeGreaterThan(0);
    expect(rulesOf('materialiser')).toEqual(expect.arrayContaining(called));
  });
});
