/**
 * A copy of the project in a temporary folder, in which a test adds something by the list that DESIGN.md gives for it.
 * What the project has installed is linked, not copied. The project itself is never written to.
 */

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '#platform/folders.ts';
import { TOPS } from './sources.ts';

/** All that the type check and the command need. */
const COPIED = [
  ...TOPS,
  'docs',
  'policies',
  'schemas',
  'Makefile',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

export interface Ran {
  readonly status: number | string;
  readonly output: string;
}

export interface TemporaryTree extends Disposable {
  readonly root: string;
  /** The files that were written or changed, in their order. */
  readonly touched: readonly string[];
  readonly write: (file: string, text: string) => void;
  /** @throws RangeError where `before` isn't there exactly once */
  readonly replace: (file: string, before: string, after: string) => void;
  /** Runs a program of the project with Node, in the tree. */
  readonly node: (...args: readonly string[]) => Promise<Ran>;
  /** The type check of the whole tree. */
  readonly typeCheck: () => Promise<Ran>;
}

export function temporaryTree(): TemporaryTree {
  const root = mkdtempSync(join(tmpdir(), 'hutong-tree-'));
  for (const name of COPIED)
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const touched: string[] = [];
  const write = (file: string, text: string): void => {
    if (!touched.includes(file)) touched.push(file);
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const node = (...args: readonly string[]): Promise<Ran> =>
    new Promise((resolve) => {
      execFile(process.execPath, [...args], { cwd: root, maxBuffer: 16 * 2 ** 20 }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : (error.code ?? 'killed'), output: stdout + stderr });
      });
    });
  return {
    root,
    touched,
    write,
    replace: (file, before, after) => {
      const pieces = readFileSync(join(root, file), 'utf8').split(before);
      if (pieces.length !== 2) throw new RangeError(`${file} holds ${pieces.length - 1} times: ${before}`);
      write(file, pieces.join(after));
    },
    node,
    typeCheck: () => node('node_modules/typescript/bin/tsc'),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/**
 * The files that DESIGN.md's "How to add" names for something, such as "A kind of clause".
 *
 * @param names what stands for each placeholder: `{ kind: 'tested_since' }` for `<kind>`
 */
export function filesToTouch(what: string, names: Readonly<Record<string, string>>): string[] {
  const design = readFileSync(join(ROOT, 'DESIGN.md'), 'utf8');
  const start = design.indexOf(`**${what}**`);
  if (start < 0) throw new RangeError(`DESIGN.md doesn't say how to add: ${what}`);
  const list = design.slice(start).split('\n\n')[0] ?? '';
  return list
    .split('\n- ')
    .slice(1)
    .flatMap(pathsOf)
    .map((path) => filled(path, names));
}

/** Those before the colon: what stands behind it explains them. */
const pathsOf = (line: string): string[] =>
  [...(line.split(':')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? '');

const filled = (path: string, names: Readonly<Record<string, string>>): string =>
  path.replace(/<([a-z-]+)>/g, (placeholder, name: string) => names[name] ?? placeholder);
