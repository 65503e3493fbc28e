/** Every pair of versions of every schema resolves both ways, without a registry. */

import avro from 'avsc';
import { expect, test } from 'vitest';
import { readVersions, RECORD_NAMES, schemaVersions } from '#exchange/topics/schemas.ts';

/** The pairs of versions that don't resolve, as `reader ← writer`, each numbered from 1. */
function unresolvable(versions: readonly string[]): string[] {
  const types = versions.map((text) => avro.Type.forSchema(JSON.parse(text) as avro.Schema));
  return types.flatMap((reader, r) =>
    types.flatMap((writer, w) => (resolves(reader, writer) ? [] : [`${r + 1} ← ${w + 1}`])),
  );
}

function resolves(reader: avro.Type, writer: avro.Type): boolean {
  try {
    reader.createResolver(writer);
    return true;
  } catch {
    return false;
  }
}

test.each(RECORD_NAMES)('all versions of %s resolve both ways', (name) => {
  expect(schemaVersions(name).length).toBeGreaterThan(0);
  expect(unresolvable(schemaVersions(name))).toEqual([]);
});

test('every version of a stored view can be read by the newest', () => {
  expect(
    unresolvable(readVersions('view/person-view')).filter((pair) =>
      pair.startsWith(`${readVersions('view/person-view').length} ←`),
    ),
  ).toEqual([]);
});

test.each(RECORD_NAMES)(
  '%s has no enum, and no union but with null: a list that grows could never be mended',
  (name) => {
    for (const text of schemaVersions(name)) {
      expect(text).not.toMatch(/"type"\s*:\s*"enum"/);
      const unions = [...text.matchAll(/"type"\s*:\s*(\[[^\]]*\])/g)].map(
        ([, union = '']) => JSON.parse(union) as unknown[],
      );
      for (const union of unions) expect(union).toEqual(['null', expect.anything()]);
    }
  },
);

test('the check finds a new field without a default, and a removed one that had none', () => {
  const [text = ''] = schemaVersions('TestReported');
  const schema = JSON.parse(text) as { fields: object[] };
  const grown = JSON.stringify({ ...schema, fields: [...schema.fields, { name: 'remark', type: 'string' }] });
  const shrunk = JSON.stringify({ ...schema, fields: schema.fields.slice(1) });
  expect(unresolvable([text, grown])).toEqual(['2 ← 1']);
  expect(unresolvable([text, shrunk])).toEqual(['1 ← 2']);
});
