/** The registry holds every version under FULL_TRANSITIVE, and refuses what would break a publisher. */

import { inject, expect, test } from 'vitest';
import { registerSchema } from '#exchange/topics/registry.ts';
import { RECORD_NAMES, schemaVersions, subjectOf } from '#exchange/topics/schemas.ts';

const { registry } = inject('parts');
const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };

async function isCompatible(subject: string, version: number, schema: string): Promise<boolean> {
  const response = await fetch(`${registry}/compatibility/subjects/${subject}/versions/${version}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ schema }),
  });
  return ((await response.json()) as { is_compatible: boolean }).is_compatible;
}

test.each(RECORD_NAMES)('%s: every version is registered, and compatible with every other', async (name) => {
  const texts = schemaVersions(name);
  const subject = subjectOf(texts[0] as string);
  const config = (await (await fetch(`${registry}/config/${subject}`)).json()) as { compatibilityLevel: string };
  expect(config.compatibilityLevel).toBe('FULL_TRANSITIVE');
  const versions = (await (await fetch(`${registry}/subjects/${subject}/versions`)).json()) as number[];
  expect(versions.length).toBeGreaterThanOrEqual(texts.length);
  for (const text of texts) {
    for (const version of versions) expect(await isCompatible(subject, version, text)).toBe(true);
  }
});

test('registering again keeps the id', async () => {
  const text = schemaVersions('Watermark').at(-1) as string;
  expect(await registerSchema(registry, text)).toBe(await registerSchema(registry, text));
});

test.each([
  ['a new field without a default', (fields: object[]) => [...fields, { name: 'remark', type: 'string' }]],
  ['a removed field that had no default', (fields: object[]) => fields.slice(1)],
  ['a field of another type', (fields: object[]) => [{ ...fields[0], type: 'boolean' }, ...fields.slice(1)]],
])('%s is refused', async (_what, change) => {
  const schema = JSON.parse(schemaVersions('TestReported').at(-1) as string) as { fields: object[] };
  const changed = JSON.stringify({ ...schema, fields: change(schema.fields) });
  await expect(registerSchema(registry, changed)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
});
