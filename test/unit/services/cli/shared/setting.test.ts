/** A setting that can't be used ends any command with a sentence, not with a stack trace. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';

/** Loading a program takes seconds on a busy machine. */
const START_MS_MAX = 60_000;

const PROGRAM = join(ROOT, 'services/cli/hutong.ts');
const run = (edition: string) =>
  spawnSync(process.execPath, [PROGRAM, 'view', 'verify', '--help'], {
    encoding: 'utf8',
    env: { ...process.env, HUTONG_LOG_EDITION: edition },
  });

it(
  'an edition of the log that is no number ended every command with a stack trace',
  () => {
    const { status, stdout, stderr } = run('two');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^HUTONG_LOG_EDITION: .*must be integer$/),
      expect.stringMatching(/^To mend: HUTONG_LOG_EDITION is: edition/),
    ]);
    expect(run('2').status).toBe(0);
  },
  START_MS_MAX,
);
