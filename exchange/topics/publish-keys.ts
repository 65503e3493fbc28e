/** Publishes public keys under the operator's signature. What is published already is not published again. */

import { OPERATOR } from '#exchange/identity/principals.ts';
import type { PublicKey } from '#exchange/keys/signatures.ts';
import { publicHalves, requireAnchors, requireSigningKey } from '#exchange/keys/signing-keys.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { publicKeyRecord, readPublicKeys } from './public-keys.ts';

/**
 * @param folder holds the operator's keys
 * @returns the names of those that were published now
 * @throws HutongError CONFIG_INVALID without the operator's keys; KAFKA_UNAVAILABLE
 */
export async function publishKeys(
  kafka: Kafka,
  folder: string,
  keys: readonly PublicKey[],
): Promise<readonly string[]> {
  const operator = requireSigningKey(folder, OPERATOR);
  const known = await readPublicKeys(kafka, requireAnchors(folder));
  const missing = keys.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return [];
  await sendOnce(
    kafka,
    missing.map((key) => publicKeyRecord(key, operator)),
  );
  return missing.map(({ id }) => id);
}

/** All whose private halves lie in the folder: of a development stack, which makes them itself. */
export function publishKeysOf(kafka: Kafka, folder: string): Promise<readonly string[]> {
  return publishKeys(kafka, folder, publicHalves(folder));
}
