/**
 * The project's Markdown as the tests of the documents see it: its tables, links, headings and the paths that it names.
 */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '#platform/folders.ts';

/** All of the project's Markdown files, from the root. */
export const DOCUMENTS: readonly string[] = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => /(^|\/)(node_modules|\.[a-z])/.test(name),
}).sort();

export const readDocument = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Outside of blocks of code. */
const proseOf = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');

/** The rows of the tables in a text, each as its cells; without heads and rules. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  const lines = proseOf(text).split('\n');
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('|') || /^\|[\s:|-]+\|$/.test(line)) continue;
    if (/^\|[\s:|-]+\|$/.test(lines[index + 1] ?? '')) continue;
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    rows.push(cells.map((cell) => cell.trim().replaceAll('\\|', '|')));
  }
  return rows;
}

/** What stands in backticks in a text. */
export const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

/** The anchors of the headings of a text, as code hosts make them. */
export const anchorsOf = (text: string): Set<string> =>
  new Set(
    [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      (heading as string)
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );

export interface Link {
  /** From the root. */
  readonly target: string;
  readonly anchor: string;
}

/** The links of a document to other files of the project and to headings. */
export function linksOf(file: string): Link[] {
  return [...proseOf(readDocument(file)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to]) => to as string)
    .filter((to) => !/^[a-z]+:/.test(to))
    .map((to) => {
      const [path = '', anchor = ''] = to.split('#');
      return { target: path === '' ? file : normalize(join(dirname(file), path)), anchor };
    });
}

const TOPS = 'core|platform|exchange|services|infra|exercises|test|schemas|policies|patches|docs';

/** The paths from the root that a document names in backticks; not those with a gap such as `<kind>`. */
export const pathsIn = (text: string): string[] =>
  codeIn(proseOf(text)).filter((code) => new RegExp(`^(${TOPS})/[\\w./+-]*$`).test(code));
