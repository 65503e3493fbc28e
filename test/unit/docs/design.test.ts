/** The documents say what the tree is: every file and folder that they name is there, and every folder is named. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';
import { anchorsOf, codeIn, DOCUMENTS, linksOf, pathsIn, readDocument, rowsOf } from '#test/support/markdown.ts';
import { SOURCES } from '#test/support/sources.ts';

const LINES_MAX = 250;
const BYTES_MAX = 25_000;
const DESIGN = readDocument('DESIGN.md');
const TOPS = ['core', 'platform', 'exchange', 'services', 'infra', 'exercises'];

/** A folder that holds sources and every folder above it. */
const FOLDERS = [
  ...new Set(
    SOURCES.map(({ file }) => dirname(file))
      .filter((folder) => TOPS.includes(folder.split('/')[0] as string))
      .flatMap((folder) => folder.split('/').map((_, depth, parts) => parts.slice(0, depth + 1).join('/'))),
  ),
].sort();

const sectionOf = (title: string): string =>
  new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(DESIGN)?.[1] ?? '';

describe('DESIGN.md', () => {
  it(`has at most ${LINES_MAX} lines and ${BYTES_MAX} bytes`, () => {
    expect(DESIGN.split('\n').length - 1).toBeLessThanOrEqual(LINES_MAX);
    expect(Buffer.byteLength(DESIGN)).toBeLessThanOrEqual(BYTES_MAX);
  });
  it('explains fifteen to twenty terms', () => {
    const terms = rowsOf(sectionOf('Vocabulary'));
    expect(terms.length).toBeGreaterThanOrEqual(15);
    expect(terms.length).toBeLessThanOrEqual(20);
  });
  it('has a map of the folders that there are, each with what never happens in it', () => {
    const rows = rowsOf(sectionOf('Code map'));
    const mapped = rows.map(([folder = '']) => codeIn(folder)[0]?.replace(/\/$/, '') ?? '');
    expect(mapped.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
    // Deeper ones are told by the README of the folder above.
    const shallow = FOLDERS.filter((folder) => folder.split('/').length <= 2);
    expect(shallow.filter((folder) => !mapped.includes(folder))).toEqual([]);
    expect(rows.filter(([, what, invariant]) => !what || !invariant)).toEqual([]);
  });
  it('names each guarantee that docs/guarantees.md explains, and no other', () => {
    const named = [...sectionOf('Guarantees').matchAll(/^- \*\*([^*]+)\.\*\*/gm)].map(([, name]) => name);
    const explained = rowsOf(readDocument('docs/guarantees.md')).map(([name = '']) => codeIn(name)[0]);
    expect(named.length).toBeGreaterThan(15);
    expect(named).toEqual(explained);
  });
});

describe('each guarantee', () => {
  const rows = rowsOf(readDocument('docs/guarantees.md'));
  it.each(rows.map(([name = '', , mechanism = '', tests = '']) => ({ name, mechanism, tests })))(
    '$name has files that make it hold and tests that are there',
    ({ mechanism, tests }) => {
      for (const files of [pathsIn(mechanism), pathsIn(tests)]) {
        expect(files.length).toBeGreaterThan(0);
        expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
      }
      expect(pathsIn(tests).every((file) => file.endsWith('.test.ts'))).toBe(true);
    },
  );
});

describe('every document', () => {
  it.each(DOCUMENTS)('%s links to what is there', (file) => {
    const lost = linksOf(file).filter(
      ({ target, anchor }) =>
        !existsSync(join(ROOT, target)) || (anchor !== '' && !anchorsOf(readDocument(target)).has(anchor)),
    );
    expect(lost).toEqual([]);
  });
  it.each(DOCUMENTS)('%s names only files that are there', (file) => {
    expect(pathsIn(readDocument(file)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
  it('of docs/ is in its index', () => {
    const listed = linksOf('docs/README.md').map(({ target }) => target);
    expect(DOCUMENTS.filter((file) => file.startsWith('docs/') && file !== 'docs/README.md')).toEqual(listed.sort());
  });
});

describe('every folder', () => {
  it.each(FOLDERS)('%s opens with what it is and what it must never do', (folder) => {
    const text = readDocument(`${folder}/README.md`).split('\n').slice(1).join('\n').split('\n\n')[0] ?? '';
    expect(text.trim()).toMatch(/\b(never|nothing|no|not)\b|n['’]t\b/i);
    expect(text.trim().length).toBeGreaterThan(40);
  });
});
