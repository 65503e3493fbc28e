/**
 * Ed25519 signatures of the exchange's own small records: watermarks, registrations, public keys. Whoever has the
 * public key can check one, and only who holds the private key can make one. Pure: it reads no key from anywhere.
 */

import { type KeyObject, sign, verify } from 'node:crypto';
import type { Headers } from '#platform/kafka/record.ts';
import { framed, headerText } from './tags.ts';

export interface SigningKey {
  /** `<principal>-<number>` */
  readonly id: string;
  readonly principal: string;
  readonly privateKey: KeyObject;
}

export interface PublicKey {
  readonly id: string;
  readonly principal: string;
  readonly publicKey: KeyObject;
  /** What is signed with it before then counts for nothing, on the broker's clock. Missing: it counts since ever. */
  readonly fromMs?: number;
}

export const SIGNED_BY = 'signed-by';
export const SIGNATURE = 'signature';

/** What of a record is covered; its schema says what it is, so the topic needn't. */
export interface Signed {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export function signatureHeaders({ id, privateKey }: SigningKey, record: Signed): Record<string, string | Buffer> {
  return { [SIGNED_BY]: id, [SIGNATURE]: sign(null, messageOf(record), privateKey) };
}

/** The key that a record says it is signed with; empty: none. */
export function signerOf(headers: Headers): string {
  return headerText(headers, SIGNED_BY);
}

export function signatureHolds({ publicKey }: PublicKey, record: Signed & { readonly headers: Headers }): boolean {
  const signature = record.headers[SIGNATURE];
  return Buffer.isBuffer(signature) && verify(null, messageOf(record), publicKey, signature);
}

function messageOf({ key, value }: Signed): Buffer {
  return framed('signed', key, value);
}
