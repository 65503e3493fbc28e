/** What a third trial, over siblings of what was tried before, found wrong in spreadsheets; named after it. */

import { describe, expect, it } from 'vitest';
import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { type SheetCell, workbook } from '#test/support/workbook.ts';
import { chunksOf, collect } from '#test/unit/exchange/formats/support.ts';
import { HEADER, MAPPING, ROW, rowOf } from './mapped-sheet.ts';

const OTHER = '110101199003070038';

async function said(content: string | Uint8Array, mapping: SheetMapping = MAPPING) {
  const items = await collect(readSheet(chunksOf(content), mapping));
  return items.map((item) => {
    if (item.kind === 'event') {
      const event = JSON.parse(item.json) as TestReportedJson;
      return `${item.at} ${event.sampleId} ${event.status} ${event.result}`;
    }
    const faults = item.kind === 'file_fault' ? [item.fault] : item.faults;
    return `${item.at} ${item.kind}: ${faults.map(({ field, reason }) => `${field} ${reason}`.trim()).join('; ')}`;
  });
}
const csv = (...rows: readonly string[]) => [...rows, ''].join('\r\n');

describe('one positive of a pool becomes a positive of each of its people', () => {
  const { columns, values } = MAPPING;
  const mapping: SheetMapping = {
    ...MAPPING,
    columns: { ...columns, tubeId: '管号', poolSize: '混采比例' },
    values: { ...values, poolSize: { '10合1': 10, 单采: 1 } },
  };
  const header = `${HEADER},管号,混采比例`;
  const rows = (size: string, result = '阳性') => [
    `${rowOf({ result })},T-1,${size}`,
    `${rowOf({ number: OTHER, sample: 'S-8', result })},T-1,${size}`,
  ];

  it.each(['', '单采'])('where people share a tube and its size is written “%s”', async (size) => {
    expect(await said(csv(header, ...rows(size)), mapping)).toEqual([
      'row 2 refused: 管号 is of a pool whose size isn’t said',
      'row 3 refused: 管号 is of a pool whose size isn’t said',
    ]);
  });
  it('where they share a sample’s number, in a file without tubes', async () => {
    const shared = csv(HEADER, rowOf({ result: '阳性' }), rowOf({ number: OTHER, result: '阳性' }));
    const told = 'refused: 样本编码 stands for several people, and of how many samples the pool is isn’t said';
    expect(await said(shared)).toEqual([`row 2 ${told}`, `row 3 ${told}`]);
  });
  it('where only the test’s name says that it is a pool', async () => {
    const named: SheetMapping = {
      ...mapping,
      values: { ...mapping.values, method: { 新冠核酸10合1: 'nucleic_acid', 新冠核酸混检: 'nucleic_acid' } },
    };
    const row = (method: string, size: string) => `${rowOf({ method, result: '阳性' })},T-1,${size}`;
    const rowsOf = [
      row('新冠核酸10合1', ''),
      row('新冠核酸混检', ''),
      row('新冠核酸10合1', '5'),
      row('新冠核酸混检', '10'),
    ];
    expect((await said(csv(header, ...rowsOf), named)).filter((one) => !one.includes('note'))).toEqual([
      'row 2 S-7 final indeterminate',
      'row 3 refused: 检测项目 is of a pool whose size isn’t said',
      'row 4 refused: 检测项目 says another size of the pool than stands beside it',
      'row 5 S-7 final indeterminate',
    ]);
  });
  it('but with its size it is indeterminate for each', async () => {
    const told = await said(csv(header, ...rows('10合1')), mapping);
    expect(told.filter((one) => !one.includes('note'))).toEqual([
      'row 2 S-7 final indeterminate',
      'row 3 S-8 final indeterminate',
    ]);
  });
  it('and one person’s rows, the next day’s samples and spoilt numbers are of no pool', async () => {
    const nextDay = { number: OTHER, sampled: '2022/7/6 8:30', reported: '2022/7/6 20:15' };
    const told = await said(csv(HEADER, ROW, ROW, rowOf(nextDay), rowOf({ number: '1.10105E+17' })));
    expect(told.slice(0, 3)).toEqual(['row 2', 'row 3', 'row 4'].map((row) => `${row} S-7 final negative`));
    expect(told[3]).toContain('power of ten');
  });
  it('and what is taken back need not say its size', async () => {
    const told = await said(csv(header, ...rows('', '作废')), mapping);
    expect(told).toEqual(['row 2 S-7 retracted invalid', 'row 3 S-8 retracted invalid']);
  });
});

describe('what stands under a table is refused, for each column that it leaves empty', () => {
  it.each([
    ',合计,1,,,,,,',
    '共 1 条,,,,,,,,',
    '以下空白,,,,,,,,',
    '检验者：王五,,,,,打印时间：2022-07-05,,,',
    '第 1 页 共 1 页,,,,,,,,',
    '—— 结束 ——,,,,,,,,',
  ])('%s', async (footer) => {
    expect(await said(csv(HEADER, ROW, footer))).toEqual([
      'row 2 S-7 final negative',
      'row 3 ignored: is a sum or a note under the table',
    ]);
  });
  it('a sum beside a count, in a workbook', async () => {
    const rows: SheetCell[][] = [HEADER.split(','), ROW.split(','), ['合计', null, { number: '1.0' }]];
    expect((await said(workbook(rows)))[1]).toBe('row 3 ignored: is a sum or a note under the table');
  });
  it.each([
    ['a result without a number', rowOf({ type: '备注', number: '' })],
    ['a number without a result', rowOf({ type: '备注', result: '' })],
  ])('but %s is a record, whatever it begins with', async (_, row) => {
    expect((await said(csv(HEADER, row)))[0]).toContain('row 2 refused');
  });
});

describe('numbers as a program in Java writes them into a workbook', () => {
  const [type = '', number = '', , laboratory = '', , method = '', , result = ''] = ROW.split(',');
  const inWorkbook = (sample: SheetCell, sampled: SheetCell, word: SheetCell = result) =>
    workbook([HEADER.split(','), [type, number, sample, laboratory, sampled, method, '2022-07-05 20:15', word]]);
  const mapping: SheetMapping = {
    ...MAPPING,
    serialDates: '1900',
    values: { ...MAPPING.values, result: { '0': 'negative' } },
  };

  it('are refused as cut, or not understood', async () => {
    const sheet = inWorkbook({ number: '2.207050001E9' }, { number: '4.4747354166666664E4' }, { number: '0.0' });
    const items = await collect(readSheet(chunksOf(sheet), mapping));
    expect(items.map((item) => (item.kind === 'event' ? JSON.parse(item.json) : item))).toEqual([
      expect.objectContaining({ sampleId: '2207050001', sampledAt: '2022-07-05T08:30+08:00', result: 'negative' }),
    ]);
  });
  it('but one beyond what a workbook keeps exactly stays refused', async () => {
    expect((await said(inWorkbook({ number: '2.2070500010000001E16' }, '2022-07-05 08:30')))[0]).toContain(
      'cut its digits',
    );
  });
});

describe('a file that is no spreadsheet is called a table of somebody else', () => {
  it.each([
    [
      'an old workbook',
      Buffer.from('d0cf11e0a1b11ae1'.padEnd(2_000, '0'), 'hex'),
      'is a workbook of the old form (XLS)',
    ],
    ['a web page called .xls', '<html><table><tr><td>证件号码</td></tr></table></html>', 'is a web page or XML'],
    ['XML of a spreadsheet', '\ufeff<?xml version="1.0"?><Workbook/>', 'is a web page or XML'],
    ['a PDF', '%PDF-1.4', 'is a PDF'],
    ['an empty file', '', 'is empty'],
  ])('%s', async (_, content, reason) => {
    expect(await said(content)).toEqual([expect.stringContaining(`the file file_fault: ${reason}`)]);
  });
});

describe('a sheet of notes beside the results is told of as if a quotation mark were open', () => {
  const [header, row] = [HEADER.split(','), ROW.split(',')];

  it('one without any of the columns is ignored, and named', async () => {
    expect(await said(workbook([header, row], [['说明'], ['本表由实验室导出']]))).toEqual([
      'sheet 1, row 2 S-7 final negative',
      'sheet 2, row 1 ignored: stands on a sheet that has none of the mapping’s columns',
      'sheet 2, row 2 ignored: stands on a sheet that has none of the mapping’s columns',
    ]);
  });
  it('one that lacks a column is refused, with the column', async () => {
    const told = await said(workbook([header, row], [header.with(7, '结论'), row]));
    expect(told.slice(1)).toEqual([
      'sheet 2, row 1 refused: 检测结果 isn’t in the header of its sheet',
      'sheet 2, row 2 refused: 检测结果 isn’t in the header of its sheet',
    ]);
  });
});
