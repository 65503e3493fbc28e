/** Keys that records are tagged and signed with, the same in each run, and checks by them. */

import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { Revocations } from '#core/keys/revocations.ts';
import { NATIONAL, OPERATOR, provincePrincipal } from '#exchange/identity/principals.ts';
import { RecordTags, type TagCheck } from '#exchange/keys/check.ts';
import { KeyRing } from '#exchange/keys/ring.ts';
import type { PublicKey, SigningKey } from '#exchange/keys/signatures.ts';
import type { RecordKey } from '#exchange/keys/tags.ts';
import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import { publicKeyRecord, PublicKeys, type SignatureCheck } from '#exchange/topics/public-keys.ts';

export function recordKey(principal: string, number = 1): RecordKey {
  const secret = Buffer.alloc(32, `${principal}-${number}`);
  return { id: `${principal}-${number}`, principal, secret: createSecretKey(secret) };
}

/** Of every province, the national role's and the operator's. */
export const RING = new KeyRing(
  [...PROVINCE_CODES.map(provincePrincipal), NATIONAL, OPERATOR].map((principal) => recordKey(principal)),
);

export const NONE_REVOKED = new Revocations();

/** Of a log that was tagged from its first record on. */
export const TAGS: TagCheck = new RecordTags(RING, {}, NONE_REVOKED);
/** Of a log about which nobody has stated anything: what bears a tag is checked, and what bears none counts. */
export const TAGS_IF_ANY: TagCheck = new RecordTags(RING, null, NONE_REVOKED);

/** Believes everything: for what isn't about tags. */
export const UNCHECKED: TagCheck = {
  verdictOf: () => ({ holds: true, province: null, isNational: false, firstAppendedAtMs: null, under: null }),
};

/** Has no keys of anybody: for what isn't about signatures. */
export const UNSIGNED: SignatureCheck = {
  faultOf: () => null,
  provenSigner: () => null,
  knowsKeyOf: () => true,
};

/** Has read of all keys that there are, none of which had leaked. */
export const READ_ALREADY: ReadsKeys = { leaks: [], readThrough: async () => undefined };

/** PKCS #8 of an Ed25519 key, but for its 32 bytes. */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function signingKey(principal: string, number = 1): SigningKey {
  const seed = Buffer.alloc(32, `${principal}-${number}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([ED25519, seed]), format: 'der', type: 'pkcs8' });
  return { id: `${principal}-${number}`, principal, privateKey };
}

export function publicKey(principal: string, number = 1): PublicKey {
  const { id, privateKey } = signingKey(principal, number);
  return { id, principal, publicKey: createPublicKey(privateKey) };
}

/** With the first key of each province and of the operator. */
export function publishedKeys(): PublicKeys {
  const keys = new PublicKeys([publicKey(OPERATOR)]);
  for (const province of PROVINCE_CODES)
    keys.take(publicKeyRecord(publicKey(provincePrincipal(province)), signingKey(OPERATOR)));
  return keys;
}
