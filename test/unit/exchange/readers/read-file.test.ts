/** A file that somebody sent: which format its content is of, unpacked or not, and what is too much. */

import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readFile } from '#exchange/readers/read-file.ts';
import type { SenderProfile } from '#exchange/readers/sender-profile.ts';
import { workbook } from '#test/support/workbook.ts';
import { BASE } from '#test/unit/exchange/formats/hl7/tried.ts';
import { HEADER, MAPPING, ROW } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';

const PROFILE: SenderProfile = { settings: SETTINGS, sheet: MAPPING };
const BOUNDS = { bytesMax: 100_000, recordsMax: 5 };
const CSV = `${HEADER}\r\n${ROW}\r\n`;
const NDJSON = '{"type":"TestReported"}\n';

async function said(bytes: Buffer | string, profile: SenderProfile | null = PROFILE) {
  const read = await readFile(Buffer.from(bytes as string), profile, BOUNDS);
  return read.ok ? read.items.map(({ kind }) => kind) : read.why;
}

describe('a file', () => {
  it.each([
    ['NDJSON', NDJSON],
    ['HL7', `${BASE}\r`],
    ['HL7 in UTF-16', Buffer.from(`\ufeff${BASE}\r`, 'utf16le')],
    ['CSV', CSV],
    ['CSV with a mark', `\ufeff${CSV}`],
    ['XLSX', workbook([HEADER.split(','), ROW.split(',')])],
  ])('of %s is one event, packed or not', async (_, content) => {
    const bytes = Buffer.from(content as string);
    for (const file of [bytes, gzipSync(bytes), zstdCompressSync(bytes)]) expect(await said(file)).toEqual(['event']);
  });
  it('of several packed parts is read through the last, not only the first frame of zstd', async () => {
    for (const pack of [gzipSync, zstdCompressSync])
      expect(await said(Buffer.concat([pack(NDJSON), pack(NDJSON), pack(NDJSON)]))).toEqual([
        'event',
        'event',
        'event',
      ]);
  });
  it('that only a profile makes understood is read by no other', async () => {
    expect(await said(`${BASE}\r`, null)).toBe('no-profile');
    expect(await said(CSV, null)).toBe('no-profile');
    expect(await said(CSV, { ...PROFILE, sheet: null })).toBe('no-mapping');
    expect(await said(NDJSON, null)).toEqual(['event']);
  });
  it('that is too long, also when it is unpacked, is refused before it is read', async () => {
    expect(await said('x'.repeat(100_001))).toBe('too-long');
    expect(await said(gzipSync('x'.repeat(1_000_000)))).toBe('too-long');
    expect(await said(zstdCompressSync('x'.repeat(1_000_000)))).toBe('too-long');
    expect(await said(NDJSON.repeat(6))).toBe('too-many');
  });
  it('that was damaged, or cut, in its packing is refused', async () => {
    for (const pack of [gzipSync, zstdCompressSync]) expect(await said(pack(CSV).subarray(0, 40))).toBe('damaged');
  });
});
