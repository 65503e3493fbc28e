/**
 * That a signing key is revoked, as records of the topic `keys`, which keeps every one. Each is JSON under the
 * operator's signature. The operator's own keys are no matter of these: whoever has one could revoke the others.
 */

import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { type Revocation, REVOCATION_WHY_CHARS_MAX } from '#core/keys/revocations.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { principalOfKey } from '#exchange/keys/files.ts';
import type { SigningKey } from '#exchange/keys/signatures.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { lazily } from '#platform/lazily.ts';
import { closed } from '#platform/schema.ts';
import { saidIn, saidRecord } from './said.ts';
import { KEYS_TOPIC } from './topics.ts';

/** Of the form below. A later one that this version doesn't know says nothing to it. */
const VERSION = 1;

const Said = Type.Object(
  {
    version: Type.Literal(VERSION),
    revokedSigning: Type.Object(
      {
        key: Type.String(),
        why: Type.String({ maxLength: REVOCATION_WHY_CHARS_MAX }),
        sinceMs: Type.Optional(Type.Integer()),
      },
      closed,
    ),
  },
  closed,
);
const isSaid = lazily(() => new Ajv({ strict: false }).compile<Static<typeof Said>>(Said));

export type SigningRevoked = Omit<Revocation, 'atMs'>;

/** Null: it revokes no signing key. Whose signature it bears is for the caller to check. */
export function signingRevokedIn(value: Buffer | null): SigningRevoked | null {
  const revoked = saidIn(value, isSaid())?.revokedSigning ?? null;
  return revoked === null || !isRevocable(revoked.key) ? null : { ...revoked, sinceMs: revoked.sinceMs ?? null };
}

/** Whether a signing key of that name may be revoked so. */
export function isRevocable(key: string): boolean {
  const principal = principalOfKey(key);
  return principal !== '' && principal !== OPERATOR;
}

/** Under the operator's signature. */
export function signingRevokedRecord({ key, why, sinceMs }: SigningRevoked, operator: SigningKey): OutgoingRecord {
  const revokedSigning = { key, why, ...(sinceMs === null ? {} : { sinceMs }) };
  return saidRecord(KEYS_TOPIC, key, { version: VERSION, revokedSigning }, operator);
}
