/** Keys that records are tagged with, the same in each run, and checks by them. */

import { createSecretKey } from 'node:crypto';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { RecordTags, type TagCheck } from '#exchange/keys/check.ts';
import { KeyRing, OPERATOR, principalOf } from '#exchange/keys/ring.ts';
import type { RecordKey } from '#exchange/keys/tags.ts';

export function recordKey(principal: string, number = 1): RecordKey {
  const secret = Buffer.alloc(32, `${principal}-${number}`);
  return { id: `${principal}-${number}`, principal, secret: createSecretKey(secret) };
}

/** Of every province, and the operator's. */
export const RING = new KeyRing(
  [...PROVINCE_CODES.map(principalOf), OPERATOR].map((principal) => recordKey(principal)),
);

/** Of a log that was tagged from its first record on. */
export const TAGS: TagCheck = new RecordTags(RING, {});
/** Of a log about which nobody has stated anything: what bears a tag is checked, and what bears none counts. */
export const TAGS_IF_ANY: TagCheck = new RecordTags(RING, null);

/** Believes everything: for what isn't about tags. */
export const UNCHECKED: TagCheck = { verdictOf: () => ({ holds: true, province: null, firstAppendedAtMs: null }) };
