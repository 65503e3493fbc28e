/**
 * A broker's storage as Kafka's own tool formats it. The tool is a Java program that takes 2 s of CPU time, and but for
 * three names it writes the same for each broker. So it formats one, of whose storage the next ones are copies. What it
 * writes depends on Kafka's version: a copy must never be used by other jars.
 */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '#infra/process/stack-error.ts';
import { java } from './programs.ts';

export interface Storage {
  /** The broker's `log.dirs`: empty, or formatted before. */
  readonly folder: string;
  /** Its server.properties. */
  readonly config: string;
  readonly clusterId: string;
  readonly nodeId: number;
  /** Of the Java parts: a folder of its own for each version. */
  readonly partsDir: string;
  /** What Java is told before the tool's name. */
  readonly jvm: readonly string[];
}

const FORMAT_MS_MAX = 60_000;
/** The version of the metadata and of each feature that the cluster begins with. */
const CHECKPOINT = 'bootstrap.checkpoint';
/** Whose storage a folder is. Kafka takes a folder that has it for formatted, so it is written last. */
const META = 'meta.properties';

export async function formatStorage(storage: Storage): Promise<void> {
  const { folder, clusterId, nodeId, partsDir } = storage;
  if (existsSync(join(folder, META))) return;
  const kept = join(partsDir, `kafka.${CHECKPOINT}`);
  if (!existsSync(kept)) {
    await runTool(storage);
    keep(join(folder, CHECKPOINT), kept);
    return;
  }
  mkdirSync(folder, { recursive: true });
  copyFileSync(kept, join(folder, CHECKPOINT));
  const meta = { version: 1, 'cluster.id': clusterId, 'node.id': nodeId, 'directory.id': newKafkaId() };
  writeFileSync(join(folder, META), propertiesText(meta));
}

export function propertiesText(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** As Kafka makes one. A leading dash would be taken for an option. */
export function newKafkaId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

async function runTool({ config, clusterId, jvm }: Storage): Promise<void> {
  const args = [...jvm, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config];
  try {
    await promisify(execFile)(java(), args, { timeout: FORMAT_MS_MAX });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new StackError(`kafka: its storage can't be formatted\n${stdout}${stderr}`, { cause });
  }
}

/** Whole or not at all: another start may look for it meanwhile. */
function keep(checkpoint: string, kept: string): void {
  const partial = `${kept}.${process.pid}`;
  try {
    copyFileSync(checkpoint, partial);
    renameSync(partial, kept);
  } catch {
    // The folder is somebody else's: the tool runs each time.
  }
}
