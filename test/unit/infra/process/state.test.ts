/** What a stack writes down: whose pid it is, who works on a RUN_DIR, and what is stopped first. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identify, isAlive, signal } from '#infra/process/process-identity.ts';
import { lock, personKeySecret, readAddresses, readState, writeAddresses, writeState } from '#infra/process/state.ts';
import { stopOrder } from '#infra/stack/stop-stack.ts';
import { readStatus, renderStatus } from '#infra/status.ts';

let runDir: string;
beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), 'hutong-state-'));
});
afterEach(() => rmSync(runDir, { recursive: true }));

const part = (name: string, identity: { pid: number; startedAt: string }) => ({
  name,
  ...identity,
  address: '127.0.0.1:1',
  log: join(runDir, 'part.log'),
  since: '2022-08-01T00:00:00.000Z',
  stopWithinMs: 100,
});

it('never takes another process for the one that had its pid', () => {
  const own = identify(process.pid);
  expect(own).not.toBeNull();
  const reused = { pid: process.pid, startedAt: 'another boot/1' };
  expect(isAlive(own ?? reused)).toBe(true);
  expect(isAlive(reused)).toBe(false);
  expect(signal(reused, 'SIGKILL')).toBe(false);
});

it('takes a process that has ended for gone', async () => {
  const child = spawn('sleep', ['60']);
  const identity = identify(child.pid ?? 0);
  expect(identity !== null && isAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(identity !== null && isAlive(identity)).toBe(false);
});

it('lets one launcher at a time work on a RUN_DIR, and passes over one that was killed', () => {
  const first = lock(runDir);
  expect(lock(runDir)).toMatchObject({ heldBy: { pid: process.pid } });
  if ('release' in first) first.release();
  writeFileSync(join(runDir, 'launcher.lock'), JSON.stringify({ pid: process.pid, startedAt: 'another boot/1' }));
  expect(lock(runDir)).toHaveProperty('release');
});

it('reads what it wrote, and names the command where there is nothing', () => {
  expect(readState(runDir).parts).toEqual([]);
  expect(() => readAddresses(runDir)).toThrow('make up');
  writeAddresses(runDir, { kafka: '127.0.0.1:1', intakes: {}, materialisers: [], lookups: [] });
  expect(readAddresses(runDir).kafka).toBe('127.0.0.1:1');
  writeFileSync(join(runDir, 'state.json'), '{');
  expect(() => readState(runDir)).toThrow("can't be read");
});

it('makes the secret once, readable by its owner only', () => {
  const secret = personKeySecret(runDir);
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(personKeySecret(runDir)).toBe(secret);
  expect(statSync(join(runDir, 'person-key-secret')).mode & 0o777).toBe(0o600);
});

it('shows a part that died with the end of its log, and a start that was not finished', () => {
  expect(readStatus(runDir).state).toBe('absent');
  const own = identify(process.pid);
  if (own === null) throw new Error('there is no /proc');
  writeState(runDir, { parts: [part('redis', own)], external: { kafka: 'elsewhere:9092' }, ports: [], ready: false });
  expect(readStatus(runDir).state).toBe('unfinished');
  writeState(runDir, { parts: [part('redis', own)], external: { kafka: 'elsewhere:9092' }, ports: [], ready: true });
  expect(readStatus(runDir).state).toBe('healthy');
  writeFileSync(join(runDir, 'part.log'), `${Array.from({ length: 40 }, (_, i) => `line ${i + 1}`).join('\n')}\n`);
  writeState(runDir, {
    parts: [part('redis', own), part('registry', { pid: 1, startedAt: 'another boot/1' })],
    external: {},
    ports: [],
    ready: true,
  });
  const { parts, state } = readStatus(runDir);
  const shown = renderStatus(parts);
  expect(state).toBe('broken');
  expect(shown).toMatch(/registry died[\s\S]*line 31\n[\s\S]*line 40$/);
  expect(shown).not.toContain('line 30');
});

it('stops services before the registry, and the registry before Kafka', () => {
  const names = ['redis', 'kafka', 'registry', 'producer-a', 'lookup-1'].map((name) => ({ name }));
  expect(stopOrder(names).map((group) => group.map(({ name }) => name))).toEqual([
    ['lookup-1', 'producer-a'],
    ['registry'],
    ['kafka', 'redis'],
  ]);
  const several = ['redis-1', 'kafka-3', 'registry', 'materialiser-2'].map((name) => ({ name }));
  expect(stopOrder(several).map((group) => group.map(({ name }) => name))).toEqual([
    ['materialiser-2'],
    ['registry'],
    ['kafka-3', 'redis-1'],
  ]);
});
