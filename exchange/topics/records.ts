/**
 * Events to records and back: Confluent wire format (0, schema id, Avro), the person key as the record's key,
 * CloudEvents attributes and the trace context as headers. A record that can't become an event is answered with a
 * reason, never with an exception, so that nothing but the bytes decides what is a dead letter.
 */

import type { Resolver, Type } from 'avsc';
import { CLOCK_SKEW_MS_MAX, eventFaultOf } from '#core/events/event-rules.ts';
import type { EventType, PersonEvent } from '#core/events/events.ts';
import { PERSON_KEY_BYTES, type PersonKey } from '#core/field/identity.ts';
import { NATIONAL, type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import { provinceOfSource, type TagCheck, type Verdict } from '#exchange/keys/check.ts';
import { headerText, type RecordKey, SCHEMA_FINGERPRINT, TAG_FOR, tagHeaders } from '#exchange/keys/tags.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { IncomingRecord, OutgoingRecord } from '#platform/kafka/record.ts';
import { type Marked, type Settlement, settlementOf, type UnreadableReason } from './letters.ts';
import type { Log, SharedKind, SharedTopic } from './log.ts';
import type { SchemaIds, SchemaSource } from './registry.ts';
import { CURRENT, fingerprintOf, NAMES_SCHEMA, type RecordName, schemaNamed, type WriterSchema } from './schemas.ts';

export { UNREADABLE_REASONS, type UnreadableReason } from './letters.ts';

const KIND_OF: Readonly<Record<EventType, SharedKind>> = {
  TestReported: 'tests',
  SamplingRecorded: 'tests',
  VaccinationAdministered: 'vaccinations',
  CodeAssigned: 'codes',
  ExposureRecorded: 'codes',
  PersonErased: 'erasures',
};

/** Where events of a type lie. */
export function topicOf(log: Log, type: EventType): SharedTopic {
  return log.topicOf[KIND_OF[type]];
}

/** Whose word an event is: under whose key its record is tagged. */
export function tellerOf(event: PersonEvent): Principal {
  return takesAll(event) ? NATIONAL : provincePrincipal(event.province);
}

/** Nobody but the national role takes what others published. */
function takesAll(event: PersonEvent): boolean {
  return event.type === 'PersonErased' && event.takes === 'all';
}

const MAGIC_BYTE = 0;
/** Of the wire format: what stands before the Avro. */
export const PREFIX_BYTES = 5;
/** Larger records are refused at the door; one that lies in the log nevertheless is unreadable. */
export const RECORD_BYTES_MAX = 65_536;

/** The id of the schema that a value says it was written with; null when it isn't in wire format. */
export function schemaIdOf(value: Buffer): number | null {
  return value.length < PREFIX_BYTES || value[0] !== MAGIC_BYTE ? null : value.readInt32BE(1);
}

export function encodeValue(name: RecordName, schemaId: number, value: unknown): Buffer {
  const body = CURRENT[name].type.toBuffer(value);
  const wire = Buffer.allocUnsafe(PREFIX_BYTES + body.length);
  wire.writeUInt8(MAGIC_BYTE, 0);
  wire.writeInt32BE(schemaId, 1);
  body.copy(wire, PREFIX_BYTES);
  return wire;
}

export interface EncodeOptions {
  readonly log: Log;
  readonly schemaIds: SchemaIds;
  readonly partitions: number;
  readonly keyVersion: number;
  /** W3C trace context of the request that brought the event. */
  readonly traceparent?: string | undefined;
}

// As bytes, which the client would otherwise make of them anew for every record.
const constantHeaders = (type: EventType): Readonly<Record<string, Buffer>> => ({
  'content-type': Buffer.from('application/avro'),
  ce_specversion: Buffer.from('1.0'),
  ce_type: Buffer.from(`cn.hutong.events.${type}`),
  ...NAMES_SCHEMA[type],
});
const CONSTANT_HEADERS = Object.fromEntries(
  (Object.keys(KIND_OF) as EventType[]).map((type) => [type, constantHeaders(type)]),
) as Readonly<Record<EventType, Readonly<Record<string, Buffer>>>>;

/** The event as a record, which bears no tag yet. */
export function encodeEvent(
  key: PersonKey,
  event: PersonEvent,
  { log, schemaIds, partitions, keyVersion, traceparent }: EncodeOptions,
): OutgoingRecord {
  return {
    topic: topicOf(log, event.type),
    partition: partitionOf(key, partitions),
    key,
    value: encodeValue(event.type, schemaIds[event.type], event),
    headers: {
      ...CONSTANT_HEADERS[event.type],
      ce_id: event.eventId,
      ce_source: `/provinces/${event.province}/producers/${event.producerInstance}`,
      ce_personkeyversion: String(keyVersion),
      ...(takesAll(event) ? { [TAG_FOR]: NATIONAL } : {}),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** The record with its tag. */
export function tagged(recordKey: RecordKey, record: OutgoingRecord): OutgoingRecord {
  return { ...record, headers: { ...record.headers, ...tagHeaders(recordKey, record) } };
}

export interface Unreadable {
  readonly ok: false;
  readonly reason: UnreadableReason;
  readonly detail: string;
  /** Null where it can't be known whose it is, or the record lies where that person's view isn't. */
  readonly key: PersonKey | null;
  /** Whom it marks without a key. */
  readonly marked: Marked;
  readonly settles: Settlement | null;
}

/** `settles`: the letter that the record replays or discards; a discard is no event. */
export type Decoded =
  | { readonly ok: true; readonly key: PersonKey; readonly event: PersonEvent; readonly settles: Settlement | null }
  | { readonly ok: true; readonly key: PersonKey; readonly settles: Settlement }
  | Unreadable;

/** What it takes to read the records of a log. */
export interface Reading {
  readonly log: Log;
  readonly partitions: number;
  readonly schemas: SchemaSource;
  readonly tags: TagCheck;
}

/**
 * Decodes, once the writer's schema is there.
 * @param verdict of its tag, from whoever has asked for it already
 * @throws what fetching it throws
 */
export async function decodeFetching(
  record: IncomingRecord,
  reading: Reading,
  verdict: Verdict = reading.tags.verdictOf(record),
): Promise<Decoded> {
  let decoded = decodeTagged(record, verdict, reading);
  while ('needsSchema' in decoded) {
    const fetched = await reading.schemas.fetch(decoded.needsSchema);
    decoded = decodeTagged(record, verdict, { ...reading, schemas: { cached: () => fetched } });
  }
  return decoded;
}

/** Decodes with the schemas at hand; `needs_schema` when the writer's has to be fetched first. */
export function decodeRecord(record: IncomingRecord, reading: AtHand): Decoded | { readonly needsSchema: number } {
  return decodeTagged(record, reading.tags.verdictOf(record), reading);
}

type AtHand = Omit<Reading, 'schemas'> & { readonly schemas: Pick<SchemaSource, 'cached'> };

function decodeTagged(
  record: IncomingRecord,
  verdict: Verdict,
  { schemas, log, partitions }: Omit<AtHand, 'tags'>,
): Decoded | { readonly needsSchema: number } {
  // Before anything else: what nobody vouches for takes no effect, not even that of being unreadable.
  if (!verdict.holds) return badTag(verdict.detail, verdict.settles ? settlementOf(record.headers) : null);
  const key = record.key !== null && record.key.length === PERSON_KEY_BYTES ? record.key : null;
  const settles = settlementOf(record.headers);
  const unreadable = (reason: UnreadableReason, detail: string): Unreadable => ({
    ok: false,
    reason,
    detail,
    key: reason === 'wrong_partition' ? null : key,
    marked: verdict.province ?? provinceOfSource(record.headers),
    settles,
  });
  if (key === null)
    return unreadable('no_person_key', `the key has ${record.key?.length ?? 0} bytes, not ${PERSON_KEY_BYTES}`);
  if (partitionOf(key, partitions) !== record.partition)
    return unreadable('wrong_partition', 'the key belongs to another partition');
  const { value } = record;
  if (value === null && settles?.as === 'discarded') return { ok: true, key, settles };
  if (value === null) return unreadable('tombstone', 'an event can only be retracted by an event');
  if (value.length > RECORD_BYTES_MAX)
    return unreadable('too_large', `${value.length} bytes, more than ${RECORD_BYTES_MAX}`);
  const schemaId = schemaIdOf(value);
  if (schemaId === null) return unreadable('not_wire_format', 'does not start with 0 and a schema id');
  const named = headerText(record.headers, SCHEMA_FINGERPRINT);
  // What the record itself names holds, also where a registry has lost its schemas or numbers them anew.
  const known = schemaNamed(named);
  const writer = known ?? schemas.cached(schemaId);
  if (writer === undefined) return { needsSchema: schemaId };
  if (writer === null) return unreadable('unknown_schema_id', `the registry knows no schema ${schemaId}`);
  if (known === undefined && named !== '' && fingerprintOf(writer.type) !== named)
    return unreadable('unknown_schema_id', `the registry’s schema ${schemaId} is not the one that it names`);
  const decoded = decodeBody(writer, value);
  if ('reason' in decoded) return unreadable(decoded.reason, decoded.detail);
  if (topicOf(log, decoded.event.type) !== record.topic)
    return unreadable('not_an_event', `${decoded.event.type} does not belong into ${record.topic}`);
  const fault = tellerFaultOf(decoded.event, verdict);
  if (fault !== null) return badTag(fault, settles);
  const broken = eventFaultOf(decoded.event, verdict.firstAppendedAtMs ?? record.appendedAtMs, CLOCK_SKEW_MS_MAX);
  return broken === null
    ? { ok: true, key, event: decoded.event, settles }
    : unreadable('breaks_a_rule', `${broken.code} at ${broken.field}`);
}

/** Null: it is the word of who has tagged it, or of before there were tags. */
function tellerFaultOf(
  event: PersonEvent,
  { province, isNational }: Verdict & { readonly holds: true },
): string | null {
  if (isNational) return takesAll(event) ? null : 'the national role tags erasures of all, and nothing else';
  if (province === null) return null;
  if (province !== event.province) return `${province} has tagged an event of ${event.province}`;
  return takesAll(event) ? `${province} has tagged an erasure of what all published` : null;
}

/** By itself it marks nobody: whether somebody claims the record is found out by whoever folds it. */
function badTag(detail: string, settles: Settlement | null): Unreadable {
  return { ok: false, reason: 'bad_tag', detail, key: null, marked: 'nobody', settles };
}

const resolvers = new Map<Type, Resolver | null>();

function decodeBody(
  writer: WriterSchema,
  value: Buffer,
): { event: PersonEvent } | { reason: UnreadableReason; detail: string } {
  if (!Object.hasOwn(KIND_OF, writer.name))
    return { reason: 'not_an_event', detail: 'its schema is not that of an event' };
  const type = writer.name as EventType;
  const reader = CURRENT[type].type;
  if (!resolvers.has(writer.type)) {
    try {
      resolvers.set(writer.type, writer.type === reader ? null : reader.createResolver(writer.type));
    } catch {
      return { reason: 'schema_not_resolvable', detail: `the reader can’t resolve this version of ${type}` };
    }
  }
  const resolver = resolvers.get(writer.type) ?? undefined;
  try {
    // Decoding up to the end: bytes left over mean that it was written with another schema.
    const event = reader.fromBuffer(value.subarray(PREFIX_BYTES), resolver, false) as PersonEvent;
    return { event: Object.assign(event, { type }) };
  } catch {
    return { reason: 'truncated_or_garbled', detail: `does not decode as ${type}` };
  }
}

/** A value that the exchange itself wrote (watermarks, registrations). @throws when it can't be decoded */
export async function decodeOwnValue(value: Buffer | null, schemas: SchemaSource): Promise<unknown> {
  return (await decodeOwn(value, schemas)).value;
}

/** The same with the name of its schema. @throws when it can't be decoded */
export async function decodeOwn(
  value: Buffer | null,
  schemas: SchemaSource,
): Promise<{ readonly name: RecordName; readonly value: unknown }> {
  if (value === null || value.length < PREFIX_BYTES || value[0] !== MAGIC_BYTE) throw new Error('not in wire format');
  const writer = await schemas.fetch(value.readInt32BE(1));
  if (writer === null || !Object.hasOwn(CURRENT, writer.name)) throw new Error('unknown schema');
  const name = writer.name as RecordName;
  const { type } = CURRENT[name];
  const resolver = writer.type === type ? undefined : type.createResolver(writer.type);
  return { name, value: type.fromBuffer(value.subarray(PREFIX_BYTES), resolver) };
}
