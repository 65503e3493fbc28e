/**
 * The tag of what settles a dead letter, under the operator's key: over the record and over what it says it settles.
 * Without it anybody could end a mark that says that something is missing.
 */

import { OPERATOR } from '#exchange/identity/principals.ts';
import type { Headers } from '#platform/kafka/record.ts';
import type { KeyRing } from './ring.ts';
import { framed, headerText, isMac, macOf, type RecordKey, type Tagged } from './tags.ts';

const KEY = 'letter-tag-key';
const TAG = 'letter-tag';
/** As exchange/topics/letters.ts writes them. */
const COVERED = ['settles', 'settles-through', 'settled-as', 'settled-by', 'settled-why'] as const;

export function settlementTagHeaders(key: RecordKey, record: Tagged): Record<string, string | Buffer> {
  return { [KEY]: key.id, [TAG]: macOf(key, messageOf(record)) };
}

export function bearsSettlementTag({ headers }: { readonly headers: Headers }): boolean {
  return headers[TAG] !== undefined || headers[KEY] !== undefined;
}

export function settlementTagHolds(ring: KeyRing, record: Tagged): boolean {
  const key = ring.of(headerText(record.headers, KEY));
  return key?.principal === OPERATOR && isMac(record.headers[TAG], macOf(key, messageOf(record)));
}

function messageOf({ topic, key, value, headers }: Tagged): Buffer {
  const covered = COVERED.map((name) => headerText(headers, `letter-${name}`));
  return framed('settlement', topic, key, value, ...covered);
}
