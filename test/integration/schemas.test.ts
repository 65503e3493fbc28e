/**
 * The registry holds every version under FULL_TRANSITIVE, and refuses what would break a publisher. Who may do what
 * there is asked of the real one, through its guard; each refusal stands beside what passes.
 */

import { connect } from 'node:tls';
import { describe, expect, inject, test } from 'vitest';
import { registryAccess } from '#exchange/identity/operator.ts';
import type { Principal } from '#exchange/identity/principals.ts';
import { registerSchema } from '#exchange/topics/registry.ts';
import { CURRENT, RECORD_NAMES, schemaVersions, subjectOf } from '#exchange/topics/schemas.ts';
import { type Fetch, fetchAs } from '#platform/fetch-as.ts';
import { filesOf, Identity } from '#platform/tls.ts';

const { registry: url, tls } = inject('parts');
const registry = registryAccess(url, tls);
const as = (principal: Principal): Fetch => fetchAs(new Identity(filesOf(tls, principal)));
const fetch = as('province-43');
const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };

async function isCompatible(subject: string, version: number, schema: string): Promise<boolean> {
  const response = await fetch(`${url}/compatibility/subjects/${subject}/versions/${version}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ schema }),
  });
  return ((await response.json()) as { is_compatible: boolean }).is_compatible;
}

test.each(RECORD_NAMES)('%s: every version is registered, and compatible with every other', async (name) => {
  const texts = schemaVersions(name);
  const subject = subjectOf(texts[0] as string);
  const config = (await (await fetch(`${url}/config/${subject}`)).json()) as { compatibilityLevel: string };
  expect(config.compatibilityLevel).toBe('FULL_TRANSITIVE');
  const versions = (await (await fetch(`${url}/subjects/${subject}/versions`)).json()) as number[];
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

describe('who may do what', () => {
  const subject = subjectOf(CURRENT.TestReported.text);
  const own = url.replace(/ccompat\/v\d+$/, 'registry/v3');
  const found = { method: 'POST', headers, body: JSON.stringify({ schema: CURRENT.TestReported.text }) };
  const full = { method: 'PUT', headers, body: JSON.stringify({ compatibility: 'FULL_TRANSITIVE' }) };
  const none = { ...full, body: JSON.stringify({ compatibility: 'NONE' }) };
  test.each([
    ['reads a schema', `${url}/subjects/${subject}/versions/1`, {}, 200, 200],
    ['finds the id of a text', `${url}/subjects/${subject}`, found, 200, 200],
    ['says again that all is compatible with all', `${url}/config`, full, 200, 200],
    ['registers', `${url}/subjects/${subject}/versions`, found, 403, 200],
    ['takes a copy of all', `${own}/admin/export`, {}, 403, 200],
    ['lets versions differ', `${url}/config`, none, 403, 403],
    ['lets versions of one subject differ', `${url}/config/${subject}`, none, 403, 403],
    ['deletes a subject', `${url}/subjects/${subject}`, { method: 'DELETE' }, 403, 403],
    ['deletes it for good', `${url}/subjects/${subject}?permanent=true`, { method: 'DELETE' }, 403, 403],
    ['deletes a version', `${url}/subjects/${subject}/versions/1`, { method: 'DELETE' }, 403, 403],
    ['deletes by its own API', `${own}/groups/default/artifacts/${subject}`, { method: 'DELETE' }, 403, 403],
    ['deletes by another name of the method', `${url}/subjects/${subject}`, overridden(found), 200, 200],
    ['takes a way round', `${url}/subjects/..%2f..%2f..%2fregistry/v3/admin/export`, {}, 403, 403],
  ] as const)('who %s', async (_what, address, asked, asProvince, asDeployer) => {
    expect((await as('province-43')(address, asked)).status).toBe(asProvince);
    expect((await as('operator')(address, asked)).status).toBe(asDeployer);
    expect((await fetch(`${url}/subjects/${subject}/versions/1`)).status).toBe(200);
  });
  test('nobody gets in without a certificate, and nobody past the guard', async () => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: registry.identity?.options.ca });
    const ended = new Promise((resolve) => socket.on('error', resolve).on('close', resolve));
    socket.on('secureConnect', () => socket.write('GET /apis/ccompat/v7/subjects HTTP/1.1\r\nhost: localhost\r\n\r\n'));
    let said = '';
    socket.on('data', (data) => (said += data.toString()));
    await ended;
    expect(said).toBe('');
    const { port } = new URL(inject('parts').registryBehind);
    const asked = await globalThis.fetch(`http://127.0.0.1:${port}/apis/ccompat/v7/subjects`);
    expect(asked.status).toBe(401);
  });
});

function overridden<T extends { readonly headers: object }>(asked: T) {
  return { ...asked, headers: { ...asked.headers, 'x-http-method-override': 'DELETE' } };
}
