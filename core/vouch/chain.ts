/**
 * The head of a chain over records: how many there are, and a hash over all of them in their order. Whoever has the
 * records can make it again; nobody can make another list of records with the same head. It never looks into a record.
 */

import { createHash } from 'node:crypto';

export const HASH_BYTES = 32;

export interface Head {
  /** How many records, from 0 on. */
  readonly number: number;
  readonly hash: Buffer;
}

/** Of no record. */
export const NO_RECORD: Head = { number: 0, hash: Buffer.alloc(HASH_BYTES) };

/** @param digest of the next record */
export function linked({ number, hash }: Head, digest: Buffer): Head {
  return { number: number + 1, hash: createHash('sha256').update(hash).update(digest).digest() };
}

export function isSameHead(a: Head, b: Head): boolean {
  return a.number === b.number && a.hash.equals(b.hash);
}
