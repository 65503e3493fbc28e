/**
 * The parts that the integration tests share for a whole run: a Kafka for each worker, one registry, and one issuer of
 * tokens, which runs in this process. Each test file
 * empties the Kafka of its worker before it uses it, and brings its own Redis and services. Servers that the
 * environment names are never used: they would be emptied.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { clientsIn } from '#infra/issuer/keys.ts';
import { ownIdentities } from '#infra/stack/identities.ts';
import { startStack, type Stack } from '#infra/stack/stack.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { startTestIssuer } from './issuer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The first Kafka is also where the registry keeps its schemas. */
    parts: {
      kafkas: readonly string[];
      registry: string;
      /** What its guard stands in front of. */
      registryBehind: string;
      issuer: string;
      clients: string;
      tls: TlsFiles;
    };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const name of ['HUTONG_KAFKA', 'HUTONG_REGISTRY', 'HUTONG_REDIS', 'HUTONG_ISSUER'])
    if (process.env[name]) throw new Error(`${name} is set: the integration tests empty their servers, so unset it`);
  const folder = mkdtempSync(join(tmpdir(), 'hutong-parts-'));
  const started: Stack[] = [];
  const tls = await ownIdentities(folder);
  const issuer = await startTestIssuer(folder, tls);
  const stop = async (): Promise<void> => {
    await Promise.all([...started.map((stack) => stack.stop()), issuer.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  const starts = Array.from({ length: project.config.maxWorkers }, async (_, index) => {
    // The first one registers the schemas, once: two exchanges that do so at the same moment disturb each other.
    const parts = index === 0 ? (['kafka', 'registry'] as const) : (['kafka'] as const);
    const runDir = join(folder, String(index));
    const stack = await startStack({ runDir, parts, services: [], topics: index === 0, tls });
    started.push(stack);
    return stack.addresses;
  });
  // All are over, and so can be stopped, before one that failed ends the run.
  await Promise.allSettled(starts);
  try {
    const addresses = await Promise.all(starts);
    const kafkas = addresses.map(({ kafka = '' }) => kafka);
    project.provide('parts', {
      kafkas,
      registry: addresses[0]?.registry ?? '',
      registryBehind:
        started.find(({ addresses: { registry } }) => registry !== undefined)?.addressOf('registry') ?? '',
      issuer: issuer.url,
      clients: clientsIn(folder),
      tls,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
