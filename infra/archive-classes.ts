/**
 * Behind `make install`: runs Kafka and the registry once, and keeps the loaded form of their classes, from which a
 * start takes half of the CPU time. It must never touch a stack that runs.
 *
 * Usage: archive-classes.ts FOLDER, in which the archives appear
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { archiving, JAVA_SERVERS } from './parts/jvm.ts';
import { stoppedByHand } from './process/stopped-by-hand.ts';
import { startStack } from './stack/stack.ts';

/** Longer than any machine takes to write 80 MB of classes. */
const WRITE_MS_MAX = 300_000;

const folder = resolve(process.argv[2] ?? '');
const runDir = mkdtempSync(join(tmpdir(), 'hutong-archive-'));
mkdirSync(folder, { recursive: true });
try {
  const stack = await startStack({
    runDir,
    parts: JAVA_SERVERS,
    services: [],
    topology: 'single',
    signal: stoppedByHand(),
    changed: (plan) => archiving(plan, folder, WRITE_MS_MAX),
  });
  await stack.stop();
} finally {
  rmSync(runDir, { recursive: true, force: true });
}
