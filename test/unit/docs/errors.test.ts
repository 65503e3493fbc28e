/** docs/errors.md against the table of codes, word for word, and against what each leads to while materialising. */

import { describe, expect, it } from 'vitest';
import { dispositionOf, ERROR_CODES, type ErrorCode, HutongError } from '#platform/errors.ts';
import { codeIn, readDocument, rowsOf } from '#test/support/markdown.ts';

const DOCUMENT = readDocument('docs/errors.md');
const ROWS = rowsOf(DOCUMENT).map(([code = '', meaning = '', leadsTo = '']) => [
  codeIn(code)[0],
  meaning,
  codeIn(leadsTo)[0],
]);

describe('docs/errors.md', () => {
  it('has the codes in their order, each with its meaning and what it leads to', () => {
    const codes = Object.entries(ERROR_CODES) as [ErrorCode, string][];
    const expected = codes.map(([code, meaning]) => [
      code,
      meaning,
      dispositionOf(new HutongError(code, 'text', { retriable: false })),
    ]);
    expect(ROWS).toEqual(expected);
  });
  it('explains everything that a failure leads to', () => {
    const explained = [...DOCUMENT.matchAll(/^- `(\w+)`: /gm)].map(([, disposition]) => disposition);
    expect(new Set(explained)).toEqual(new Set(ROWS.map(([, , leadsTo]) => leadsTo)));
    expect(explained).toHaveLength(new Set(explained).size);
  });
});
