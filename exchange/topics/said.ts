/**
 * What somebody says by JSON of one form, as the value of a signed record. Of what is read, another form says nothing,
 * whoever wrote it: it never throws.
 */

import { signatureHeaders, type SigningKey } from '#exchange/keys/signatures.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';

/** @param isSaid whether a value has the form */
export function saidIn<T>(value: Buffer | null, isSaid: (said: unknown) => said is T): T | null {
  try {
    const said: unknown = JSON.parse(value?.toString('utf8') ?? '');
    return isSaid(said) ? said : null;
  } catch {
    return null;
  }
}

/**
 * For a topic of one partition. @param about what it is said of: the record's key
 * @param signingKey of whoever says it
 */
export function saidRecord(topic: string, about: string, said: object, signingKey: SigningKey): OutgoingRecord {
  const key = Buffer.from(about);
  const value = Buffer.from(JSON.stringify(said));
  return { topic, partition: 0, key, value, headers: signatureHeaders(signingKey, { key, value }) };
}
