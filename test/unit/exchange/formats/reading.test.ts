/** From a file's bytes to lines, messages and NDJSON: places, limits, batches, frames, formats. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitMessages } from '#exchange/formats/hl7/split.ts';
import { splitLines } from '#exchange/formats/lines.ts';
import { isNdjsonLineBreak, readNdjsonLine } from '#exchange/formats/ndjson.ts';
import { recogniseFormat } from '#exchange/readers/readers.ts';
import { openInput } from '#services/cli/shared/input.ts';
import { chunksOf, collect, message } from './support.ts';

const isLineFeed = (byte: number) => byte === 0x0a;
const isEitherBreak = (byte: number) => byte === 0x0d || byte === 0x0a;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

async function hl7Items(content: string | Uint8Array, bytesMax = 1 << 20) {
  const items = await collect(splitMessages(chunksOf(content), bytesMax));
  return items.map((item) =>
    item.kind === 'message'
      ? `message ${item.number}`
      : item.kind === 'oversize'
        ? `oversize ${item.number}`
        : `${item.at}: ${item.fault.field} ${item.fault.reason}`,
  );
}

describe('lines', () => {
  it('are the same however the bytes are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\r'), maxLength: 8 }), { maxLength: 8 }),
        async (chunks) => {
          const cut = await collect(splitLines(chunksOf(...chunks), isEitherBreak, 100));
          const whole = await collect(splitLines(chunksOf(chunks.join('')), isEitherBreak, 100));
          expect(cut.map((line) => [line.number, text(line.bytes)])).toEqual(
            whole.map((line) => [line.number, text(line.bytes)]),
          );
          expect(whole.map((line) => text(line.bytes))).toEqual(
            chunks
              .join('')
              .split(/\r\n|\r|\n/)
              .filter((line) => line !== ''),
          );
        },
      ),
    );
  });
  it('beyond the limit are passed on as such, without their bytes', async () => {
    const lines = await collect(splitLines(chunksOf('ok\n', 'x'.repeat(90), 'x'.repeat(90), '\nok'), isLineFeed, 100));
    expect(lines.map((line) => [line.number, line.isTooLong, line.bytes.length])).toEqual([
      [1, false, 2],
      [2, true, 64],
      [3, false, 2],
    ]);
  });
});

describe('HL7 files', () => {
  it('hold messages one after the other, framed by MLLP or not, after a mark and blank lines', async () => {
    expect(await hl7Items(`\r\n\r\n${message()}\r\n${message()}`)).toEqual(['message 1', 'message 2']);
    expect(await hl7Items(`\u000b${message()}\r\u001c\r\u000b${message()}\r\u001c\r`)).toEqual([
      'message 1',
      'message 2',
    ]);
  });
  it('have their batches counted', async () => {
    const batch = (count: number, batches: string) =>
      ['FHS|^~\\&|A', 'BHS|^~\\&|A', message(), message(), `BTS|${count}`, `FTS|${batches}`].join('\r');
    expect(await hl7Items(batch(2, '1'))).toEqual(['message 1', 'message 2']);
    expect(await hl7Items(batch(2, ''))).toEqual(['message 1', 'message 2']);
    expect((await hl7Items(batch(3, '2'))).slice(2)).toEqual([
      expect.stringContaining('BTS-1 says 3, but 2 messages came'),
      expect.stringContaining('FTS-1 says 2, but 1 batches came'),
    ]);
  });
  it('report text outside of messages once, and a file without any', async () => {
    expect(await hl7Items(`hello\rthere\r${message()}`)).toEqual([
      'line 1:  text that belongs to no message',
      'message 1',
    ]);
    expect(await hl7Items('\r\n')).toEqual(['end of file: MSH the file holds no message']);
  });
  it('report a message that is too long, by its lines or by one line, and go on', async () => {
    expect(await hl7Items(`${message()}\rNTE|1||${'x'.repeat(900)}\r${message()}`, 800)).toEqual([
      'oversize 1',
      'message 2',
    ]);
    expect(await hl7Items(`${message()}\r${'NTE|1\r'.repeat(90)}${message()}`, 800)).toEqual([
      'oversize 1',
      'message 2',
    ]);
  });
  it('never make it throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await hl7Items(bytes)).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('NDJSON', () => {
  const read = async (content: string | Uint8Array) =>
    (await collect(splitLines(chunksOf(content), isNdjsonLineBreak, 100)))
      .map((line) => readNdjsonLine(line))
      .map((line) => (line.ok ? line.value : line.fault.reason));
  it('goes on untouched, line by line', async () => {
    expect(await read('{"a":1.0}\r\n\n{"b":2}')).toEqual(['{"a":1.0}', '{"b":2}']);
  });
  it('is refused without being quoted', async () => {
    expect(await read('{"name":"CANARY\n[{}]\nCANARY\n7\nnull')).toEqual([
      'is not a JSON object',
      'is a JSON array',
      'is not a JSON object',
      'is not a JSON object',
      'is not a JSON object',
    ]);
    expect(await read(`{"a":"${'x'.repeat(200)}"}`)).toEqual(['is longer than 65536 bytes']);
    expect(await read(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual(['is not UTF-8']);
  });
});

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-files-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['MSH|^~\\&|', 'hl7'],
    ['\uFEFF\n\nFHS|^~\\&|', 'hl7'],
    ['\u000bMSH|^~\\&|', 'hl7'],
    ['BHS|^~', 'hl7'],
    ['{"type":1}', 'ndjson'],
    ['oops\n {"type":1}', 'ndjson'],
    ['[{"type":1}]', 'ndjson'],
    ['{\n  "resourceType": "Bundle",', 'fhir'],
    ['\uFEFF[{"entry":[{"resource":{"resourceType":"Patient"', 'fhir'],
    ['{"type":"TestReported","laboratory":"\\"resourceType\\":"}', 'ndjson'],
    ['a,b\n1,2', null],
    ['MSHELL', null],
    ['PK\u0003\u0004\nMSH|^~\\&|', null],
    ['', null],
  ])('%j is %s', (start, format) => {
    expect(recogniseFormat(start)).toBe(format);
  });

  it.each([
    ['plain', Buffer.from('{"a":1}')],
    ['marked', Buffer.from('\uFEFF{"a":1}')],
    ['gzip', gzipSync('{"a":1}')],
    ['UTF-16', Buffer.from('\uFEFF{"a":1}', 'utf16le')],
    ['UTF-16 unmarked', Buffer.from('{"a":1}', 'utf16le')],
    ['UTF-16 the other way round', Buffer.from('\uFEFF{"a":1}', 'utf16le').swap16()],
    ['gzip of UTF-16', gzipSync(Buffer.from('\uFEFF{"a":1}', 'utf16le'))],
  ] as const)('are read: %s', async (name, content) => {
    const path = join(folder, name);
    await writeFile(path, content);
    const input = await openInput(path);
    let read = 0;
    const chunks = await collect(input.chunks((bytes) => (read += bytes)));
    expect([input.format, Buffer.concat(chunks).toString(), read]).toEqual(['ndjson', '{"a":1}', content.length]);
  });

  it('that end too early throw after what could be read', async () => {
    const path = join(folder, 'cut.gz');
    await writeFile(path, gzipSync(`{"a":1}\n${'{"b":2}\n'.repeat(9_999)}`).subarray(0, -12));
    await expect(collect((await openInput(path)).chunks(() => undefined))).rejects.toMatchObject({
      code: 'Z_BUF_ERROR',
    });
  });
});
