/**
 * The reader of files written by people: it takes what JSON.parse takes, but for what two readers would read
 * differently, and says where what it doesn't take is wrong.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locationOf, readJson } from '#exchange/policy/json.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const faults = (text: string | Uint8Array) => {
  const read = readJson(typeof text === 'string' ? Buffer.from(text) : text);
  return 'faults' in read ? read.faults : [];
};

describe('what is wrong is found where it stands:', () => {
  it.each([
    ['an empty file', '', '', '1:1', 'is empty', 'write the JSON'],
    ['nothing but space', ' \n ', '', '2:2', 'is empty', 'write the JSON'],
    ['a byte order mark', '\uFEFF{}', '', '1:1', 'byte order mark', 'UTF-8 without one'],
    ['a comment after a value', '{\n  "a": 1, // why\n  "b": 2\n}', '', '2:11', 'has a comment', 'take it out'],
    ['a comment first', '/* rule */ {}', '', '1:1', 'has a comment', 'take it out'],
    [
      'a name that is there twice',
      '{ "from": ["54"],\n  "from": "all" }',
      '/from',
      '2:3',
      'is there twice, first on line 1',
      'keep one',
    ],
    [
      'the same name with an escape',
      '{ "in~/Force": 1, "in~\\u002fForce": 2 }',
      '/in~0~1Force',
      '1:19',
      'is there twice',
      'keep one',
    ],
    ['a comma too many', '{\n "a": [1, 2,],\n}', '', '2:13', 'a comma with nothing after it', 'take the comma out'],
    ['a comma missing', '{\n "a": 1\n "b": 2\n}', '', '3:2', 'where a comma is wanted', 'put a comma'],
    ['a colon missing', '{ "a" 1 }', '', '1:7', 'where a colon is wanted', 'put a :'],
    ['a name without quotation marks', '{ a: 1 }', '', '1:3', 'that JSON doesn’t know', 'names and texts in "…"'],
    ['single quotation marks', "{ 'a': 1 }", '', '1:3', "has ' where", 'write "'],
    ['quotation marks of an input method', '{ "a": “北京” }', '', '1:8', 'has “ where', 'write "'],
    ['a comma of an input method', '{ "a": 1， "b": 2 }', '', '1:9', 'has ， where', 'write ,'],
    ['an end too early', '{ "a": [1', '', '1:10', 'ends too early', 'isn’t closed'],
    ['more after the end', '{}\n}', '', '2:1', 'goes on after its end', 'take out what follows'],
    ['a text over two lines', '{\n "zh": "长沙\n市" }', '', '2:8', 'isn’t closed on its line', 'close it'],
    ['an escape of another language', '["\\x41"]', '', '1:2', 'an escape', 'backslash'],
    ['a number of another language', '[007]', '', '1:3', 'where a comma is wanted', 'put a comma'],
    ['a word of another language', '[None]', '', '1:2', 'that JSON doesn’t know', 'null'],
    ['nesting without end', '['.repeat(100_000), `${'/0'.repeat(65)}`, '1:66', 'nested more than 64 deep', 'flatter'],
  ])('%s', (_name, text, pointer, location, detail, mend) => {
    const [fault] = faults(text);
    expect(fault).toEqual({
      pointer,
      line: Number(location.split(':')[0]),
      column: Number(location.split(':')[1]),
      detail: expect.stringContaining(detail),
      mend: expect.stringContaining(mend),
    });
  });
  it('bytes that are no UTF-8, which would have become another text silently', () => {
    const inGbk = Buffer.concat([Buffer.from('{\n  "zh": "'), Buffer.from([0xb3, 0xa4]), Buffer.from('" }')]);
    const cut = Buffer.from('{ "zh": "长沙" }').subarray(0, 14);
    expect([faults(inGbk), faults(cut)]).toMatchObject([
      [{ line: 2, column: 10, detail: 'is not UTF-8', mend: expect.stringContaining('save the file as UTF-8') }],
      [{ line: 1, column: 11 }],
    ]);
  });
  it('text of UTF-16', () => {
    expect(faults(Buffer.from('\uFEFF{}', 'utf16le'))).toMatchObject([{ line: 1, column: 1, detail: 'is not UTF-8' }]);
  });
  it('all names that are there twice', () => {
    expect(faults('{ "a": 1, "a": 2,\n "b": { "c": 1, "c": 2 } }').map(({ pointer, line }) => [pointer, line])).toEqual(
      [
        ['/a', 1],
        ['/b/c', 2],
      ],
    );
  });
});

describe('what is right', () => {
  it('is read with the place of everything in it', () => {
    const read = readJson(Buffer.from('{\r\n  "a": [1,\n   {"b/c": "汉字", "d": null}]\n}'));
    expect(read).toMatchObject({ value: { a: [1, { 'b/c': '汉字', d: null }] } });
    if ('faults' in read) return;
    expect([...read.locations].map(([pointer, { line, column }]) => [pointer, line, column])).toEqual([
      ['', 1, 1],
      ['/a', 2, 3],
      ['/a/0', 2, 9],
      ['/a/1', 3, 4],
      ['/a/1/b~1c', 3, 5],
      ['/a/1/d', 3, 18],
    ]);
    expect(locationOf(read.locations, '/a/1/missing/further')).toEqual({ line: 3, column: 4 });
  });
  it('is just what JSON.parse takes', () => {
    const marks = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      ' ',
      '\n',
      '\t',
      '\u00a0',
      '\u000b',
      '-',
      '+',
      '.',
      '0',
      '1',
      'e',
      'E',
      'true',
      'null',
      'x',
      '\\u00',
      '"a"',
      '汉',
      '\u2028',
      '__proto__',
    );
    const broken = fc
      .tuple(fc.json(), fc.array(fc.tuple(fc.nat(), marks, fc.nat({ max: 2 })), { maxLength: 3 }))
      .map(([json, changes]) =>
        changes.reduce(
          (text, [at, mark, length]) =>
            text.slice(0, at % (text.length + 1)) + mark + text.slice((at % (text.length + 1)) + length),
          json,
        ),
      );
    let taken = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          broken,
          fc.array(marks, { maxLength: 8 }).map((parts) => parts.join('')),
        ),
        (given) => {
          const text = Buffer.from(given).toString('utf8');
          const read = readJson(Buffer.from(text));
          let value: unknown;
          try {
            value = JSON.parse(text);
          } catch {
            expect('faults' in read).toBe(true);
            return;
          }
          taken += 1;
          if ('faults' in read) for (const { detail } of read.faults) expect(detail).toContain('is there twice');
          else expect(read.value).toEqual(value);
        },
      ),
      { numRuns: runs(5_000) },
    );
    if (ARE_ALL_RUNS) expect(taken).toBeGreaterThan(500);
  });
});
