/** A spreadsheet's bytes to rows under the header that is asked for. */

import { describe, expect, it } from 'vitest';
import { SHEET_LIMITS } from '#exchange/formats/sheet/bounds.ts';
import { type Cell, textOfCell } from '#exchange/formats/sheet/cell.ts';
import { readTables } from '#exchange/formats/sheet/table.ts';
import { workbook } from '#test/support/workbook.ts';

const NAMES = ['姓名', '结果'];
const CSV = '某某医院核酸结果,,\r\n,,\r\n姓名, 结果 ,备注\r\n张三,阴性,\r\n\r\n李四,阳性,x\r\n合计,2,\r\n';
/** 姓名,结果 CR LF 张三,阴性 CR LF in GB 18030. */
const GBK = Buffer.from('d0d5c3fb2cbde1b9fb0d0ad5c5c8fd2cd2f5d0d40d0a', 'hex');
const UTF16 = Buffer.from(`\ufeff${CSV}`, 'utf16le');

const text = (cell: Cell) => (cell.kind === 'clock' ? new Date(cell.wallMs).toISOString() : textOfCell(cell));

async function read(bytes: Uint8Array | string, names: readonly string[] = NAMES) {
  const tables = await readTables(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, names);
  if (!tables.ok) return tables.fault;
  return tables.value.flatMap(({ rows }) =>
    rows.map(({ at, cells, lacks }) => [at, ...((lacks === undefined && cells?.map(text)) || ['unread'])]),
  );
}

describe('a table of CSV', () => {
  const rows = [
    ['row 4', '张三', '阴性', ''],
    ['row 6', '李四', '阳性', 'x'],
    ['row 7', '合计', '2', ''],
  ];
  it('begins under a header that stands under merged titles', async () => {
    expect(await read(CSV)).toEqual(rows);
  });
  it.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${CSV}`)],
    ['UTF-16', UTF16],
    ['UTF-16, big end first', Buffer.from(UTF16).swap16()],
    ['tabs', CSV.replaceAll(',', '\t')],
    ['semicolons', CSV.replaceAll(',', ';')],
    ['bars', CSV.replaceAll(',', '|')],
    ['line feeds', CSV.replaceAll('\r\n', '\n')],
    ['carriage returns', CSV.replaceAll('\r\n', '\r')],
    ['names in full width and with blanks', CSV.replace('姓名, 结果 ', '"姓 名",\u200b结果\u3000')],
  ])('is the same with %s', async (_what, bytes) => {
    expect(await read(bytes)).toEqual(rows);
  });
  it('is read as GB 18030 where the header proves it', async () => {
    expect(await read(GBK)).toEqual([['row 2', '张三', '阴性']]);
  });
  it('is not read as GB 18030 by the names of another sender', async () => {
    expect(await read(GBK, ['name', 'result'])).toMatchObject({ field: '', reason: expect.stringContaining('no row') });
  });
  it('in bytes of two encodings is refused', async () => {
    expect(await read(Buffer.concat([Buffer.from(CSV), GBK]))).toMatchObject({ reason: expect.any(String) });
  });
  it('names the columns that its header lacks', async () => {
    expect(await read(CSV, [...NAMES, '采样时间'])).toMatchObject({ field: '采样时间' });
  });
  it('that is prose has one fault', async () => {
    expect(await read('This is not a csv file.\n\nNot at all!\n')).toMatchObject({ field: '' });
  });
  it('says which row has no line end', async () => {
    for (const [bytes, isOpen] of [
      [CSV, undefined],
      [CSV.trimEnd(), true],
    ] as const) {
      const tables = await readTables(Buffer.from(bytes), NAMES);
      expect(tables.ok && tables.value[0]?.rows.at(-1)?.isOpen).toBe(isOpen);
    }
  });
  it('that was cut within a character loses no other row', async () => {
    const bytes = Buffer.from(CSV);
    const whole = bytes.lastIndexOf('计');
    expect(await read(bytes.subarray(0, whole + 1))).toEqual([...rows.slice(0, 2), ['row 7', '合\ufffd']]);
  });
  it('gives whole rows of the file, or a fault, wherever it is cut', async () => {
    const bytes = Buffer.from(CSV);
    const whole = new Set<string>();
    for (let end = 0; end < bytes.length; end++) {
      const tables = await readTables(bytes.subarray(0, end), NAMES);
      for (const { at, cells, isOpen } of tables.ok ? (tables.value[0]?.rows ?? []) : [])
        if (isOpen !== true) whole.add([at, ...(cells ?? []).map(text)].join());
    }
    expect([...whole]).toEqual(rows.map(String));
  });
});

describe('a table of a workbook', () => {
  const ROWS = [
    ['某某医院', null],
    [],
    ['姓名', '结果', '号码', '时间'],
    ['张三', '阴性', { number: '110105194912310000' }, { date: '44747.354166666664' }],
    [null, null],
    ['李四', '阳性', '11010519491231002X', { date: '0.5' }],
  ] as const;
  it('has rows as a program numbers them, numbers in the file’s digits, dates as on the wall', async () => {
    expect(await read(workbook(ROWS))).toEqual([
      ['row 4', '张三', '阴性', '110105194912310000', expect.stringMatching(/^2022-07-05T08:(29:59|30:00)/)],
      ['row 6', '李四', '阳性', '11010519491231002X', expect.stringMatching(/^1(899|900)/)],
    ]);
  });
  it('has the rows of every sheet, those without the header as rows that can’t be read', async () => {
    expect(await read(workbook(ROWS.slice(2, 4), [['about', 'this']], ROWS.slice(2, 4)))).toEqual([
      expect.arrayContaining(['sheet 1, row 2', '张三']),
      ['sheet 2, row 1', 'unread'],
      expect.arrayContaining(['sheet 3, row 2', '张三']),
    ]);
  });
  it('that is cut anywhere, or damaged, has one fault', async () => {
    const bytes = workbook(ROWS);
    for (let end = 4; end < bytes.length; end += 97)
      expect(await read(bytes.subarray(0, end))).toHaveProperty('reason');
  });
  it('that unpacks to too much is not unpacked', async () => {
    const bytes = Buffer.from(workbook(ROWS));
    const directory = bytes.indexOf(Buffer.from('504b0102', 'hex'));
    bytes.writeUInt32LE(SHEET_LIMITS.unpackedBytesMax + 1, directory + 24);
    expect(await read(bytes)).toMatchObject({ reason: expect.stringContaining('unpacks to more than') });
  });
});
