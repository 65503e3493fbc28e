/** A setting that can't be used ends a service with what is wrong and how to mend it, not with a stack trace. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';

/** Loading a program takes seconds on a busy machine. */
const START_MS_MAX = 60_000;

it.each(['producer', 'materialiser', 'lookup'])(
  'an edition of the log that is no number ended the %s with a stack trace',
  (service) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'services', service, 'main.ts')], {
      encoding: 'utf8',
      env: { ...process.env, HUTONG_LOG_EDITION: 'two' },
    });
    expect(status).toBe(1);
    // A look-up wrote there, at each start, which format of its requests it didn't check.
    expect(stderr).toBe('');
    const [said, ...more] = stdout.trim().split('\n');
    expect(more).toEqual([]);
    const line = JSON.parse(said ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({
      code: 'CONFIG_INVALID',
      error: expect.stringMatching(/^HUTONG_LOG_EDITION: .*must be integer$/),
      hint: expect.stringMatching(/^HUTONG_LOG_EDITION is: edition/),
      msg: 'service failed',
    });
    expect(line).not.toHaveProperty('stack');
  },
  START_MS_MAX,
);
