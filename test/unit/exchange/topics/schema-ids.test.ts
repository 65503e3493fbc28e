/** Which schema each id in the log means, by its records, and what an empty registry is given back. */

import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { archiveOf } from '#exchange/topics/registry-archive.ts';
import { meaningOf, standingOf, withUnused, WrittenIds } from '#exchange/topics/schema-ids.ts';
import { CURRENT, fingerprintOf, KNOWN_SCHEMAS, type KnownSchema, schemaVersions } from '#exchange/topics/schemas.ts';

const schemaOf = (name: string, version = 1): KnownSchema =>
  KNOWN_SCHEMAS.filter((schema) => schema.name === name)[version - 1] as KnownSchema;
const TEST = schemaOf('TestReported');
const ERASED = schemaOf('PersonErased', 2);
const record = (id: number, schema?: KnownSchema | string) => ({
  value: Buffer.of(0, 0, 0, 0, id, 1),
  headers:
    schema === undefined
      ? {}
      : { 'schema-fingerprint': typeof schema === 'string' ? schema : fingerprintOf(schema.type) },
});
const idsOf = (...records: readonly ReturnType<typeof record>[]) => {
  const ids = new WrittenIds();
  for (const one of records) ids.add(one);
  return ids.all();
};

describe('an id', () => {
  it('means what its records name, also where older ones name nothing', () => {
    const [found] = idsOf(record(5), record(5, TEST));
    expect(meaningOf(found as NonNullable<typeof found>)).toEqual({ schema: TEST, others: 0 });
  });
  it('means what most name: a few can’t make it another', () => {
    const [found] = idsOf(record(5, ERASED), record(5, TEST), record(5, TEST));
    expect(meaningOf(found as NonNullable<typeof found>)).toEqual({ schema: TEST, others: 1 });
  });
  it('means nothing that could be said where none names its schema, or one that isn’t here', () => {
    const [unnamed, later] = idsOf(record(5), record(6, '0123456789abcdef'));
    expect(meaningOf(unnamed as NonNullable<typeof unnamed>)).toEqual({
      unknown: 'none of its records names its schema',
    });
    expect(meaningOf(later as NonNullable<typeof later>)).toEqual({
      unknown: 'its schema 0123456789abcdef is of another version of this program',
    });
  });
  it('is none where a value isn’t in wire format', () => {
    expect(idsOf({ value: Buffer.from('{}'), headers: {} })).toEqual([]);
  });
});

it('a registry has a schema, lacks it, or has another in its place', () => {
  const of = { id: 5, schema: TEST };
  const fingerprint = fingerprintOf(TEST.type);
  expect(standingOf(of, { fingerprint, knowsSubject: true })).toBe('there');
  expect(standingOf(of, { fingerprint: null, knowsSubject: false })).toBe('missing');
  expect(standingOf(of, { fingerprint: fingerprintOf(ERASED.type), knowsSubject: false })).toBe('taken');
  expect(standingOf(of, { fingerprint: null, knowsSubject: true })).toBe('taken');
});

it('a version that no record has used gets an id that none has, and keeps its place before the newest', () => {
  const all = withUnused([{ id: 9, schema: ERASED }], 12);
  expect(all.map(({ id, schema }) => [id, schema.text])).toEqual([
    [9, CURRENT.PersonErased.text],
    [13, schemaVersions('PersonErased')[0]],
  ]);
  const files = unzipSync(archiveOf(all, 0));
  const folder = 'groups/default/artifacts/cn.hutong.events.PersonErased';
  const read = (path: string) => JSON.parse(Buffer.from(files[path] as Uint8Array).toString()) as object;
  expect(read(`${folder}/versions/1.ArtifactVersion.json`)).toMatchObject({ contentId: 13, globalId: 13 });
  expect(read(`${folder}/versions/2.ArtifactVersion.json`)).toMatchObject({ contentId: 9, globalId: 9 });
  expect(read(`${folder}/branches/latest.Branch.json`)).toMatchObject({ versions: ['1', '2'] });
});
