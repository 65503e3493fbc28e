/** Text with separators: no two rows become one unsaid, whatever the quotation marks. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHEET_LIMITS } from '#exchange/formats/sheet/bounds.ts';
import { rowsOf } from '#exchange/formats/sheet/delimited.ts';

const linesOf = (text: string) => rowsOf(text, ',').map(({ line, cells }) => [line, cells]);

describe('rows of text with separators', () => {
  it('are cut at every kind of line end, also in one file', () => {
    expect(linesOf('a,b\r\n1,2\n3,4\r5,6')).toEqual([
      [1, ['a', 'b']],
      [2, ['1', '2']],
      [3, ['3', '4']],
      [4, ['5', '6']],
    ]);
  });
  it('have quoted separators, tabs and line breaks within a cell', () => {
    expect(linesOf('"Labs, Inc","a\tb"\n"two\nlines",x\ny,z\n')).toEqual([
      [1, ['Labs, Inc', 'a\tb']],
      [2, ['two\nlines', 'x']],
      [4, ['y', 'z']],
    ]);
  });
  it('are not folded by a quotation mark that is never closed', () => {
    expect(linesOf('a,b\n"1,2\n3,4\n5,6\n')).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['3', '4']],
      [4, ['5', '6']],
    ]);
  });
  it('are not folded by a quotation mark that another row’s closes', () => {
    expect(linesOf('a,b\n"1,2\n3,4\n5,"6"\n7,8\n')).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['3', '4']],
      [4, ['5', '6']],
      [5, ['7', '8']],
    ]);
  });
  it('are not folded by a mark that is closed amid the next row’s first cell', () => {
    expect(linesOf('a,b,c\n1,2,"3\n"4,5,6\n7,8,9\n')).toEqual([
      [1, ['a', 'b', 'c']],
      [2, null],
      [3, null],
      [4, ['7', '8', '9']],
    ]);
  });
  it('are each named where too many marks are open', () => {
    const rows = linesOf('"1,2\n'.repeat(SHEET_LIMITS.openQuotesMax + 10));
    expect(rows).toHaveLength(SHEET_LIMITS.openQuotesMax + 10);
  });
  it('that are too long are named, and reading goes on', () => {
    expect(linesOf(`a,b\n${'x'.repeat(SHEET_LIMITS.rowCharsMax + 10)}\n1,2\n`)).toEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['1', '2']],
    ]);
  });
  it('are those that were written, whatever is in the cells', () => {
    const cell = fc.string({ maxLength: 6 }).map((text) => text.replace(/[,\r\n\ufeff]/g, ''));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 }), (rows) => {
        const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        expect(rowsOf(`${text}\r\n`, ',').map(({ cells }) => cells)).toEqual(rows);
      }),
      { numRuns: 100 },
    );
  });
  it('account for every line, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '1', ' '), maxLength: 60 });
    fc.assert(
      fc.property(text, (whatever) => {
        const rows = rowsOf(whatever, ',');
        const lines = rows.map(({ line }) => line);
        expect(lines).toEqual(lines.toSorted((left, right) => left - right));
        expect(lines.at(-1) ?? 0).toBeLessThanOrEqual(whatever.split(/\r\n|\n|\r/).length);
        // Every letter is in a cell, or in a line that is named as one that can't be read.
        const read = rows.flatMap(({ cells }) => cells ?? []).join('');
        const unread = rows.some(({ cells }) => cells === null);
        if (!unread) expect(read.replace(/[^a1]/g, '')).toBe(whatever.replace(/[^a1]/g, ''));
      }),
      { numRuns: 500 },
    );
  });
});
