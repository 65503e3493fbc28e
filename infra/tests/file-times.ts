/**
 * A reporter of vitest: how long each file took with all that it set up before its tests and gave back after them. The
 * JSON report of vitest leaves that out. It must change nothing of the run.
 */

import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

export interface TimedFile {
  /** Relative to where the tests run. */
  readonly name: string;
  readonly seconds: number;
}

/** In the temporary folder, which is the run's own. */
export const FILE_TIMES = 'file-times.json';

export default class FileTimes implements Reporter {
  readonly #files: TimedFile[] = [];

  onTestModuleEnd(module: Pick<TestModule, 'moduleId' | 'diagnostic'>): void {
    const { prepareDuration, collectDuration, setupDuration, duration } = module.diagnostic();
    const seconds = (prepareDuration + collectDuration + setupDuration + duration) / 1_000;
    this.#files.push({ name: relative(process.cwd(), module.moduleId), seconds });
  }

  onTestRunEnd(): void {
    writeFileSync(join(tmpdir(), FILE_TIMES), JSON.stringify(this.#files));
  }
}
