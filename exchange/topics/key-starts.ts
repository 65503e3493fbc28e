/**
 * From when on a key of records counts, as records of the topic `keys`, which keeps every one. Each is JSON under the
 * operator's signature. Of a key to sign with the same stands where it is published (public-keys.ts).
 */

import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import type { KeyStart } from '#core/keys/starts.ts';
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
    starts: Type.Object({ key: Type.String(), fromMs: Type.Integer() }, closed),
  },
  closed,
);
const isSaid = lazily(() => new Ajv({ strict: false }).compile<Static<typeof Said>>(Said));

/** Null: it says of no key when it starts. Whose signature it bears is for the caller to check. */
export function keyStartIn(value: Buffer | null): Omit<KeyStart, 'atMs'> | null {
  const starts = saidIn(value, isSaid())?.starts ?? null;
  return starts === null || principalOfKey(starts.key) === '' ? null : starts;
}

/** Under the operator's signature. */
export function keyStartRecord(starts: Omit<KeyStart, 'atMs'>, operator: SigningKey): OutgoingRecord {
  return saidRecord(KEYS_TOPIC, starts.key, { version: VERSION, starts }, operator);
}
