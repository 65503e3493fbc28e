/** Events to records and back, each reason for which a record is unreadable, and records of other schema versions. */

import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { HOUR_MS } from '#core/field/time.ts';
import {
  decodeOwnValue,
  decodeRecord,
  encodeEvent,
  encodeValue,
  RECORD_BYTES_MAX,
  UNREADABLE_REASONS,
  type UnreadableReason,
} from '#exchange/topics/records.ts';
import { CURRENT, fingerprintOf, schemaVersions } from '#exchange/topics/schemas.ts';
import {
  codeAssigned,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { LOG } from '#test/support/first-edition.ts';
import { UNCHECKED } from '#test/support/keys.ts';
import { fetched, outgoing, SCHEMA_IDS, schemaSource, unnamed } from '#test/unit/platform/kafka/support.ts';

const KEY = Buffer.from('0123456789abcdef');
const APPENDED_MS = testReported().acceptedAtMs + 1_000;
const EVENTS: readonly PersonEvent[] = [
  testReported(),
  samplingRecorded(),
  vaccinationAdministered(),
  codeAssigned(),
  codeAssigned({
    state: 'green',
    reason: null,
    authority: null,
    legalBasis: null,
    expiresAtMs: null,
    appealContact: null,
  }),
  exposureRecorded(),
  exposureRecorded({ toMs: null }),
];
const recordOf = (event: PersonEvent, changed: Partial<IncomingRecord> = {}): IncomingRecord => ({
  ...fetched(outgoing(KEY, event), 7, APPENDED_MS),
  ...changed,
});
const valueOf = (record: IncomingRecord): Buffer => record.value as Buffer;
const decode = (record: IncomingRecord, schemas = schemaSource()) =>
  decodeRecord(record, { schemas, log: LOG, partitions: 1, tags: UNCHECKED });

describe('an event', () => {
  it.each(EVENTS)('of type $type comes back as it was', (event) => {
    expect(decode(recordOf(event))).toEqual({ ok: true, key: KEY, settles: null, event });
  });
  it('comes back as it was whatever its open fields hold', () => {
    const text = fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme' }).filter((value) => value.length <= 64);
    const given = fc.record({
      laboratory: text,
      sampleId: text,
      tubeId: fc.option(text),
      method: text,
      specimen: fc.option(text),
      poolSize: fc.option(fc.integer({ min: 1, max: 50 })),
    });
    fc.assert(
      fc.property(given, (fields) => {
        expect(decode(recordOf(testReported(fields)))).toEqual({
          ok: true,
          key: KEY,
          settles: null,
          event: testReported(fields),
        });
      }),
    );
  });
  it('lies in the partition of its person, in the topic of its type', () => {
    const places = EVENTS.map((event) =>
      encodeEvent(KEY, event, {
        log: LOG,
        schemaIds: SCHEMA_IDS,
        partitions: 8,
        keyVersion: 1,
      }),
    );
    expect(places.map(({ topic, partition, key }) => ({ topic, partition, key }))).toEqual(
      ['tests', 'tests', 'vaccinations', 'codes', 'codes', 'codes', 'codes'].map((topic) => ({
        topic,
        partition: partitionOf(KEY, 8),
        key: KEY,
      })),
    );
  });
  it('carries CloudEvents attributes, the key version and the trace context as headers', () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const event = testReported();
    const { headers, value } = encodeEvent(KEY, event, {
      log: LOG,
      schemaIds: SCHEMA_IDS,
      partitions: 8,
      keyVersion: 2,
      traceparent,
    });
    expect(Object.fromEntries(Object.entries(headers).map(([name, content]) => [name, content.toString()]))).toEqual({
      'content-type': 'application/avro',
      ce_specversion: '1.0',
      ce_id: event.eventId,
      ce_type: 'cn.hutong.events.TestReported',
      ce_source: '/provinces/43/producers/43-a',
      ce_personkeyversion: '2',
      'schema-fingerprint': fingerprintOf(CURRENT.TestReported.type),
      traceparent,
    });
    expect(value?.subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 0, SCHEMA_IDS.TestReported]));
    expect(outgoing(KEY, event).headers).not.toHaveProperty('traceparent');
  });
});

/** From before records named their schema: a test that gives it another value needs no other name. */
const good = unnamed(recordOf(testReported()));
const withId = (id: number, value = valueOf(good)) => Buffer.concat([Buffer.of(0, 0, 0, 0, id), value.subarray(5)]);
const OTHER = avro.Type.forSchema({ type: 'record', name: 'Weather', fields: [{ name: 'rain', type: 'boolean' }] });
const UNRESOLVABLE = avro.Type.forSchema({
  type: 'record',
  name: 'TestReported',
  fields: [{ name: 'eventId', type: 'int' }],
});
const SCHEMAS = schemaSource({
  90: { name: 'Weather', type: OTHER },
  91: { name: 'TestReported', type: UNRESOLVABLE },
  92: { name: 'constructor', type: OTHER },
});
const unreadable: Readonly<Record<Exclude<UnreadableReason, 'bad_tag'>, readonly Partial<IncomingRecord>[]>> = {
  no_person_key: [{ key: null }, { key: Buffer.alloc(0) }, { key: Buffer.alloc(15) }, { key: Buffer.alloc(17) }],
  wrong_partition: [{ partition: 1 }],
  tombstone: [{ value: null }],
  too_large: [{ value: Buffer.alloc(RECORD_BYTES_MAX + 1) }],
  not_wire_format: [
    { value: Buffer.alloc(0) },
    { value: Buffer.alloc(4) },
    { value: Buffer.from('{"result":"negative"}') },
  ],
  unknown_schema_id: [{ value: withId(77) }],
  not_an_event: [
    { value: withId(90) },
    { value: withId(92) },
    { value: encodeValue('ProducerRegistered', SCHEMA_IDS.ProducerRegistered, { province: '43', instance: '43-a' }) },
    { topic: 'vaccinations' },
    { topic: 'codes' },
    { value: outgoing(KEY, codeAssigned()).value },
  ],
  schema_not_resolvable: [{ value: withId(91) }],
  truncated_or_garbled: [
    { value: valueOf(good).subarray(0, -1) },
    { value: Buffer.concat([valueOf(good), Buffer.of(0)]) },
    { value: withId(SCHEMA_IDS.TestReported, Buffer.alloc(60, 0xff)) },
  ],
  breaks_a_rule: [
    { value: outgoing(KEY, testReported({ reportIssuedAtMs: (testReported().sampledAtMs as number) - 1 })).value },
    { value: outgoing(KEY, testReported({ result: 'perhaps' as 'negative' })).value },
    { value: outgoing(KEY, testReported({ province: '99' as '43' })).value },
    { topic: 'codes', value: outgoing(KEY, codeAssigned({ legalBasis: null })).value },
    { topic: 'codes', value: outgoing(KEY, exposureRecorded({ toMs: exposureRecorded().fromMs - 1 })).value },
    { appendedAtMs: testReported().acceptedAtMs - HOUR_MS - 1 },
  ],
};

describe('an unreadable record', () => {
  it.each(
    UNREADABLE_REASONS.filter((reason) => reason !== 'bad_tag').flatMap((reason) =>
      unreadable[reason].map((changed, index) => [reason, index, changed] as const),
    ),
  )('is called %s (%i)', (reason, _index, changed) => {
    const decoded = decode({ ...good, ...changed }, SCHEMAS);
    expect(decoded).toMatchObject({ ok: false, reason, marked: '43' });
    expect((decoded as { key: Buffer | null }).key).toEqual(
      reason === 'no_person_key' || reason === 'wrong_partition' ? null : KEY,
    );
  });
  it('isn’t one for a reason, a state or a level that this reader has never heard of: the lists grow', () => {
    for (const event of [
      codeAssigned({ reason: 'added_later', state: 'purple' }),
      exposureRecorded({ level: 'very_high' }),
    ])
      expect(decode(recordOf(event))).toMatchObject({ ok: true, event });
  });
  it('never becomes an exception, whatever its bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((body) => Buffer.from(body));
    const value = fc.oneof(
      bytes,
      bytes.map((body) => Buffer.concat([Buffer.of(0, 0, 0, 0, 1), body])),
    );
    fc.assert(
      fc.property(value, fc.option(bytes), (garbled, key) => {
        expect(decode({ ...good, key: key ?? KEY, value: garbled })).toHaveProperty('ok');
      }),
    );
  });
  it('tells no province where its headers name none that exists', () => {
    for (const source of [
      undefined,
      '/provinces/99/producers/x',
      'elsewhere',
      ['/provinces/43/producers/a', '/provinces/11/producers/a'],
    ]) {
      expect(decode({ ...good, value: null, headers: { ce_source: source } })).toMatchObject({ marked: null });
    }
    expect(
      decode({ ...good, value: null, headers: { ce_source: Buffer.from('/provinces/66/producers/66-a') } }),
    ).toMatchObject({ marked: '66' });
  });
});

describe('a schema that isn’t at hand', () => {
  it('is asked for by its id, and nothing is said of the record until then', () => {
    expect(
      decodeRecord(good, { schemas: { cached: () => undefined }, log: LOG, partitions: 1, tags: UNCHECKED }),
    ).toEqual({ needsSchema: SCHEMA_IDS.TestReported });
  });
});

describe('an event written with another version of its schema', () => {
  const schema = JSON.parse(schemaVersions('TestReported').at(-1) as string) as { fields: { name: string }[] };
  const written = (fields: object[], value: object) => {
    const type = avro.Type.forSchema({ ...schema, fields } as unknown as avro.Schema);
    return decode(
      { ...good, value: Buffer.concat([Buffer.of(0, 0, 0, 0, 95), type.toBuffer(value)]) },
      schemaSource({ 95: { name: 'TestReported', type } }),
    );
  };
  it('is read by a reader that doesn’t know the new field yet', () => {
    const newer = [...schema.fields, { name: 'ctValue', type: ['null', 'double'], default: null }];
    expect(written(newer, { ...testReported(), ctValue: 31.5 })).toEqual({
      ok: true,
      key: KEY,
      settles: null,
      event: testReported(),
    });
  });
  it('is read, with the default, where the writer didn’t know a field yet', () => {
    const { poolSize: _poolSize, ...older } = testReported();
    expect(
      written(
        schema.fields.filter(({ name }) => name !== 'poolSize'),
        older,
      ),
    ).toEqual({ ok: true, key: KEY, settles: null, event: testReported({ poolSize: null }) });
  });
});

describe('the exchange’s own records', () => {
  it('come back, and what isn’t one is an error', async () => {
    const registered = { province: '43', instance: '43-a', epoch: 2, process: 'p' };
    await expect(
      decodeOwnValue(encodeValue('ProducerRegistered', SCHEMA_IDS.ProducerRegistered, registered), SCHEMAS),
    ).resolves.toEqual(registered);
    for (const value of [null, Buffer.alloc(3), Buffer.from('{"province":"43"}'), withId(77), withId(90), withId(92)])
      await expect(decodeOwnValue(value, SCHEMAS)).rejects.toThrow(/not in wire format|unknown schema/);
  });
});
