/** What is left of a test run is found and ended, and nothing else. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endAllIn, processesIn } from '#infra/process/left-running.ts';

const WAITS = 'process.stdout.write("up"); setInterval(() => {}, 1_000)';
const WAITS_ON = `process.on("SIGTERM", () => process.exit(0)); ${WAITS}`;
const started: ChildProcess[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-left-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function start(env: Record<string, string>, cwd: string, program = WAITS): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', program], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

it('ends what has the folder as its TMPDIR and what works in it, and leaves the others', async () => {
  const within = join(folder, 'data');
  mkdirSync(within);
  const ours = [await start({ TMPDIR: folder }, '/', WAITS_ON), await start({}, within)];
  const other = await start({ TMPDIR: `${folder}-other` }, '/');
  const found = processesIn(folder).map(({ pid }) => pid);
  expect(new Set(found)).toEqual(new Set(ours.map(({ pid }) => pid)));
  expect(await endAllIn(folder)).toBe(2);
  expect(processesIn(folder)).toEqual([]);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});
