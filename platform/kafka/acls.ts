/**
 * Makes the rules of Kafka's authorizer what they are wanted to be: adds what is missing, removes what is too much. It
 * knows no principal, and what isn't allowed by a rule is refused by the broker itself.
 */

import kafkajs from 'kafkajs';
import type { Admin } from './client.ts';

export type AclOperation = 'read' | 'write' | 'create' | 'delete' | 'describe' | 'describe_configs' | 'alter_configs';

export interface AclResource {
  readonly type: 'topic' | 'group';
  readonly name: string;
  /** `prefixed`: all whose name begins so. */
  readonly pattern: 'literal' | 'prefixed';
}

export interface Acl extends AclResource {
  readonly principal: string;
  readonly operation: AclOperation;
}

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
const OPERATIONS = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  create: AclOperationTypes.CREATE,
  delete: AclOperationTypes.DELETE,
  describe: AclOperationTypes.DESCRIBE,
  describe_configs: AclOperationTypes.DESCRIBE_CONFIGS,
  alter_configs: AclOperationTypes.ALTER_CONFIGS,
} as const;
const TYPES = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP } as const;
const PATTERNS = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED } as const;

type Entry = Parameters<Admin['createAcls']>[0]['acl'][number];

const entryOf = ({ principal, operation, type, name, pattern }: Acl): Entry => ({
  principal: `User:${principal}`,
  host: '*',
  operation: OPERATIONS[operation],
  permissionType: AclPermissionTypes.ALLOW,
  resourceType: TYPES[type],
  resourceName: name,
  resourcePatternType: PATTERNS[pattern],
});

const keyOf = (entry: Entry): string =>
  [
    entry.principal,
    entry.host,
    entry.operation,
    entry.permissionType,
    entry.resourceType,
    entry.resourceName,
    entry.resourcePatternType,
  ].join('\n');

/** From then on the rules are those, and no others, whoever made them. */
export async function applyAcls(admin: Admin, wanted: readonly Acl[]): Promise<void> {
  const there = new Map((await allEntries(admin)).map((entry) => [keyOf(entry), entry]));
  const missing = wanted.map(entryOf).filter((entry) => !there.delete(keyOf(entry)));
  if (missing.length > 0) await admin.createAcls({ acl: missing });
  if (there.size > 0) await admin.deleteAcls({ filters: [...there.values()] });
}

/** Adds them to the rules that there are. */
export async function addAcls(admin: Admin, acls: readonly Acl[]): Promise<void> {
  await admin.createAcls({ acl: acls.map(entryOf) });
}

/** Takes away every rule that names them. @returns how many there were */
export async function removeAclsOf(admin: Admin, principal: string): Promise<number> {
  const { filterResponses } = await admin.deleteAcls({ filters: [{ ...ANY, principal: `User:${principal}` }] });
  return filterResponses.reduce((sum, { matchingAcls }) => sum + matchingAcls.length, 0);
}

const ANY = {
  resourceType: AclResourceTypes.ANY,
  resourcePatternType: ResourcePatternTypes.ANY,
  operation: AclOperationTypes.ANY,
  permissionType: AclPermissionTypes.ANY,
} as const;

async function allEntries(admin: Admin): Promise<Entry[]> {
  const { resources } = await admin.describeAcls(ANY);
  return resources.flatMap(({ acls, resourceType, resourceName, resourcePatternType }) =>
    acls.map(({ principal, host, operation, permissionType }) => ({
      principal,
      host,
      operation,
      permissionType,
      resourceType,
      resourceName,
      resourcePatternType,
    })),
  );
}
