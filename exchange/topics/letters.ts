/**
 * What dead letters and their settlements look like on Kafka: headers to data and back. A letter lies in `dead-letters`
 * with the bytes of the record that could not be read. It is settled by a record that names its place: a replay carries
 * the original bytes, a discard none. Nothing here reads or writes a topic.
 */

import type { PersonKey } from '#core/field/identity.ts';
import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { headerMs, headerText } from '#exchange/keys/tags.ts';
import type { Headers } from '#platform/kafka/record.ts';

/** Why a record is a dead letter. */
export const UNREADABLE_REASONS = [
  'no_person_key',
  'wrong_partition',
  'tombstone',
  'too_large',
  'not_wire_format',
  'unknown_schema_id',
  'not_an_event',
  'schema_not_resolvable',
  'truncated_or_garbled',
  'breaks_a_rule',
  'bad_tag',
] as const;
export type UnreadableReason = (typeof UNREADABLE_REASONS)[number];

/** Where a record lies. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export const SETTLED_AS = ['replayed', 'discarded'] as const;

export interface Settlement {
  /** The unreadable record itself, not its letter. */
  readonly place: RecordPlace;
  /** Up to this offset every unreadable record with the same key, topic and partition is settled; null: not known. */
  readonly through: number | null;
  readonly as: (typeof SETTLED_AS)[number];
  readonly by: string;
  readonly why: string;
}

/** A settlement as it is noted in `dead-letters`, once it is taken. */
export interface SettlementNote {
  readonly settlement: Settlement;
  /** The record in a shared topic that settles it; null: this note alone does, for a letter that marks no person. */
  readonly at: RecordPlace | null;
}

/** Whom a letter without a person marks: a province; null: all of them. */
export type Marked = ProvinceCode | 'nobody' | null;

/** Under whom a letter is counted. */
export function countedUnder(marked: Marked): ProvinceCode | 'unknown' {
  return marked === null || marked === 'nobody' ? 'unknown' : marked;
}

export interface LetterHead {
  readonly place: RecordPlace;
  readonly reason: UnreadableReason | 'unknown';
  readonly detail: string;
  /** The province that it marks, null when that isn't known; undefined when it marks a person. */
  readonly marks: Marked | undefined;
  /** When the record was first appended; null: a letter of an earlier version doesn't say it. */
  readonly firstAppendedAtMs: number | null;
  /** The record that this one was to replace, and was as unreadable. */
  readonly replays: RecordPlace | null;
}

export function placeText({ topic, partition, offset }: RecordPlace): string {
  return `${topic}/${partition}/${offset}`;
}

/** Null for a text that is no place. */
export function parsePlace(text: string): RecordPlace | null {
  const [, topic = '', partition, offset] = /^([A-Za-z0-9._-]+)\/(\d{1,9})\/(\d{1,15})$/.exec(text) ?? [];
  return topic === '' ? null : { topic, partition: Number(partition), offset: Number(offset) };
}

const LETTER = 'dead-letter-';
const SETTLEMENT = 'letter-';
const CLAIM_FOUND = 'claim-found';

export function letterHeaders(
  record: RecordPlace & { readonly headers: Headers; readonly appendedAtMs: number },
  reason: UnreadableReason,
  detail: string,
  key: PersonKey | null,
  marked: Marked,
): Record<string, string | Buffer> {
  return {
    ...plain(record.headers),
    [`${LETTER}topic`]: record.topic,
    [`${LETTER}partition`]: String(record.partition),
    [`${LETTER}offset`]: String(record.offset),
    [`${LETTER}appended-at`]: String(record.appendedAtMs),
    [`${LETTER}reason`]: reason,
    [`${LETTER}detail`]: detail,
    [`${LETTER}marks`]: key !== null ? 'person' : marked === 'nobody' ? marked : `province:${marked ?? 'unknown'}`,
  };
}

/** That records of a process whose tags fail are claimed. Their letters marked nobody, and mark its province now. */
export interface ClaimFound {
  readonly instance: string;
  readonly epoch: number;
  readonly topic: string;
  readonly partition: number;
  /** Of the process' records; another's that says it is one of them marks too. */
  readonly from: number;
  readonly through: number;
}

export function claimFoundHeaders(found: ClaimFound): Record<string, string> {
  const { topic, partition, instance, epoch, from, through } = found;
  return { [CLAIM_FOUND]: [topic, partition, instance, epoch, from, through].join('/') };
}

/** Null for what is none, such as a letter. */
export function claimFoundOf(headers: Headers): ClaimFound | null {
  const text = headerText(headers, CLAIM_FOUND);
  const [, topic, partition, instance, ...numbers] =
    /^([A-Za-z0-9._-]+)\/(\d{1,9})\/(\d{2}-[a-z0-9]{1,32})\/(\d{1,15})\/(\d{1,15})\/(\d{1,15})$/.exec(text) ?? [];
  const [epoch = 0, from = 0, through = 0] = numbers.map(Number);
  return topic === undefined || instance === undefined
    ? null
    : { topic, partition: Number(partition), instance, epoch, from, through };
}

/** Null for what is no letter, such as the note of a settlement. */
export function letterOf(headers: Headers): LetterHead | null {
  const place = parsePlace(
    ['topic', 'partition', 'offset'].map((name) => headerText(headers, `${LETTER}${name}`)).join('/'),
  );
  if (place === null) return null;
  const reason = UNREADABLE_REASONS.find((known) => known === headerText(headers, `${LETTER}reason`)) ?? 'unknown';
  return {
    place,
    reason,
    detail: headerText(headers, `${LETTER}detail`),
    marks: marksOf(headerText(headers, `${LETTER}marks`)),
    // Of a replay that is unreadable again its own settlement says it.
    firstAppendedAtMs: headerMs(headers, `${SETTLEMENT}first-appended-at`) ?? headerMs(headers, `${LETTER}appended-at`),
    replays: settlementOf(headers)?.place ?? null,
  };
}

function marksOf(mark: string): LetterHead['marks'] {
  if (mark === 'nobody') return mark;
  if (mark === 'person' || mark === '') return undefined;
  const code = mark.slice('province:'.length);
  return isProvinceCode(code) ? code : null;
}

/** Of a replay: by this it is judged whether its key was revoked. */
export function firstAppendedHeaders(atMs: number): Record<string, string> {
  return { [`${SETTLEMENT}first-appended-at`]: String(atMs) };
}

export function settlementHeaders({ place, through, as, by, why }: Settlement): Record<string, string> {
  return {
    [`${SETTLEMENT}settles`]: placeText(place),
    ...(through === null ? {} : { [`${SETTLEMENT}settles-through`]: String(through) }),
    [`${SETTLEMENT}settled-as`]: as,
    [`${SETTLEMENT}settled-by`]: by,
    [`${SETTLEMENT}settled-why`]: why,
  };
}

/** Null where the headers name no settlement, or one that can't be understood. */
export function settlementOf(headers: Headers): Settlement | null {
  if (headers[`${SETTLEMENT}settles`] === undefined) return null; // nearly always: this is asked of every record
  const place = parsePlace(headerText(headers, `${SETTLEMENT}settles`));
  const as = SETTLED_AS.find((known) => known === headerText(headers, `${SETTLEMENT}settled-as`));
  if (place === null || as === undefined) return null;
  const through = headerText(headers, `${SETTLEMENT}settles-through`);
  return {
    place,
    through: /^\d{1,15}$/.test(through) ? Number(through) : null,
    as,
    by: headerText(headers, `${SETTLEMENT}settled-by`),
    why: headerText(headers, `${SETTLEMENT}settled-why`),
  };
}

export function noteHeaders({ settlement, at }: SettlementNote): Record<string, string> {
  return { ...settlementHeaders(settlement), ...(at === null ? {} : { [`${SETTLEMENT}settled-at`]: placeText(at) }) };
}

/** Null for a letter, and for what is no note. */
export function noteOf(headers: Headers): SettlementNote | null {
  const settlement = letterOf(headers) === null ? settlementOf(headers) : null;
  return settlement === null ? null : { settlement, at: parsePlace(headerText(headers, `${SETTLEMENT}settled-at`)) };
}

/** The headers that the record had before it became a letter, without those of an earlier replay. */
export function originalHeaders(headers: Headers): Record<string, string | Buffer> {
  return Object.fromEntries(
    Object.entries(plain(headers)).filter(([name]) => !name.startsWith(LETTER) && !name.startsWith(SETTLEMENT)),
  );
}

/** A header that stands more than once can't be written back as it was; the exchange's own stand once. */
function plain(headers: Headers): Record<string, string | Buffer> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || Array.isArray(value) ? [] : [[name, value] as const],
    ),
  );
}
