/**
 * The services and the command as they run: each built into a few files, of its sources and of the packages that it
 * uses. Node loads a thousand modules otherwise, which takes three quarters of a start. A build belongs to the sources
 * that it was made of, and must never be run for others.
 */

import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, parse } from 'node:path';
import { readSettings } from '#infra/process/settings.ts';
import { ROOT } from '#platform/folders.ts';
import { endUnused, isBuild, markUsed } from './builds.ts';

/** Of each program, the module that it starts with. */
const PROGRAMS = {
  hutong: 'services/cli/hutong.ts',
  producer: 'services/producer/main.ts',
  'file-worker': 'services/producer/file-worker.ts',
  materialiser: 'services/materialiser/main.ts',
  lookup: 'services/lookup/main.ts',
  mllp: 'services/mllp/main.ts',
  issuer: 'infra/issuer/main.ts',
  'registry-guard': 'infra/registry-guard/main.ts',
} as const;
export type Program = keyof typeof PROGRAMS;

/** All that a build is made of. Packages are as the lock file and the patches say. */
const MADE_OF = ['{core,platform,exchange,services,infra}/**/*.ts', 'patches/*.patch', 'package{,-lock}.json'] as const;

export interface Build {
  readonly fileOf: (program: Program) => string;
  /** Where Node keeps what it compiled of these files. */
  readonly compiled: string;
}

let ours: Promise<Build> | undefined;

/** Of the sources as they were when this process first asked. It is made if it isn't there. */
export function programs(): Promise<Build> {
  return (ours ??= buildIn(readSettings().cacheDir));
}

/** What runs from its sources: as long as a build takes, but each module is one that a module hook can replace. */
export const fromSources = (program: Program): string => join(ROOT, PROGRAMS[program]);

/** The module, seen from the root, that a file of a build starts with; null for any other file. */
export function sourceOf(file: string): string | null {
  const { dir, name } = parse(file);
  return isBuild(parse(dir).base) && name in PROGRAMS ? PROGRAMS[name as Program] : null;
}

async function buildIn(cacheDir: string): Promise<Build> {
  const folder = join(cacheDir, `programs-${stateOf(ROOT)}`);
  if (!existsSync(folder)) await make(folder, cacheDir);
  markUsed(folder);
  return { fileOf: (program) => join(folder, `${program}.js`), compiled: join(folder, 'compiled') };
}

/** What a build of these sources is known by. They are told their place, so it is theirs alone. */
export function stateOf(root: string): string {
  const hash = createHash('sha256').update(`${process.version} ${root}`);
  for (const file of globSync(MADE_OF, { cwd: root }).sort())
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

/** In a folder of its own first, so that one that is there is whole. */
async function make(folder: string, cacheDir: string): Promise<void> {
  const { bundle } = await import('./bundle.ts');
  mkdirSync(cacheDir, { recursive: true });
  endUnused(cacheDir);
  const partial = mkdtempSync(join(cacheDir, 'partial.'));
  try {
    await bundle(PROGRAMS, partial);
    try {
      renameSync(partial, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error; // else another process was first
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
