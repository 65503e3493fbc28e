/** A command that is stopped by hand comes to an end of its own, whatever it was waiting for. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unlessStopped } from '#infra/process/stopped-by-hand.ts';
import { ROOT } from '#platform/folders.ts';

describe('work that may be stopped', () => {
  it('gives its result, or its failure, when nobody stops it', async () => {
    const { signal } = new AbortController();
    await expect(unlessStopped(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(unlessStopped(Promise.reject(new Error('lost')), signal)).rejects.toThrow('lost');
  });
  it('is no longer waited for once it is stopped', async () => {
    const abort = new AbortController();
    const waiting = unlessStopped(new Promise(() => {}), abort.signal);
    abort.abort(new Error('by hand'));
    await expect(waiting).rejects.toThrow('by hand');
    await expect(unlessStopped(Promise.resolve(7), abort.signal)).rejects.toThrow('by hand');
  });
});

it.each(['SIGINT', 'SIGTERM'] as const)('%s, once or more, lets a command clean up before it ends', async (signal) => {
  const program = `
    import { stoppedByHand, unlessStopped } from '${join(ROOT, 'infra/process/stopped-by-hand.ts')}';
    const stopped = stoppedByHand();
    setInterval(() => {}, 1_000);
    console.log('runs');
    try {
      await unlessStopped(new Promise(() => {}), stopped);
    } catch (error) {
      console.log(error.message);
      void Promise.reject(new Error('what goes on unheard'));
      await new Promise((resolve) => process.on('${signal}', resolve));
      console.log('cleaned up');
      process.exit(3);
    }`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (/(runs|stopped by \w+)\n$/.test(output)) child.kill(signal);
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expect(output).toBe(`runs\nstopped by ${signal}\ncleaned up\n`);
  expect(status).toBe(3);
});
