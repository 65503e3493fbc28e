/** Who may do what on Kafka, as pure decisions: every principal, every topic and operation, all pairs of provinces. */

import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type Principal, provincePrincipal, STACK_PRINCIPALS } from '#exchange/identity/principals.ts';
import { aclsOf, mayOnKafka, SUPER_PRINCIPALS } from '#exchange/topics/access.ts';
import { logOf } from '#exchange/topics/log.ts';
import { topicsOf } from '#exchange/topics/topics.ts';
import type { AclOperation } from '#platform/kafka/acls.ts';

const OPERATIONS: readonly AclOperation[] = [
  'read',
  'write',
  'create',
  'delete',
  'describe',
  'describe_configs',
  'alter_configs',
];
const TOPICS = [...topicsOf(logOf(1)), ...topicsOf(logOf(2))].map(({ topic }) => topic);
const SHARED = [...logOf(1).topics, ...logOf(2).topics];
const PROVINCES = PROVINCE_CODES.map(provincePrincipal);
const OTHERS = STACK_PRINCIPALS.filter((name) => !SUPER_PRINCIPALS.includes(name));

/** The topics on which they may. */
const topicsFor = (principal: Principal, operation: AclOperation): string[] =>
  [...new Set(TOPICS)].filter((name) => mayOnKafka(principal, operation, { type: 'topic', name })).toSorted();

describe('a province', () => {
  it.each(PROVINCES)(
    'writes events, registrations, watermarks and withdrawals, and reads no event: %s',
    (principal) => {
      expect(topicsFor(principal, 'write')).toEqual(
        [...SHARED, 'producers', 'vouchers', 'watermarks', 'withdrawals'].toSorted(),
      );
      expect(topicsFor(principal, 'read')).toEqual(['editions', 'keys', 'producers', 'withdrawals']);
      expect(topicsFor(principal, 'describe')).toEqual([...new Set(TOPICS)].toSorted());
    },
  );
  it('joins and removes groups of its own alone, of all pairs', () => {
    for (const one of PROVINCES)
      for (const other of [...PROVINCES, 'lookup', 'materialiser'] as Principal[])
        for (const operation of ['read', 'delete'] as const)
          expect([one, other, mayOnKafka(one, operation, { type: 'group', name: `${other}.reader-1` })]).toEqual([
            one,
            other,
            one === other,
          ]);
    expect(mayOnKafka('province-43', 'read', { type: 'group', name: 'materialiser' })).toBe(false);
  });
});

describe('a service', () => {
  it('reads what it needs, and writes no event', () => {
    expect(topicsFor('lookup', 'read')).toEqual(['editions', 'keys', 'policies']);
    expect(topicsFor('lookup', 'write')).toEqual([]);
    expect(topicsFor('materialiser', 'read')).toEqual(
      [...SHARED, 'dead-letters', 'editions', 'keys', 'producers', 'watermarks', 'withdrawals'].toSorted(),
    );
    expect(topicsFor('materialiser', 'write')).toEqual(['dead-letters', 'positions']);
    for (const service of ['lookup', 'materialiser'] as const)
      expect(topicsFor(service, 'describe')).toEqual([...new Set(TOPICS)].toSorted());
  });
});

it('the national role withdraws results, and nothing else', () => {
  expect(topicsFor('national', 'write')).toEqual(['withdrawals']);
  expect(topicsFor('national', 'read')).toEqual(['keys', 'withdrawals']);
});

describe('nobody but the operator', () => {
  it('makes, deletes or alters a topic of the exchange', () => {
    for (const principal of OTHERS)
      for (const operation of ['create', 'delete', 'alter_configs'] as const)
        expect([principal, topicsFor(principal, operation)]).toEqual([principal, []]);
    for (const operation of OPERATIONS) expect(topicsFor('operator', operation)).toHaveLength(new Set(TOPICS).size);
  });
  it('publishes a public key, states from where on records bear tags, or reads all that was ever claimed', () => {
    for (const name of ['keys', 'editions', 'policies'])
      expect(OTHERS.filter((principal) => topicsFor(principal, 'write').includes(name))).toEqual([]);
    expect(OTHERS.filter((principal) => topicsFor(principal, 'read').includes('vouchers'))).toEqual([]);
    for (const name of ['keys', 'vouchers']) {
      expect(topicsFor('operator', 'read')).toContain(name);
      expect(topicsFor('operator', 'write')).toContain(name);
    }
  });
  it('is let in without being in the table', () => {
    for (const principal of ['gate-a', 'prometheus', 'redis', 'issuer', 'producer'] as const)
      expect(aclsOf(principal)).toEqual([]);
  });
});

describe('the rules for the broker', () => {
  it('say each thing once', () => {
    for (const principal of STACK_PRINCIPALS) {
      const said = aclsOf(principal).map((acl) => JSON.stringify(acl));
      expect(new Set(said).size).toBe(said.length);
    }
  });
});
