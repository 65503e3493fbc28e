/** The short form of `make faults`: each kind of injection once, and every guarantee checked after each. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSuite } from '#exercises/faults/suite.ts';
import { tableOf, timesOf, verdictOf } from '#exercises/faults/table.ts';

const SEED = 20_220_729;
const SUITE_MS_MAX = 900_000;

test(
  'no injection loses an accepted event, spoils a view or makes an answer wrong',
  async () => {
    const runDir = mkdtempSync(join(tmpdir(), 'hutong-faults-'));
    const report = await runSuite({ runDir, seed: SEED, rounds: null, say: (line) => console.log(line) });
    console.log(`${tableOf(report.rounds)}\n${timesOf(report)}`);
    expect(report.passed, `${verdictOf(report)}\nlogs: ${runDir}/logs`).toBe(true);
    rmSync(runDir, { recursive: true, force: true });
  },
  SUITE_MS_MAX,
);
