/** A part that ends during its start, while the launcher waits for nothing else. */

import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';

const LAUNCHER = `
import { readFileSync } from 'node:fs';
import { spawnPart, waitUntilReady } from '#infra/process/part.ts';
const plan = {
  name: 'p', address: '', command: '/bin/sh', args: ['-c', 'sleep 0.2; exit 3'], env: {}, log: '/dev/null',
  ready: async () => false, readyWithinMs: 5_000, stopWithinMs: 100,
};
const started = spawnPart(plan, 'x');
while (!/^State:\\tZ/m.test(readFileSync('/proc/' + started.record.pid + '/status', 'utf8')));
const say = (error) => console.log(error.message.split('\\n')[0]);
await waitUntilReady(plan, started, new AbortController().signal).catch(say);
`;

it('is reported, rather than that the launcher ends without a word', () => {
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', LAUNCHER], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 9_000,
  });
  expect([stdout.trim(), status]).toEqual(['p ended during its start (status 3)', 0]);
});
