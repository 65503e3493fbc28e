/** Ports of stacks that start at the same moment: never the same one. */

import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimFreePort, releasePorts } from '#infra/process/ports.ts';
import { StackPorts } from '#infra/stack/stack-ports.ts';

let claimsDir: string;
beforeEach(() => {
  claimsDir = mkdtempSync(join(tmpdir(), 'hutong-claims-'));
});
afterEach(() => rmSync(claimsDir, { recursive: true }));

/** Draws that would all lead to the same ports. */
const sameDraws = (): (() => number) => {
  let draws = 0;
  return () => (draws++ % 100) / 100;
};

it('gives each of many askers a port of its own, even if all draw the same numbers', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, async () => claimFreePort(claimsDir, sameDraws())));
  expect(new Set(ports).size).toBe(20);
});

it('passes over a port that something listens on', async () => {
  const taken = await claimFreePort(claimsDir, sameDraws());
  releasePorts([taken], claimsDir);
  const server = createServer().listen(taken, '127.0.0.1');
  try {
    expect(await claimFreePort(claimsDir, sameDraws())).not.toBe(taken);
  } finally {
    server.close();
  }
});

it('gives a released port again, and drops claims that nobody has released', async () => {
  const port = await claimFreePort(claimsDir, sameDraws());
  releasePorts([port], claimsDir);
  expect(await claimFreePort(claimsDir, sameDraws())).toBe(port);
  const old = join(claimsDir, '1');
  writeFileSync(old, '');
  utimesSync(old, new Date(0), new Date(0));
  await claimFreePort(claimsDir);
  expect(existsSync(old)).toBe(false);
});

it('uses a given port once, and says which variable names one that is taken', async () => {
  const free = await claimFreePort(claimsDir);
  const ports = new StackPorts({ HUTONG_REDIS_PORT: free });
  expect(await ports.take('HUTONG_REDIS_PORT')).toBe(free);
  expect(await ports.take('HUTONG_REDIS_PORT')).not.toBe(free);
  ports.release();
  const server = createServer().listen(free, '127.0.0.1');
  try {
    await expect(new StackPorts({ HUTONG_REDIS_PORT: free }).take('HUTONG_REDIS_PORT')).rejects.toThrow(
      `port ${free} (HUTONG_REDIS_PORT) is taken`,
    );
  } finally {
    server.close();
  }
});
