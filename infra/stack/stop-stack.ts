/**
 * Stops what a stack has written down, and what it started without having come to writing it down. Servers that were
 * there before the stack are never touched.
 */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopPart } from '#infra/process/part.ts';
import { releasePorts } from '#infra/process/ports.ts';
import { findProcesses, isAlive, type ProcessIdentity } from '#infra/process/process-identity.ts';
import { type PartRecord, readState, removeAddresses, removeState } from '#infra/process/state.ts';

/** Every process of a stack carries this, so that it's found even if state.json was never written. */
export function stackMark(runDir: string): string {
  return runDir;
}

/** In reverse order of their start: services before what they use. Returns the names of the parts that were running. */
export async function stopRecorded(runDir: string): Promise<string[]> {
  if (!existsSync(runDir)) return [];
  const { parts, ports } = readState(runDir);
  const running = parts.filter(isAlive);
  removeAddresses(runDir);
  for (const group of stopOrder(running)) await Promise.all(group.map((part) => stopPart(part)));
  await Promise.all(processesOf(runDir).map((one) => stopPart(asPart(one))));
  releasePorts(ports);
  removeState(runDir);
  return running.map(({ name }) => name);
}

/** Services together, then the registry, which needs Kafka to the end, then the rest together. */
export function stopOrder<P extends { readonly name: string }>(parts: readonly P[]): P[][] {
  const rank = ({ name }: P): number =>
    name.startsWith('registry') ? 1 : /^(kafka|redis|prometheus|issuer)(-\d+)?$/.test(name) ? 2 : 0;
  return [0, 1, 2].map((wanted) => parts.filter((part) => rank(part) === wanted).toReversed());
}

/** Every process of the stack in this RUN_DIR, written down or not. */
export function processesOf(runDir: string): ProcessIdentity[] {
  return findProcesses(`HUTONG_STACK=${stackMark(runDir)}`, join(runDir, 'data', 'redis'));
}

function asPart(identity: ProcessIdentity): PartRecord {
  return { ...identity, name: `process ${identity.pid}`, address: '', log: '', since: '', stopWithinMs: 5_000 };
}

export function removeData(runDir: string): void {
  for (const name of ['data', 'logs']) rmSync(join(runDir, name), { recursive: true, force: true });
}
