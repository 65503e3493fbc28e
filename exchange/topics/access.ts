/**
 * Who may do what on Kafka: one pure table, of which the operator makes the broker's rules. What isn't in it is
 * refused. The operator and the brokers aren't in it: they may do everything.
 */

import { kindOf, type Principal } from '#exchange/identity/principals.ts';
import type { Acl, AclOperation, AclResource } from '#platform/kafka/acls.ts';
import { SHARED_KINDS } from './log.ts';
import {
  DEAD_LETTERS_TOPIC,
  EDITIONS_TOPIC,
  KEYS_TOPIC,
  POLICIES_TOPIC,
  POSITIONS_TOPIC,
  PRODUCERS_TOPIC,
  VOUCHERS_TOPIC,
  WATERMARKS_TOPIC,
  WITHDRAWALS_TOPIC,
} from './topics.ts';

/** They may do everything: a broker that was asked to check itself would never start. */
export const SUPER_PRINCIPALS: readonly Principal[] = ['broker', 'operator'];

interface Right {
  readonly resource: AclResource;
  readonly operations: readonly AclOperation[];
}

const topic = (name: string, ...operations: AclOperation[]): Right => ({
  resource: { type: 'topic', name, pattern: 'literal' },
  operations: ['describe', ...operations],
});
const anyOf = (type: 'topic' | 'group', name: string, ...operations: AclOperation[]): Right => ({
  resource: { type, name, pattern: 'prefixed' },
  operations,
});
/** In every edition: only the operator makes topics, so what begins with the name is an edition of it. */
const shared = (...operations: AclOperation[]): Right[] =>
  SHARED_KINDS.map((kind) => anyOf('topic', kind, 'describe', 'describe_configs', ...operations));
/** What a process reads in: a group that begins with its name and a dot, which no other process may join or remove. */
const ownGroups = (principal: Principal): Right => anyOf('group', `${principal}.`, 'read', 'describe', 'delete');
/** Settings and ends of all topics, never a record: a start compares them. */
const SIGHT: readonly Right[] = [
  DEAD_LETTERS_TOPIC,
  WATERMARKS_TOPIC,
  VOUCHERS_TOPIC,
  POLICIES_TOPIC,
  POSITIONS_TOPIC,
  WITHDRAWALS_TOPIC,
].map((name) => topic(name));
/** Each believes of them what the operator has signed; only the operator writes there. */
const PUBLIC_KEYS = topic(KEYS_TOPIC, 'read');

/** Who withdraws results; each record is signed, and names no person. */
const WITHDRAWS = topic(WITHDRAWALS_TOPIC, 'read', 'write');

const SERVICES: Partial<Record<Principal, readonly Right[]>> = {
  materialiser: [
    ...shared('read'),
    topic(WATERMARKS_TOPIC, 'read'),
    topic(PRODUCERS_TOPIC, 'read'),
    topic(EDITIONS_TOPIC, 'read'),
    topic(WITHDRAWALS_TOPIC, 'read'),
    topic(DEAD_LETTERS_TOPIC, 'read', 'write'),
    topic(POSITIONS_TOPIC, 'write'),
    PUBLIC_KEYS,
    topic(VOUCHERS_TOPIC),
    topic(POLICIES_TOPIC),
    ownGroups('materialiser'),
    anyOf('group', 'materialiser', 'read', 'describe'),
  ],
  lookup: [
    ...SHARED_KINDS.map((kind) => anyOf('topic', kind, 'describe')),
    ...SIGHT,
    topic(PRODUCERS_TOPIC),
    topic(POLICIES_TOPIC, 'read'),
    topic(EDITIONS_TOPIC, 'read'),
    PUBLIC_KEYS,
    ownGroups('lookup'),
  ],
  national: [WITHDRAWS, PUBLIC_KEYS, ownGroups('national')],
  // It keeps its journal, a snapshot of it and a topic of what changed, and makes them itself.
  registry: [
    ...['_schemas', 'kafkasql-snapshots', 'registry-events'].map((name) =>
      topic(name, 'read', 'write', 'create', 'describe_configs', 'alter_configs'),
    ),
    anyOf('group', 'apicurio-', 'read', 'describe'),
  ],
};

/** A province reads what starting and fencing need, and of the shared topics settings and ends, never a record. */
const ofProvince = (principal: Principal): Right[] => [
  ...shared('write'),
  topic(WATERMARKS_TOPIC, 'write'),
  topic(VOUCHERS_TOPIC, 'write'),
  topic(PRODUCERS_TOPIC, 'read', 'write'),
  topic(EDITIONS_TOPIC, 'read'),
  WITHDRAWS,
  PUBLIC_KEYS,
  topic(DEAD_LETTERS_TOPIC),
  topic(POLICIES_TOPIC),
  topic(POSITIONS_TOPIC),
  ownGroups(principal),
  anyOf('group', 'hutong-republish-', 'describe'),
];

function rightsOf(principal: Principal): readonly Right[] {
  return kindOf(principal) === 'province' ? ofProvince(principal) : (SERVICES[principal] ?? []);
}

/** As the broker is told. */
export function aclsOf(principal: Principal): Acl[] {
  const wanted = rightsOf(principal).flatMap(({ resource, operations }) =>
    operations.map((operation): Acl => ({ principal, operation, ...resource })),
  );
  return [...new Map(wanted.map((acl) => [JSON.stringify(acl), acl])).values()];
}

/** Whether the table lets them, as the broker decides it. @param what one topic or group */
export function mayOnKafka(
  principal: Principal,
  operation: AclOperation,
  { type, name }: Pick<AclResource, 'type' | 'name'>,
): boolean {
  if (SUPER_PRINCIPALS.includes(principal)) return true;
  return rightsOf(principal).some(
    ({ resource, operations }) =>
      resource.type === type &&
      operations.includes(operation) &&
      (resource.pattern === 'literal' ? resource.name === name : name.startsWith(resource.name)),
  );
}
