/**
 * make mutants: makes every small change to a part of the core, one at a time, and lists those that no test notices.
 * Stryker does it in a copy of the tree below .cache, and is fetched here, because nothing else needs it. It must never
 * change a file of the tree.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#platform/folders.ts';
import { sampleOf } from './sample.ts';

const STRYKER_VERSION = '10.1.1';
/** Below the tree, so that it finds the project's own vitest. */
const TOOLS = join(ROOT, '.cache', `stryker-${STRYKER_VERSION}`);

const [given = '', every = ''] = process.argv.slice(2);
const patterns = given === '' ? ['core/{view,clauses,decision}/**/*.ts'] : given.split(',');
const files = globSync(patterns, { cwd: ROOT }).sort();

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Into a folder of its own first, so that one that is there is whole. */
function fetchStryker(): void {
  if (existsSync(TOOLS)) return;
  console.log(`mutants: npm install Stryker ${STRYKER_VERSION} (61 MB)`);
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const partial = mkdtempSync(join(ROOT, '.cache', 'partial.'));
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${STRYKER_VERSION}`);
  // Its peer, vitest, is the project's own.
  const options = ['--no-save', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', '--prefix', partial, ...options, ...packages]);
  renameSync(partial, TOOLS);
}

if (files.length === 0) throw new RangeError(`MUTATE=${given} names no file`);
if (every !== '' && !(Number.isInteger(Number(every)) && Number(every) > 0))
  throw new RangeError(`SAMPLE=${every} can't be used: it takes a whole number from 1`);
const changed =
  every === ''
    ? files
    : sampleOf(
        files.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') })),
        Number(every),
      );
fetchStryker();
run(join(TOOLS, 'node_modules', '.bin', 'stryker'), [
  'run',
  'exercises/mutants/stryker.json',
  '--mutate',
  changed.join(','),
]);
