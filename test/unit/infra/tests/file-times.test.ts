/** How long test files took, as the reporter notes it. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import FileTimes, { FILE_TIMES } from '#infra/tests/file-times.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('counts what a file sets up and gives back; the start of a stack was in no file’s time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-times-'));
  vi.stubEnv('TMPDIR', folder);
  try {
    const reporter = new FileTimes();
    // What vitest calls duration is that of the tests and of all hooks around them.
    const took = { prepareDuration: 100, collectDuration: 400, setupDuration: 0, duration: 9_000 };
    const diagnostic = () => took as ReturnType<TestModule['diagnostic']>;
    reporter.onTestModuleEnd({ moduleId: join(process.cwd(), 'test/a.test.ts'), diagnostic });
    reporter.onTestRunEnd();
    const written: unknown = JSON.parse(readFileSync(join(folder, FILE_TIMES), 'utf8'));
    expect(written).toEqual([{ name: 'test/a.test.ts', seconds: 9.5 }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
