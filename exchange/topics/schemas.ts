/**
 * The Avro schemas of what lies on the topics. Every version that ever existed stays under `schemas/`; the newest one
 * is what this version of the project writes and reads by.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro, { type Type } from 'avsc';
import { SCHEMA_FINGERPRINT } from '#exchange/keys/tags.ts';
import { SCHEMAS } from '#platform/folders.ts';

export const RECORD_NAMES = [
  'TestReported',
  'SamplingRecorded',
  'VaccinationAdministered',
  'CodeAssigned',
  'ExposureRecorded',
  'PersonErased',
  'Watermark',
  'ProducerRegistered',
  'ProducerRetired',
] as const;
export type RecordName = (typeof RECORD_NAMES)[number];

const FOLDERS: Readonly<Record<RecordName, string>> = {
  TestReported: 'events/test-reported',
  SamplingRecorded: 'events/sampling-recorded',
  VaccinationAdministered: 'events/vaccination-administered',
  CodeAssigned: 'events/code-assigned',
  ExposureRecorded: 'events/exposure-recorded',
  PersonErased: 'events/person-erased',
  Watermark: 'exchange/watermark',
  ProducerRegistered: 'exchange/producer-registered',
  ProducerRetired: 'exchange/producer-retired',
};

/** The schema texts of a record, oldest first. */
export function schemaVersions(name: RecordName): readonly string[] {
  return readVersions(FOLDERS[name]);
}

/** The texts of `v1.avsc`, `v2.avsc`, … in a folder of `schemas/`. */
export function readVersions(folder: string): readonly string[] {
  const directory = join(SCHEMAS, folder);
  const count = readdirSync(directory).filter((file) => /^v\d+\.avsc$/.test(file)).length;
  return Array.from({ length: count }, (_, index) => readFileSync(join(directory, `v${index + 1}.avsc`), 'utf8'));
}

export interface WriterSchema {
  readonly name: string;
  readonly type: Type;
}

const FINGERPRINT_BYTES = 8;

/**
 * The first eight bytes, in hex, of the SHA-256 of the schema's parsing canonical form (Avro specification, "Schema
 * Fingerprints"): two schemas with the same one read the same bytes alike.
 */
export function fingerprintOf(type: Type): string {
  const known = FINGERPRINTS.get(type);
  if (known !== undefined) return known;
  const fingerprint = type.fingerprint('sha256').toString('hex', 0, FINGERPRINT_BYTES);
  FINGERPRINTS.set(type, fingerprint);
  return fingerprint;
}

const FINGERPRINTS = new WeakMap<Type, string>();

/** The subject is the record's full name, so that one topic can carry several kinds. */
export function subjectOf(schemaText: string): string {
  const { namespace, name } = JSON.parse(schemaText) as { namespace: string; name: string };
  return `${namespace}.${name}`;
}

/** A version of a schema that this project has. */
export interface KnownSchema extends WriterSchema {
  readonly name: RecordName;
  /** From 1 on. */
  readonly version: number;
  readonly text: string;
}

/** Every version of every schema, those of a record from the oldest on. */
export const KNOWN_SCHEMAS: readonly KnownSchema[] = RECORD_NAMES.flatMap((name) =>
  schemaVersions(name).map((text, index) => ({
    name,
    version: index + 1,
    text,
    type: avro.Type.forSchema(JSON.parse(text)),
  })),
);

/** The newest version, by record. */
export const CURRENT = Object.fromEntries(KNOWN_SCHEMAS.map((schema) => [schema.name, schema])) as Readonly<
  Record<RecordName, KnownSchema>
>;

const BY_FINGERPRINT = new Map(KNOWN_SCHEMAS.map((schema) => [fingerprintOf(schema.type), schema]));

/** Undefined: no version here has this fingerprint. */
export function schemaNamed(fingerprint: string): KnownSchema | undefined {
  return BY_FINGERPRINT.get(fingerprint);
}

/** By the name of a record, the header that names its newest schema. */
export const NAMES_SCHEMA: Readonly<Record<RecordName, Readonly<Record<string, Buffer>>>> = Object.fromEntries(
  RECORD_NAMES.map((name) => [name, { [SCHEMA_FINGERPRINT]: Buffer.from(fingerprintOf(CURRENT[name].type)) }]),
) as unknown as Record<RecordName, Record<string, Buffer>>;
