/** The style of the sources, as far as a program can check it; what the linter checks already isn't here again. */

import { describe, expect, it } from 'vitest';
import { importsOf, type Source, SOURCES } from '#test/support/sources.ts';

const LINES_MAX = 300;
const COLUMNS_MAX = 120;

/** Names a fault of a source, or null. */
type Rule = (source: Source) => string | null;

const within =
  (folders: readonly string[], rule: Rule, { but = '' } = {}): Rule =>
  (source) =>
    folders.some((folder) => source.file.startsWith(`${folder}/`)) && source.file !== but ? rule(source) : null;
const without =
  (what: string, pattern: RegExp): Rule =>
  ({ text }) => {
    const line = codeOf(text)
      .split('\n')
      .findIndex((content) => pattern.test(content));
    return line === -1 ? null : `line ${line + 1} has ${what}`;
  };

/** The text with its texts emptied and its comments gone, line by line. */
function codeOf(text: string): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
  return text.replace(token, (found) => found.replace(/[^\n]/g, ' '));
}

/** An address can't be cut, and text in another script is wider or narrower than it counts. */
const isOfOtherText = (line: string): boolean => /\w:\/\/|\p{Script=Han}/u.test(line);
const wordsOf = (...words: string[]) => new RegExp(`\\b(${words.join('|')})\\b`);

const RULES: Readonly<Record<string, Rule>> = {
  'opens with what it is': ({ text }) =>
    /^(#!.*\n)?\/\*\*\s[\s\S]{10,}?\*\//.test(text) ? null : 'opens with no doc comment',
  [`has at most ${LINES_MAX} lines`]: ({ text }) =>
    text.split('\n').length - 1 > LINES_MAX ? `has ${text.split('\n').length - 1} lines` : null,
  [`is at most ${COLUMNS_MAX} columns wide`]: ({ text }) => {
    const line = text.split('\n').findIndex((content) => [...content].length > COLUMNS_MAX && !isOfOtherText(content));
    return line === -1 ? null : `line ${line + 1} is wider`;
  },
  'is named in kebab-case': ({ file }) =>
    /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/.test(file.split('/').at(-1) ?? '') ? null : 'is named otherwise',
  'has no enum, which Node can’t strip': without('an enum', /\benum\s+\w+\s*\{/),
  'has no type that checks nothing': without('any', /(?:[:<|&,(]|\bas)\s*any\b/),
  'has no note to oneself': ({ text }) =>
    wordsOf('TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX').test(text) ? 'has a note to oneself' : null,
  'runs all of its tests': within(
    ['test'],
    without('a test that is left out or runs alone', /\.(only|skip|todo)\s*\(/),
  ),
  'reads no clock, chance or environment in the core': within(
    ['core'],
    without(
      'a clock, chance or the environment',
      /\b(Date\.now|Math\.random|process\.env|performance\.now)\b|\bDate\(\s*\)/,
    ),
  ),
  'reads the environment in one place': within(
    ['platform', 'exchange', 'services'],
    without('the environment', /\bprocess\.env\b/),
    {
      but: 'platform/config.ts',
    },
  ),
  'asks for the ends of the log in one place, which asks again where kafkajs must be': within(
    ['platform', 'exchange', 'services', 'infra', 'exercises'],
    without('fetchTopicOffsets', /\bfetchTopicOffsets\b/),
    { but: 'platform/kafka/ends.ts' },
  ),
  'names the endings of what it imports': ({ text }) => {
    const bare = importsOf(text).find((name) => /^(\.|#)/.test(name) && !name.endsWith('.ts'));
    return bare === undefined ? null : `imports ${bare}`;
  },
};

const faultsOf = (rule: Rule, sources: readonly Source[]): string[] =>
  sources.flatMap((source) => {
    const fault = rule(source);
    return fault === null ? [] : [`${source.file} ${fault}`];
  });

describe('every source', () => {
  it.each(Object.entries(RULES))('%s', (_name, rule) => {
    expect(faultsOf(rule, SOURCES)).toEqual([]);
  });
  it('is looked at', () => {
    const folders = new Set(SOURCES.map(({ file }) => file.split('/').slice(0, 2).join('/')));
    for (const folder of [
      'core/view',
      'platform/kafka',
      'exchange/fold',
      'services/lookup',
      'test/unit',
      'test/support',
    ])
      expect(folders).toContain(folder);
  });
});

describe('the rules', () => {
  const HEAD = '/** What this file is, in a sentence. */\n';
  it.each([
    ['opens with what it is', 'core/view/a.ts', "import fs from 'node:fs';\n"],
    [`has at most ${LINES_MAX} lines`, 'core/view/a.ts', '\n'.repeat(LINES_MAX + 1)],
    [`is at most ${COLUMNS_MAX} columns wide`, 'core/view/a.ts', `${HEAD}// ${'x'.repeat(COLUMNS_MAX - 2)}\n`],
    ['is named in kebab-case', 'core/view/aB.ts', HEAD],
    ['has no enum, which Node can’t strip', 'test/unit/a.ts', HEAD + 'const enum Colour { red }'],
    ['has no type that checks nothing', 'test/unit/a.ts', HEAD + 'const a = b as any;'],
    ['has no type that checks nothing', 'test/unit/a.ts', HEAD + 'let a: Map<string, any>;'],
    ['has no note to oneself', 'infra/a.ts', HEAD + '// TO' + 'DO: later'],
    ['runs all of its tests', 'test/unit/a.test.ts', HEAD + 'it.only("a", () => {});'],
    ['reads no clock, chance or environment in the core', 'core/view/a.ts', HEAD + 'const a = Date.now();'],
    ['reads no clock, chance or environment in the core', 'core/view/a.ts', HEAD + 'const a = new Date( );'],
    ['reads the environment in one place', 'services/lookup/a.ts', HEAD + 'const a = process.env[name];'],
    ['names the endings of what it imports', 'core/view/a.ts', HEAD + "import {\n  a,\n} from './b';"],
    ['names the endings of what it imports', 'core/view/a.ts', HEAD + 'const a = await import' + "('#core/b');"],
  ])('find what they look for: %s (%s)', (name, file, text) => {
    expect(faultsOf(RULES[name] as Rule, [{ file, text }])).toHaveLength(1);
  });
  it('mind no text and no comment', () => {
    const text =
      HEAD +
      '// as any, process.env, enum A { }\n' +
      'const a = "process.env Date.now(), : any"; /* it.only( */\n' +
      `// https://example.org/${'x'.repeat(COLUMNS_MAX)}\n// ${'字'.repeat(COLUMNS_MAX)}\n` +
      "import { b } from './b.ts';";
    for (const rule of Object.values(RULES)) expect(faultsOf(rule, [{ file: 'core/view/a.ts', text }])).toEqual([]);
  });
});
