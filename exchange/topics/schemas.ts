/**
 * The Avro schemas of what lies on the topics. Every version that ever existed stays under `schemas/`; the newest one
 * is what this version of the project writes and reads by.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro, { type Type } from 'avsc';
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

/** The subject is the record's full name, so that one topic can carry several kinds. */
export function subjectOf(schemaText: string): string {
  const { namespace, name } = JSON.parse(schemaText) as { namespace: string; name: string };
  return `${namespace}.${name}`;
}

/** The newest version's text and type, by record. */
export const CURRENT: Readonly<Record<RecordName, { readonly text: string; readonly type: Type }>> = Object.fromEntries(
  RECORD_NAMES.map((name) => {
    const text = schemaVersions(name).at(-1) as string;
    return [name, { text, type: avro.Type.forSchema(JSON.parse(text)) }];
  }),
) as Record<RecordName, { text: string; type: Type }>;
