/** How a service ends: in order and within its bound, and never in silence or with status 0 after a failure. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';

interface Logged {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly error?: string;
  readonly stack?: string;
  readonly signal?: string;
}

interface Ended {
  readonly status: number | null;
  readonly log: readonly Logged[];
}

/**
 * Runs the service, and sends it a signal each time that it has logged the message beside it.
 * @returns its end, and what it logged until then
 */
async function end(how: string, ...signals: readonly (readonly [after: string, signal: NodeJS.Signals])[]) {
  const service = spawn(process.execPath, [join(ROOT, 'test/support/stoppable-service.ts'), how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const left = [...signals];
  let output = '';
  // By time: a fatal line is written at once, and may overtake one that the log still holds.
  const log = (): Logged[] =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Logged)
      .sort(
        (a, b) => Date.parse(a.time) - Date.parse(b.time) || Number(a.level === 'fatal') - Number(b.level === 'fatal'),
      );
  service.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    const due = left[0];
    if (due !== undefined && log().some(({ msg }) => msg === due[0])) {
      left.shift();
      service.kill(due[1]);
    }
  });
  const { promise, resolve } = Promise.withResolvers<Ended>();
  service.on('close', (status) => resolve({ status, log: log() }));
  return promise;
}

const messages = ({ log }: Ended): string[] => log.map(({ msg }) => msg);

describe('a service', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops in order on %s, with status 0', async (signal) => {
    const ended = await end('stops at once', ['runs', signal]);
    expect(ended.status).toBe(0);
    expect(messages(ended)).toEqual(['runs', 'stopping']);
    expect(ended.log.at(-1)).toMatchObject({ level: 'info', signal });
  });
  it('is ended with status 1 when it doesn’t stop within its bound, and says so', async () => {
    const ended = await end('hangs', ['runs', 'SIGTERM']);
    expect(ended.status).toBe(1);
    expect(ended.log.at(-1)).toMatchObject({ level: 'fatal', error: 'not stopped within 300 ms' });
  });
  it('ends at once at a second signal, however long its stopping may take', async () => {
    const ended = await end('stops slowly', ['runs', 'SIGINT'], ['stopping', 'SIGINT']);
    expect(ended.status).toBe(1);
    expect(messages(ended)).toEqual(['runs', 'stopping', 'a second signal, ending at once']);
  });
  it('ends at once at a signal during its start', async () => {
    const ended = await end('starts slowly', ['starting', 'SIGTERM']);
    expect(ended.status).toBe(0);
    expect(messages(ended)).toEqual(['starting', 'stopping']);
  });
  it.each([
    ['throws', 'thrown'],
    ['rejects', 'rejected'],
    ['fails at start', 'it could not start'],
  ])('that %s, where nobody catches it, logs it and ends with status 1', async (how, error) => {
    const ended = await end(how);
    expect(ended.status).toBe(1);
    expect(ended.log.at(-1)).toMatchObject({ level: 'fatal', msg: 'service failed', error });
    expect(ended.log.at(-1)?.stack).toContain('stoppable-service.ts');
  });
  it.each([
    ['fails to stop', 'it could not stop'],
    ['throws while it stops', 'thrown late'],
  ])('that %s logs it and ends with status 1', async (how, error) => {
    const ended = await end(how, ['runs', 'SIGTERM']);
    expect(ended.status).toBe(1);
    expect(ended.log.at(-1)).toMatchObject({ level: 'fatal', msg: 'service failed', error });
  });
});
