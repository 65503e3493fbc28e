/**
 * Which tests `make mutants` asks, and in what order: one failure is enough, so those that cost little come first, and
 * properties, of which each makes its fewest runs, last. It must never leave out a test of the core.
 */

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What costs more comes later. */
const FOLDERS = ['test/unit/core/view/', 'test/unit/core/answer/', 'test/unit/core/', 'test/unit/', 'test/property/'];

const rankOf = ({ moduleId }: TestSpecification): number => FOLDERS.findIndex((folder) => moduleId.includes(folder));

class CheapFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: [
      'test/unit/core/**/*.test.ts',
      'test/unit/exchange/policy/{cases,european-windows,guide}.test.ts',
      'test/property/**/*.test.ts',
    ],
    env: { HUTONG_TEST_SHARE: '0.02' },
    testTimeout: 30_000,
    isolate: false,
    sequence: { sequencer: CheapFirst },
  },
});
