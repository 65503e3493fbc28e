/**
 * The tag of a record: HMAC-SHA-256 under its publisher's key over topic, person key, event id, value and the name of
 * its schema, and of a copy over whose it was and when that was appended. Whoever hasn't the key can neither change one
 * of these nor make them of another. Pure: it reads no key from anywhere.
 */

import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Headers } from '#platform/kafka/record.ts';

/** A key that records are tagged with. */
export interface RecordKey {
  /** `<principal>-<number>`; a later key of a principal has a higher number. */
  readonly id: string;
  /** Whose it is: `province-43`, `operator`. */
  readonly principal: string;
  readonly secret: KeyObject;
}

/** What of a record is covered. */
export interface Tagged {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

export const TAG_KEY = 'tag-key';
export const TAG = 'tag';
/**
 * Set on a copy: the principal whose record it was; `unknown`: it was written before there were tags. Also on what the
 * national role says: `national`.
 */
export const TAG_FOR = 'tag-for';
/** Set on a copy: when the record was first appended, in epoch ms of the broker's clock. */
export const TAG_AT = 'tag-at';
/**
 * Set on a copy: `<key>/<ms>`, the key whose tag the record bore, and when it was first appended under it, in epoch ms
 * of the broker's clock. By this it is judged whether the key was revoked.
 */
export const TAG_BY = 'tag-by';
/** Which of its instance's records it is. */
export const CLAIM = 'claim';
/** Which schema the value was written with. */
export const SCHEMA_FINGERPRINT = 'schema-fingerprint';
const EVENT_ID = 'ce_id';

/** The headers by which a record bears the key's tag. */
export function tagHeaders(key: RecordKey, record: Tagged): Record<string, string | Buffer> {
  return { [TAG_KEY]: key.id, [TAG]: macOf(key, messageOf(record)) };
}

export function bearsTag({ headers }: Pick<Tagged, 'headers'>): boolean {
  return headers[TAG] !== undefined || headers[TAG_KEY] !== undefined;
}

export function tagHolds(key: RecordKey, record: Tagged): boolean {
  return isMac(record.headers[TAG], macOf(key, messageOf(record)));
}

export function macOf({ secret }: RecordKey, message: Buffer): Buffer {
  return createHmac('sha256', secret).update(message).digest();
}

export function isMac(given: Headers[string], right: Buffer): boolean {
  return Buffer.isBuffer(given) && given.length === right.length && timingSafeEqual(given, right);
}

/** A header's text; empty where it is missing or stands more than once. */
export function headerText(headers: Headers, name: string): string {
  const value = headers[name];
  return value === undefined || Array.isArray(value) ? '' : value.toString();
}

/** Epoch ms in a header; null where none is said. */
export function headerMs(headers: Headers, name: string): number | null {
  const text = headerText(headers, name);
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Of all that the tag covers, for a chain that anybody can follow. */
export function digestOf(record: Tagged): Buffer {
  return createHash('sha256').update(messageOf(record)).digest();
}

function messageOf({ topic, key, value, headers }: Tagged): Buffer {
  const schema = headerText(headers, SCHEMA_FINGERPRINT);
  const by = headerText(headers, TAG_BY);
  return framed(
    'record',
    topic,
    key,
    headerText(headers, EVENT_ID),
    value,
    headerText(headers, TAG_FOR),
    headerText(headers, TAG_AT),
    headerText(headers, CLAIM),
    // The tag of a record from before there was such a header stays as it was.
    ...(schema === '' && by === '' ? [] : [schema]),
    ...(by === '' ? [] : [by]),
  );
}

const NONE = 0xff_ff_ff_ff;

/** The parts one after the other, each behind its length: no two lists of parts come to the same bytes. */
export function framed(...parts: readonly (string | Buffer | null)[]): Buffer {
  let bytes = 0;
  for (const part of parts) bytes += 4 + (part === null ? 0 : Buffer.byteLength(part));
  const message = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const part of parts) {
    if (part === null) {
      at = message.writeUInt32BE(NONE, at);
      continue;
    }
    const length = typeof part === 'string' ? message.write(part, at + 4) : part.copy(message, at + 4);
    message.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return message;
}
