/**
 * The tag of what settles a dead letter, under the operator's key: over the record and over what it says it settles.
 * Without it anybody could end a mark that says that something is missing.
 */

import { OPERATOR } from '#exchange/identity/principals.ts';
import type { Headers } from '#platform/kafka/record.ts';
import type { KeyRing } from './ring.ts';
import { framed, headerMs, headerText, isMac, macOf, type RecordKey, type Tagged } from './tags.ts';

export const SETTLEMENT_KEY = 'letter-tag-key';
const TAG = 'letter-tag';
/** As exchange/topics/letters.ts writes them. */
const COVERED = ['settles', 'settles-through', 'settled-as', 'settled-by', 'settled-why'] as const;
/** Of a replay: when its record was first appended, in epoch ms of the broker's clock. */
const FIRST_AT = 'letter-first-appended-at';

/** Null: it isn't said. Whoever asks has checked the settlement's tag. */
export function firstAppendedAtMsOf(headers: Headers): number | null {
  return headerMs(headers, FIRST_AT);
}

export function settlementTagHeaders(key: RecordKey, record: Tagged): Record<string, string | Buffer> {
  return { [SETTLEMENT_KEY]: key.id, [TAG]: macOf(key, messageOf(record)) };
}

export function bearsSettlementTag({ headers }: { readonly headers: Headers }): boolean {
  return headers[TAG] !== undefined || headers[SETTLEMENT_KEY] !== undefined;
}

export function settlementTagHolds(ring: KeyRing, record: Tagged): boolean {
  const key = ring.of(headerText(record.headers, SETTLEMENT_KEY));
  return key?.principal === OPERATOR && isMac(record.headers[TAG], macOf(key, messageOf(record)));
}

function messageOf({ topic, key, value, headers }: Tagged): Buffer {
  const covered = COVERED.map((name) => headerText(headers, `letter-${name}`));
  const firstAt = headerText(headers, FIRST_AT);
  // The tag of a replay from before it said so stays as it was.
  return framed('settlement', topic, key, value, ...covered, ...(firstAt === '' ? [] : [firstAt]));
}
