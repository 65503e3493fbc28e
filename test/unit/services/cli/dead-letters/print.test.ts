/** What is printed of a letter: what the record holds, nothing that moves the cursor, and a warning. */

import { describe, expect, it } from 'vitest';
import { letterHeaders } from '#exchange/topics/letters.ts';
import { hexDump, letterJson, letterText, PERSONAL_DATA, tableOf } from '#services/cli/dead-letters/print.ts';
import { type Letter, LetterBook, type LetterRecord } from '#services/cli/shared/letter-book.ts';

const PLACE = { topic: 'tests', partition: 3, offset: 41 };
const record: LetterRecord = {
  key: Buffer.alloc(16, 0xab),
  value: Buffer.concat([Buffer.of(0, 0, 0, 0, 77), Buffer.from('A-17 \u001B[2J'), Buffer.alloc(40, 0x41)]),
  appendedAtMs: Date.UTC(2022, 7, 1),
  headers: letterHeaders(
    { ...PLACE, appendedAtMs: 7, headers: { ce_source: '/provinces/43/producers/43-a', odd: 'a\u001B[31mb' } },
    'unknown_schema_id',
    'the registry knows no schema 77',
    Buffer.alloc(16),
    '43',
  ),
};
const book = new LetterBook();
book.take(record);
const letter = book.letterAt(PLACE) as Letter;

describe('a letter', () => {
  it('is a row with place, reason, whom it marks and its state', () => {
    const table = tableOf([letter], book);
    for (const text of ['tests/3/41', 'unknown_schema_id', 'knows no schema 77', '43', 'its person', 'open'])
      expect(table).toContain(text);
    expect(table).not.toContain('abab');
  });
  it('is shown with schema id, key, headers and a dump of so many bytes, and a warning', () => {
    const text = letterText(letter, record, book, 16);
    for (const part of [
      'schema id 77',
      'ab'.repeat(16),
      'ce_source: /provinces/43/producers/43-a',
      '00000000  00 00 00 00 4d 41 2d 31 37',
      'more bytes: --bytes 54',
      PERSONAL_DATA,
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('\u001B');
  });
  it('without a value or key says so', () => {
    const text = letterText(letter, { ...record, key: null, value: null }, book, 16);
    expect(text).toContain('value     none');
    expect(text).toContain('key       none');
  });
  it('as JSON holds no key and no bytes', () => {
    expect(letterJson(letter, book)).toEqual({
      letter: 'tests/3/41',
      ...PLACE,
      reason: 'unknown_schema_id',
      detail: 'the registry knows no schema 77',
      province: '43',
      marks: 'person',
      hasKey: true,
      bytes: 54,
      writtenAt: expect.any(String) as string,
      replays: null,
      settled: null,
    });
  });
});

describe('a hex dump', () => {
  it('has sixteen bytes in a row, with what is printable', () => {
    expect(hexDump(Buffer.from('0123456789abcdef\n!'))).toEqual([
      '  00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  |0123456789abcdef|',
      `  00000010  0a 21${' '.repeat(43)} |.!|`,
    ]);
    expect(hexDump(Buffer.alloc(0))).toEqual([]);
  });
});
