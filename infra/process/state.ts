/**
 * What a stack has written down in its RUN_DIR: its parts as they start (state.json) and, once it is ready, where they
 * are (addresses.json). Files are replaced in one step, so that a reader never sees half of one.
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '#platform/replace-file.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { StackError } from './stack-error.ts';

export interface PartRecord extends ProcessIdentity {
  readonly name: string;
  readonly address: string;
  /** As in its plan. */
  readonly reachedAt?: string;
  readonly log: string;
  /** ISO 8601. */
  readonly since: string;
  readonly stopWithinMs: number;
}

export interface StackState {
  readonly parts: readonly PartRecord[];
  /** Servers that were there before and aren't ours to stop: name and address. */
  readonly external: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly ready: boolean;
}

/** host:port for kafka and redis, URLs for the others; registry is the root of the Confluent API. */
export interface Addresses {
  readonly kafka?: string;
  readonly registry?: string;
  readonly redis?: string;
  readonly prometheus?: string;
  readonly issuer?: string;
  readonly intake?: string;
  /** host:port of the MLLP listener. */
  readonly mllp?: string;
  readonly lookup?: string;
  readonly intakes: Readonly<Record<string, string>>;
  readonly materialisers: readonly string[];
  readonly lookups: readonly string[];
}

const EMPTY: StackState = { parts: [], external: {}, ports: [], ready: false };

export function readState(runDir: string): StackState {
  const path = join(runDir, 'state.json');
  if (!existsSync(path)) return EMPTY;
  try {
    return { ...EMPTY, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<StackState>) };
  } catch (cause) {
    throw new StackError(`${path} can't be read; look for processes of an earlier stack, then delete it`, { cause });
  }
}

export function writeState(runDir: string, state: StackState): void {
  replaceJson(join(runDir, 'state.json'), state);
}

export function removeState(runDir: string): void {
  rmSync(join(runDir, 'state.json'), { force: true });
}

export function readAddresses(runDir: string): Addresses {
  try {
    return JSON.parse(readFileSync(join(runDir, 'addresses.json'), 'utf8')) as Addresses;
  } catch (cause) {
    throw new StackError(`no stack runs in ${runDir}: start one with make up`, { cause });
  }
}

export function writeAddresses(runDir: string, addresses: Addresses): void {
  replaceJson(join(runDir, 'addresses.json'), addresses);
}

export function removeAddresses(runDir: string): void {
  rmSync(join(runDir, 'addresses.json'), { force: true });
}

/** The secret for this stack's person keys, hex: made once, readable by its owner only. */
export function personKeySecret(runDir: string): string {
  const path = join(runDir, 'person-key-secret');
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  return readFileSync(path, 'utf8').trim();
}

/** Nobody but its owner sees what lies in it: keys, secrets, and logs that name neither but lie beside them. */
export function makeRunDir(runDir: string): void {
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  chmodSync(runDir, 0o700); // it may be there already
}

/** Keeps two launchers from working on one RUN_DIR. Null if it's taken, and by whom. */
export function lock(runDir: string): { release(): void } | { heldBy: ProcessIdentity } {
  makeRunDir(runDir);
  const path = join(runDir, 'launcher.lock');
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identify(process.pid)));
  try {
    for (;;) {
      if (link(own, path)) return { release: () => rmSync(path, { force: true }) };
      const holder = readHolder(path);
      if (holder !== null && isAlive(holder)) return { heldBy: holder };
      rmSync(path, { force: true }); // its launcher was killed
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** A link appears with its content or not at all. False if there is one. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}

function replaceJson(path: string, content: unknown): void {
  replaceFile(path, `${JSON.stringify(content, null, 2)}\n`);
}
