/**
 * make test: type check, lint, format and every test project, then one line with the true totals. The type check, the
 * linter and the format count as one each; a test that was skipped, a file that couldn't be loaded and an error outside
 * any test count as failed, and so does a run without tests.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests, type Totals } from './test-totals.ts';

async function run(command: string, args: readonly string[]): Promise<boolean> {
  console.log(`\n> ${command} ${args.join(' ')}`);
  const [status] = (await once(spawn(command, args, { stdio: 'inherit' }), 'exit')) as [number | null];
  return status === 0;
}

async function runTests(): Promise<Totals> {
  const dir = mkdtempSync(join(tmpdir(), 'hutong-test-'));
  const report = join(dir, 'report.json');
  try {
    const succeeded = await run('vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    return countTests(readReport(report), succeeded);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Undefined when vitest ended before it could write one. */
function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const checks = [
  await run('tsc', []),
  await run('oxlint', ['--type-aware', '--deny-warnings']),
  await run('oxfmt', ['--check']),
];
const tests = await runTests();
const passed = tests.passed + checks.filter(Boolean).length;
const failed = tests.failed + checks.filter((ok) => !ok).length;
for (const reason of tests.reasons) console.log(reason);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
