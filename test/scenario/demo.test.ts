/**
 * The demo as a stranger runs it, on a small scale: it holds, and it fails when the merge is wrong. Both run at once,
 * each on a stack of its own: for half of its time a demo only waits, until a province has been silent for long enough.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'vitest';
import { ROOT } from '#platform/folders.ts';

interface DemoReport {
  readonly passed: boolean;
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[];
}

async function demo(
  { onTestFinished }: TestContext,
  given: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string; report: DemoReport }> {
  const runDir = mkdtempSync(join(tmpdir(), 'hutong-demo-'));
  onTestFinished(() => rmSync(runDir, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(ROOT, 'exercises/demo/main.ts')], {
    env: { ...process.env, RUN_DIR: runDir, PEOPLE: '2000', EVENTS: '20000', LOAD_SECONDS: '1', ...given },
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<number | null>();
  child.on('close', end);
  onTestFinished(async () => {
    child.kill('SIGTERM'); // by which it stops its stack
    await ended;
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const code = await ended;
  return { code, output, report: JSON.parse(readFileSync(join(runDir, 'demo.json'), 'utf8')) as DemoReport };
}

test.concurrent('a small day: every check holds, and what is printed says so', async (context) => {
  const { expect } = context;
  const { code, output, report } = await demo(context, {});
  expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(output).toContain('checks held');
  expect(output).toContain('/consoles/hutong.html');
  expect(code).toBe(0);
});

test.concurrent('a merge bug makes the demo fail, and only the views are to blame', async (context) => {
  const { expect } = context;
  const { code, report } = await demo(context, { PLANTED_BUG: 'a retraction outranks whatever is issued after it' });
  expect(report.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['views']);
  expect(code).toBe(1);
});
