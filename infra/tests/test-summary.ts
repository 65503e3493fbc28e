/**
 * make test: type check, lint, format and every test project, then the slowest files and one line with the true totals.
 * The type check, the linter and the format count as one each; a test that was skipped, a file that couldn't be loaded
 * and an error outside any test count as failed, and so does a run without tests. With --quick (make unit) it runs what
 * needs no real part, of properties a share of their runs, of the simulation some seeds without what tests it; the
 * checks then run beside the tests. Both run less of the simulation than `make simulate`, which is the long form.
 * Stopped or not, it leaves no process and no folder behind.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAllIn } from '../process/left-running.ts';
import { FILE_TIMES } from './file-times.ts';
import { InTurn } from './in-turn.ts';
import { countTests, slowestFiles } from './test-totals.ts';

const QUICK = {
  args: [
    ...['unit', 'property', 'simulation'].map((project) => `--project=${project}`),
    // What tests the simulation itself takes as long as all of its quick share.
    '--exclude=test/simulation/planted-bugs.test.ts',
  ],
  env: { HUTONG_TEST_SHARE: '0.1', SEEDS: '300' },
} as const;
const isQuick = process.argv.includes('--quick');
const WHOLE = { args: [], env: { SEEDS: '2000' } } as const;
const { args, env } = isQuick ? QUICK : WHOLE;

/** All that the run writes for itself, and by which its processes are known. */
const folder = mkdtempSync(join(tmpdir(), 'hutong-test-'));
const report = join(folder, 'report.json');
const programs = new InTurn(process.stdout, {
  ...process.env,
  ...env,
  ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
  TMPDIR: folder,
  // Tests start the command and the services many times over; what Node made of their sources is kept for the next.
  NODE_COMPILE_CACHE: join(folder, 'compiled'),
});
const REPORTERS = [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  `--reporter=${join(import.meta.dirname, 'file-times.ts')}`,
];
let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined;

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => {
    stoppedBy ??= name;
    programs.stop();
  });

/** Undefined when vitest ended before it could write one. */
function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function everything(): Promise<number> {
  const checking = [
    programs.run('tsc', []),
    programs.run('oxlint', ['--type-aware', '--deny-warnings']),
    programs.run('oxfmt', ['--check']),
  ];
  // Tests on real parts are timed, so nothing runs beside them.
  if (!isQuick) await Promise.all(checking);
  const succeeded = stoppedBy === undefined && (await programs.run('vitest', ['run', ...args, ...REPORTERS]));
  const checks = await Promise.all(checking);
  if (stoppedBy !== undefined) return 128 + constants.signals[stoppedBy];
  const tests = countTests(readReport(report), succeeded);
  const passed = tests.passed + checks.filter(Boolean).length;
  const failed = tests.failed + checks.filter((ok) => !ok).length;
  console.log('\nThe slowest files, in seconds with what they set up and give back:');
  for (const { name, seconds } of slowestFiles(readReport(join(folder, FILE_TIMES))))
    console.log(`${seconds.toFixed(1).padStart(7)}  ${name}`);
  for (const reason of tests.reasons) console.log(reason);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

let status = 1;
try {
  status = await everything();
} finally {
  const left = await endAllIn(folder);
  if (left > 0 && stoppedBy === undefined) {
    console.error(`failed: tests left ${left} processes running, which were ended`);
    status = 1;
  }
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);
