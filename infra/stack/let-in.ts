/**
 * Tells a Kafka that has just started who may do what on it, and how much of it each may take. Loaded when it's asked
 * for: without Kafka a stack starts without the client library.
 */

import { join } from 'node:path';
import { readIssued, revokedIn } from '#exchange/identity/pki.ts';
import { STACK_PRINCIPALS } from '#exchange/identity/principals.ts';
import type { KafkaAccess } from '#platform/kafka/client.ts';

/** Everybody of the stack, but those whose certificate was revoked and not issued again. */
export async function letIn(kafka: KafkaAccess, runDir: string): Promise<void> {
  const [{ aclsOf }, { quotasOf }, { applyAcls }, { applyQuotas }, { createKafka }, { createLogger }] =
    await Promise.all([
      import('#exchange/topics/access.ts'),
      import('#exchange/topics/quotas.ts'),
      import('#platform/kafka/acls.ts'),
      import('#platform/kafka/quotas.ts'),
      import('#platform/kafka/client.ts'),
      import('#platform/log.ts'),
    ]);
  const pki = join(runDir, 'pki');
  const revoked = revokedIn(pki);
  const principals = new Set([...STACK_PRINCIPALS, ...readIssued(pki).map(({ name }) => name)]);
  const admin = createKafka(kafka, 'launcher', createLogger('launcher', 'silent')).admin();
  await admin.connect();
  const letIn = [...principals].filter((name) => !revoked.has(name));
  try {
    await applyAcls(admin, letIn.flatMap(aclsOf));
    await applyQuotas(kafka, quotasOf(letIn));
  } finally {
    await admin.disconnect();
  }
}
