/**
 * The parts that the integration and scenario tests share: one Kafka and one registry for a whole run. Each test file
 * brings its own Redis and services. Where addresses of servers are given in the environment, those are used.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startStack } from '#infra/stack/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    parts: { kafka: string; registry: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runDir = mkdtempSync(join(tmpdir(), 'hutong-parts-'));
  const stack = await startStack({ runDir, parts: ['kafka', 'registry'], services: [] });
  const { kafka = '', registry = '' } = stack.addresses;
  project.provide('parts', { kafka, registry });
  return async () => {
    await stack.stop();
    rmSync(runDir, { recursive: true, force: true });
  };
}
