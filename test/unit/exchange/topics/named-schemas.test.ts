/** Records name the schema that they were written with, so that no registry is needed to know it. */

import { createHash } from 'node:crypto';
import avro from 'avsc';
import { expect, it } from 'vitest';
import { SCHEMA_FINGERPRINT } from '#exchange/keys/tags.ts';
import { decodeRecord } from '#exchange/topics/records.ts';
import type { SchemaSource } from '#exchange/topics/registry.ts';
import { CURRENT, fingerprintOf, RECORD_NAMES, schemaNamed, schemaVersions } from '#exchange/topics/schemas.ts';
import { personErased, testReported } from '#exercises/town/events.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { LOG } from '#test/support/first-edition.ts';
import { UNCHECKED } from '#test/support/keys.ts';
import { fetched, outgoing, SCHEMA_IDS } from '#test/unit/platform/kafka/support.ts';

const KEY = Buffer.from('0123456789abcdef');
const event = testReported();
const record = fetched(outgoing(KEY, event), 7, event.acceptedAtMs + 1_000);

const decode = (given: IncomingRecord, cached: SchemaSource['cached']) =>
  decodeRecord(given, { schemas: { cached }, log: LOG, partitions: 1, tags: UNCHECKED });

/** As a later version of this project might have it. */
const LATER = avro.Type.forSchema({
  ...JSON.parse(CURRENT.TestReported.text),
  fields: [...JSON.parse(CURRENT.TestReported.text).fields, { name: 'remark', type: 'string', default: '' }],
} as avro.Schema);
const later = {
  ...record,
  value: Buffer.concat([Buffer.of(0, 0, 0, 0, 95), LATER.toBuffer({ ...event, remark: 'x' })]),
  headers: { ...record.headers, [SCHEMA_FINGERPRINT]: Buffer.from(fingerprintOf(LATER)) },
};

it('a fingerprint is that of Avro’s parsing canonical form, as every other implementation computes it', () => {
  const schema = {
    type: 'record',
    namespace: 'n',
    name: 'R',
    doc: 'no part of the form',
    fields: [{ name: 'f', type: ['null', 'long'], default: null, doc: 'neither' }],
  } as unknown as avro.Schema;
  const form = '{"name":"n.R","type":"record","fields":[{"name":"f","type":["null","long"]}]}';
  expect(fingerprintOf(avro.Type.forSchema(schema))).toBe(createHash('sha256').update(form).digest('hex').slice(0, 16));
});

it('every version of every schema is known by a name of its own', () => {
  const versions = RECORD_NAMES.flatMap((name) => schemaVersions(name));
  const names = new Set(versions.map((text) => fingerprintOf(avro.Type.forSchema(JSON.parse(text)))));
  expect(names.size).toBe(versions.length);
  for (const name of names) expect(schemaNamed(name)).toBeDefined();
});

it('a registry that has lost its schemas, or numbers them anew, makes no record unreadable and none another', () => {
  const lost: SchemaSource['cached'] = () => undefined;
  const numberedAnew: SchemaSource['cached'] = () => ({ name: 'PersonErased', type: CURRENT.PersonErased.type });
  for (const cached of [lost, numberedAnew]) expect(decode(record, cached)).toMatchObject({ ok: true, event });
});

it('a schema of a later version comes from the registry, where it is the one that the record names', () => {
  expect(decode(later, () => undefined)).toEqual({ needsSchema: 95 });
  expect(decode(later, () => ({ name: 'TestReported', type: LATER }))).toMatchObject({ ok: true, event });
});

it('where the registry’s schema is another, the record is kept as unreadable, and not read as what it isn’t', () => {
  for (const name of ['TestReported', 'PersonErased'] as const)
    expect(decode(later, () => ({ name, type: CURRENT[name].type }))).toMatchObject({
      ok: false,
      reason: 'unknown_schema_id',
      detail: 'the registry’s schema 95 is not the one that it names',
    });
});

it('an event whose schema has several versions names the newest', () => {
  const { headers } = outgoing(KEY, personErased());
  expect(String(headers[SCHEMA_FINGERPRINT])).toBe(fingerprintOf(CURRENT.PersonErased.type));
  expect(SCHEMA_IDS.PersonErased).toBeGreaterThan(0);
});
