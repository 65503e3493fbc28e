/**
 * Free ports for a stack. A port is claimed by a file that only one process can create, so that two stacks which start
 * at the same moment never choose the same one; a claim outlives the moment between choosing a port and binding it.
 */

import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { StackError } from './stack-error.ts';

/** Below the ports that the kernel gives to outgoing connections, which could take one between choosing and binding. */
const FIRST = 20_000;
const LAST = 31_999;
const CLAIM_MS_MAX = 10 * 60_000;
const TRIES_MAX = 500;

/** One for all stacks of a user, whatever TMPDIR each of them has. */
export function defaultClaimsDir(): string {
  return join('/tmp', `hutong-ports-${userInfo().uid}`);
}

/** A port of 127.0.0.1 that nothing listens on and no other stack has claimed. @throws StackError if there's none */
export async function claimFreePort(
  claimsDir = defaultClaimsDir(),
  random: () => number = Math.random,
): Promise<number> {
  mkdirSync(claimsDir, { recursive: true });
  dropOldClaims(claimsDir);
  for (let i = 0; i < TRIES_MAX; i++) {
    const port = FIRST + Math.floor(random() * (LAST - FIRST + 1));
    if (claim(claimsDir, port) && (await isFree(port))) return port;
  }
  throw new StackError(`no free port found between ${FIRST} and ${LAST} in ${TRIES_MAX} tries`);
}

export function releasePorts(ports: readonly number[], claimsDir = defaultClaimsDir()): void {
  for (const port of ports) rmSync(join(claimsDir, String(port)), { force: true });
}

function claim(claimsDir: string, port: number): boolean {
  try {
    writeFileSync(join(claimsDir, String(port)), String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** An old claim has served: what it was for listens by now, or is gone. */
function dropOldClaims(claimsDir: string): void {
  const oldest = Date.now() - CLAIM_MS_MAX;
  for (const name of readdirSync(claimsDir)) {
    const path = join(claimsDir, name);
    const claimedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (claimedAt !== undefined && claimedAt < oldest) rmSync(path, { force: true });
  }
}

export async function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}
