/** docs/limits.md and docs/waits.md name the constants that there are, with their values and where they are. */

import { describe, expect, it } from 'vitest';
import { codeIn, readDocument, rowsOf } from '#test/support/markdown.ts';
import { SOURCES } from '#test/support/sources.ts';

interface Constant {
  /** With a point in it: a property of the object before the point. */
  readonly name: string;
  readonly value: string;
  readonly file: string;
}

const constantsOf = (text: string): Constant[] =>
  rowsOf(text).map(([name = '', value = '', , where = '']) => ({
    name: codeIn(name)[0] ?? name,
    value: codeIn(value)[0] ?? value,
    file: codeIn(where)[0] ?? where,
  }));

const inFolders = (...tops: readonly string[]) => SOURCES.filter(({ file }) => tops.includes(file.split('/')[0] ?? ''));
const TEXTS = new Map(inFolders('core', 'platform', 'exchange', 'services').map(({ file, text }) => [file, text]));

/** The text of a constant's value; undefined where the file has no such constant. */
function valueIn(text: string, name: string): string | undefined {
  const [constant = '', property] = name.split('.');
  const whole = new RegExp(`^(?:export )?const ${constant}(?:: [^=]+)? = ([\\s\\S]+?)(?: as const)?;`, 'm').exec(text);
  const value = whole?.[1]?.replace(/\s+/g, ' ').replace(/, \}$/, ' }');
  if (property === undefined || value === undefined) return value;
  return new RegExp(`\\b${property}: (.+?)(?:,| \\}|$)`).exec(value.replace(/\/\*\*.*?\*\//g, ''))?.[1];
}

/** What such a name promises belongs in a table. */
const BOUND = /^(?:export )?const ([A-Z][A-Z_0-9]*(?:_MAX|_LIMITS|_TIMEOUT_MS))\b/gm;

const LIMITS = constantsOf(readDocument('docs/limits.md'));
const WAITS = constantsOf(readDocument('docs/waits.md').split(/^## The constants$/m)[1] ?? '');

describe.each([
  ['docs/limits.md', LIMITS],
  ['docs/waits.md', WAITS],
] as const)('%s', (_document, constants) => {
  it('has its constants', () => {
    expect(constants.length).toBeGreaterThan(25);
  });
  it.each(constants)('says truly that $name is $value in $file', ({ name, value, file }) => {
    expect(valueIn(TEXTS.get(file) ?? '', name)).toBe(value);
  });
});

describe('every bound in the code', () => {
  const documented = new Set([...LIMITS, ...WAITS].map(({ name, file }) => `${name.split('.')[0]} in ${file}`));
  const bounds = [...TEXTS].flatMap(([file, text]) =>
    [...text.matchAll(BOUND)].map(([, name]) => `${name} in ${file}`),
  );
  it('stands in one of the tables', () => {
    expect(bounds.length).toBeGreaterThan(60);
    expect(bounds.filter((bound) => !documented.has(bound))).toEqual([]);
  });
  it('stands there once', () => {
    const all = [...LIMITS, ...WAITS].map(({ name, file }) => `${name} in ${file}`);
    expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([]);
  });
});

describe('the value of a constant', () => {
  const TEXT =
    'const A_MAX = 1_000;\nexport const B_LIMITS = {\n  /** So many. */\n  one: 2,\n  two: 3 * 4,\n} as const;\n';
  it.each([
    ['A_MAX', '1_000'],
    ['B_LIMITS', '{ /** So many. */ one: 2, two: 3 * 4 }'],
    ['B_LIMITS.one', '2'],
    ['B_LIMITS.two', '3 * 4'],
    ['B_LIMITS.three', undefined],
    ['MAX', undefined],
  ])('is found: %s', (name, value) => {
    expect(valueIn(TEXT, name)).toBe(value);
  });
});
