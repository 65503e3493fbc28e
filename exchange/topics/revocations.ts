/**
 * Revocations of record keys as records of the topic `keys`, which keeps every one. Each is JSON under the operator's
 * signature; what is signed by anybody else, or has another form, says nothing.
 */

import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { type Revocation, REVOCATION_WHY_CHARS_MAX } from '#core/keys/revocations.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import type { SigningKey } from '#exchange/keys/signatures.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { lazily } from '#platform/lazily.ts';
import { closed } from '#platform/schema.ts';
import { type SignatureCheck, signed } from './public-keys.ts';
import { saidIn, saidRecord } from './said.ts';
import { KEYS_TOPIC } from './topics.ts';

/** Of the form below. A later one that this version doesn't know says nothing to it. */
const VERSION = 1;
/** `<principal>-<number>` */
const KEY_NAME = '^[a-z]+(-[0-9]{2})?-[1-9][0-9]{0,3}$';

const Said = Type.Object(
  {
    version: Type.Literal(VERSION),
    revoked: Type.Object(
      {
        key: Type.String({ pattern: KEY_NAME }),
        why: Type.String({ maxLength: REVOCATION_WHY_CHARS_MAX }),
        sinceMs: Type.Optional(Type.Integer()),
      },
      closed,
    ),
  },
  closed,
);
const isSaid = lazily(() => new Ajv({ strict: false }).compile<Static<typeof Said>>(Said));

/** Null: the record revokes nothing, as one that publishes a key. */
export function readRevocation(message: KafkaMessage, keys: Pick<SignatureCheck, 'provenSigner'>): Revocation | null {
  const said = saidIn(message.value, isSaid());
  if (said === null || keys.provenSigner(signed(message)) !== OPERATOR) return null;
  const { key, why, sinceMs = null } = said.revoked;
  return { key, why, sinceMs, atMs: Number(message.timestamp) };
}

/** Under the operator's signature. */
export function revocationRecord(
  { key, why, sinceMs }: Omit<Revocation, 'atMs'>,
  operator: SigningKey,
): OutgoingRecord {
  const revoked = { key, why, ...(sinceMs === null ? {} : { sinceMs }) };
  return saidRecord(KEYS_TOPIC, key, { version: VERSION, revoked }, operator);
}
