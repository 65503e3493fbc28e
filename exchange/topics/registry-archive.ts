/**
 * Schemas as an archive that Apicurio imports, so that each comes back under the id that its records bear: to register
 * them anew would number them anew. It never replaces what a registry holds, for an id that is taken is refused.
 */

import { createHash } from 'node:crypto';
import { COMPATIBILITY } from '@kafkajs/confluent-schema-registry';
import { type Zippable, strToU8, zipSync } from 'fflate';
import { describeError, HutongError } from '#platform/errors.ts';
import { fetchOf, type HttpAccess } from '#platform/fetch-as.ts';
import type { SchemaWithId } from './schema-ids.ts';
import { subjectOf } from './schemas.ts';

const IMPORT_MS_MAX = 60_000;
const CONFLUENT_API = /\/apis\/ccompat\/v\d+$/;
/** The archive's own form, as the registry that the project runs with writes it. */
const FORM = { systemVersion: '3.0.9', systemName: 'hutong', exportVersion: '3.0', dbVersion: '101' } as const;
const BY = { owner: '', modifiedBy: '', labels: null, description: null, name: null } as const;

/** @param nowMs epoch ms, written down as the time of their registering */
export function archiveOf(schemas: readonly SchemaWithId[], nowMs: number): Uint8Array {
  const files: Zippable = {};
  const add = (path: string, content: object | string): void => {
    files[path] = strToU8(typeof content === 'string' ? content : JSON.stringify(content));
  };
  const times = { createdOn: nowMs, modifiedOn: nowMs };
  add('manifest.Manifest.json', { ...FORM, exportedOn: nowMs, exportedBy: 'hutong' });
  for (const { id, schema } of schemas) {
    const hash = createHash('sha256').update(schema.text).digest('hex');
    const content = { contentId: id, contentHash: hash, canonicalHash: hash, contentType: 'application/json' };
    add(`content/${hash}.Content.json`, { ...content, artifactType: 'AVRO', serializedReferences: null });
    add(`content/${hash}.Content.data`, schema.text);
  }
  for (const [artifactId, all = []] of Object.entries(
    Object.groupBy(schemas, ({ schema }) => subjectOf(schema.text)),
  )) {
    const folder = `groups/default/artifacts/${artifactId}`;
    const of = { groupId: null, artifactId };
    const versions = all
      .map(({ id, schema: { version } }) => ({ id, version }))
      .toSorted((a, b) => a.version - b.version);
    add(`${folder}/MetaData.Artifact.json`, { ...of, ...BY, ...times, artifactType: 'AVRO' });
    for (const { id, version } of versions) {
      const entry = {
        ...of,
        ...BY,
        ...times,
        globalId: id,
        contentId: id,
        version: `${version}`,
        versionOrder: version,
      };
      add(`${folder}/versions/${version}.ArtifactVersion.json`, { ...entry, state: 'ENABLED' });
    }
    const branch = { ...of, branchId: 'latest', description: null, systemDefined: true, owner: '', modifiedBy: '' };
    add(`${folder}/branches/latest.Branch.json`, {
      ...branch,
      ...times,
      versions: versions.map(({ version }) => `${version}`),
    });
    const rule = { ...of, type: 'COMPATIBILITY', configuration: COMPATIBILITY.FULL_TRANSITIVE };
    add(`${folder}/rules/COMPATIBILITY.ArtifactRule.json`, rule);
  }
  return zipSync(files);
}

/** @throws HutongError REGISTRY_UNAVAILABLE where it doesn't take them */
export async function importInto(registry: HttpAccess, archive: Uint8Array): Promise<void> {
  const url = `${registry.url.replace(CONFLUENT_API, '')}/apis/registry/v3/admin/import?requireEmptyRegistry=false`;
  try {
    const response = await fetchOf(registry)(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/zip',
        'x-registry-preserve-globalid': 'true',
        'x-registry-preserve-contentid': 'true',
      },
      body: Buffer.from(archive),
      signal: AbortSignal.timeout(IMPORT_MS_MAX),
    });
    if (!response.ok) throw new Error(`answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  } catch (cause) {
    throw new HutongError('REGISTRY_UNAVAILABLE', `the registry did not take the schemas: ${describeError(cause)}`, {
      retriable: true,
      cause,
      hint: `is it an Apicurio registry, up at ${registry.url}?`,
    });
  }
}
