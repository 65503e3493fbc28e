/** docs/problem-types.md against the one table of problems: each kind has its row, with its statuses and its mend. */

import { describe, expect, it } from 'vitest';
import { type ProblemKind, PROBLEMS, problemType } from '#platform/problems.ts';
import { codeIn, readDocument, rowsOf } from '#test/support/markdown.ts';
import { SOURCES } from '#test/support/sources.ts';

const KINDS = Object.keys(PROBLEMS) as ProblemKind[];

const ROWS = rowsOf(readDocument('docs/problem-types.md')).map(
  ([type = '', status = '', givenBy = '', meaning = '', mend = '']) => ({
    type: codeIn(type)[0] ?? type,
    status,
    givenBy,
    meaning,
    mend,
  }),
);

describe('docs/problem-types.md', () => {
  it('has one row for each kind, and no other', () => {
    expect(ROWS.map(({ type }) => type).toSorted()).toEqual(KINDS.map(problemType).toSorted());
  });
  it.each(KINDS)('says of %s what it comes with, who gives it, what it means and how to mend it', (kind) => {
    const row = ROWS.find(({ type }) => type === problemType(kind));
    const { statuses, hint } = PROBLEMS[kind];
    expect(row).toMatchObject({
      status: statuses.join(', '),
      givenBy: expect.stringMatching(/^(producer|materialiser|look-up)/) as string,
      meaning: expect.stringMatching(/\S.{8,}/) as string,
      mend: hint === undefined ? (expect.stringMatching(/\S.{8,}/) as string) : expect.any(String),
    });
    if (hint !== undefined) expect(row?.mend.replaceAll('`', '')).toBe(hint);
  });
});

describe('the table of problems', () => {
  it.each(KINDS)('spells %s in kebab-case', (kind) => {
    expect(kind).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  });
  it('is the only place where a type is written', () => {
    const written = SOURCES.filter(({ file }) => !file.startsWith('test/')).filter(({ text }) =>
      text.includes('hutong:problem:'),
    );
    expect(written.map(({ file }) => file)).toEqual(['platform/problems.ts']);
  });
});
