/** Spreadsheets of laboratories, by a mapping, to events and reasons. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '#exchange/formats/reader.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { workbook } from '#test/support/workbook.ts';
import { BY_TUBE, TUBES } from './by-tube.ts';
import { ANNA, HEADER, MAPPING, ROW, rowOf } from './mapped-sheet.ts';

async function itemsOf(bytes: Uint8Array | string, mapping: SheetMapping = MAPPING): Promise<readonly Item[]> {
  const chunks = (async function* () {
    yield Buffer.from(bytes);
  })();
  const items: Item[] = [];
  for await (const item of readSheet(chunks, mapping)) items.push(item);
  return items;
}

/** What became of each row: `row 2 event`, or with the column and the reason. */
async function said(bytes: Uint8Array | string, mapping?: SheetMapping): Promise<readonly string[]> {
  const items = await itemsOf(bytes, mapping);
  return items.map((item) => {
    if (item.kind === 'event') return `${item.at} event`;
    const faults = item.kind === 'file_fault' ? [item.fault] : item.faults;
    return `${item.at} ${item.kind}: ${faults.map(({ field, reason }) => `${field} ${reason}`.trim()).join('; ')}`;
  });
}

const sheet = (...rows: readonly string[]) => [HEADER, ...rows, ''].join('\r\n');
const eventOf = async (changes: Parameters<typeof rowOf>[0], mapping?: SheetMapping) => {
  const event = (await itemsOf(sheet(rowOf(changes)), mapping)).find(({ kind }) => kind === 'event');
  return event?.kind === 'event' ? JSON.parse(event.json) : null;
};
const refusalOf = async (changes: Parameters<typeof rowOf>[0], mapping?: SheetMapping) =>
  (await said(sheet(rowOf(changes)), mapping)).join();

describe('a row', () => {
  it('becomes the event that the mapping says, with the column that each part came from', async () => {
    const [item] = await itemsOf(sheet(ROW));
    expect(item).toMatchObject({
      kind: 'event',
      at: 'row 2',
      origins: { '/person': '证件号码, 证件类型', '/sampledAt': '采样时间', '/result': '检测结果' },
    });
    expect(item?.kind === 'event' && JSON.parse(item.json)).toEqual({
      type: 'TestReported',
      person: { documentType: 'resident_identity_card', documentNumber: ANNA },
      province: '43',
      laboratory: '长沙市第一实验室',
      sampleId: 'S-7',
      tubeId: null,
      run: null,
      status: 'final',
      method: 'nucleic_acid',
      specimen: null,
      poolSize: null,
      sampledAt: '2022-07-05T08:30+08:00',
      accessionedOn: null,
      testedAt: null,
      reportIssuedAt: '2022-07-05T20:15+08:00',
      result: 'negative',
    });
  });
  it('is the same from a workbook', async () => {
    const cells = [
      ...ROW.split(',').slice(0, 4),
      { date: '44747.354166666664' },
      ...ROW.split(',').slice(5, 6),
      { date: '44747.84375' },
      ...ROW.split(',').slice(7),
    ];
    expect(await itemsOf(workbook([HEADER.split(','), cells]))).toEqual(await itemsOf(sheet(ROW)));
  });
  it.each([
    ['ORF1a/b阴性，N基因阴性', 'negative'],
    ['阴性(-)', 'negative'],
    ['阴性（-）', 'negative'],
    ['-', 'negative'],
    ['阳 性', 'positive'],
    ['弱阳性(±)', 'indeterminate'],
  ])('has the result of the mapping’s word: %s', async (word, result) => {
    expect(await eventOf({ result: `"${word}"` })).toMatchObject({ result, status: 'final' });
  });
  it('whose report was made void is a retraction', async () => {
    expect(await eventOf({ result: '作废' })).toMatchObject({ status: 'retracted', result: 'invalid' });
  });
  it('that is positive at a first screening only is no positive yet', async () => {
    expect(await refusalOf({ result: '初筛阳性' })).toContain('检测结果 says that there is no result yet');
  });
  it.each(['未检出', '1', 'positive', '阴', '阴性阳性'])(
    'with a word that the mapping lacks is refused: %s',
    async (word) => {
      expect(await refusalOf({ result: word })).toContain('检测结果 is a word that the mapping doesn’t have');
    },
  );
  it('of another disease is ignored, and named', async () => {
    expect(await said(sheet(rowOf({ method: '甲流核酸' })))).toEqual([
      'row 2 ignored: 检测项目 is none of this disease, by the mapping',
    ]);
  });
  it('has all that is wrong with it named, and nothing that stood in it', async () => {
    const [line = ''] = await said(sheet(rowOf({ number: '1.10105E+17', sampled: '05/07/2022', result: '好' })));
    for (const field of ['证件号码', '采样时间', '检测结果']) expect(line).toContain(field);
    for (const value of ['1.10105', '05/07', '好']) expect(line).not.toContain(value);
  });
});

describe('a document’s number', () => {
  it.each([`="${ANNA}"`, `\t${ANNA}`, `'${ANNA}`, ` ${ANNA} `])(
    'is read by what keeps it a text: %s',
    async (number) => {
      expect(await eventOf({ number })).toMatchObject({ person: { documentNumber: ANNA } });
    },
  );
  it.each([
    ['1.10105E+17', 'power of ten'],
    ['1.10105194912310E+17', 'power of ten'],
    ['110105194912310000', 'ends in 000'],
    ['110105200103071', '15 digits'],
    ['000000000', 'placeholder'],
    ['N/A', 'empty'],
    ['-', 'empty'],
    ['', 'empty'],
  ])('that a spreadsheet or a person has spoilt is refused by name: %s', async (number, reason) => {
    expect(await refusalOf({ number })).toMatch(new RegExp(`证件号码 .*${reason}`));
  });
  it('of the old form is read where it can’t be cut', async () => {
    expect(await eventOf({ number: '110105491231002' })).not.toBeNull();
  });
  it('that is a number in a workbook is refused', async () => {
    const cells = ROW.split(',').map((cell) => (cell === ANNA ? { number: '110105194912310000' } : cell));
    expect(await said(workbook([HEADER.split(','), cells]))).toEqual([
      expect.stringContaining('证件号码 is a number in the workbook'),
    ]);
  });
  it('of a resident that is called a passport’s is refused', async () => {
    expect(await refusalOf({ type: '护照' })).toContain('is a resident’s number');
  });
  it('is held against birthday and sex', async () => {
    const columns = { ...MAPPING.columns, birthDate: '备注' };
    expect(await refusalOf({ note: '2015/1/1' }, { ...MAPPING, columns })).toContain('备注 contradicts');
    expect(await eventOf({ note: '1949/12/31' }, { ...MAPPING, columns })).not.toBeNull();
    const values = { ...MAPPING.values, sex: { 男: 'male', 女: 'female' } } as const;
    const bySex = { ...MAPPING, values, columns: { ...MAPPING.columns, sex: '备注' } };
    expect(await refusalOf({ note: '男' }, bySex)).toContain('备注 contradicts');
    expect(await eventOf({ note: '女' }, bySex)).not.toBeNull();
  });
});

describe('times of a row', () => {
  it('without sampling, or without the report’s hour, are refused', async () => {
    expect(await refusalOf({ sampled: '无' })).toContain('采样时间 is empty');
    expect(await refusalOf({ reported: '2022/7/5' })).toContain('报告时间 has no time of day');
  });
});

describe('a pool', () => {
  const pooled: SheetMapping = {
    ...MAPPING,
    columns: { ...MAPPING.columns, poolSize: '备注' },
    values: { ...MAPPING.values, poolSize: { 单采: 1, '10混1': 10, 混采: 'pooled' } },
  };
  it('that is negative is negative for each member', async () => {
    expect(await eventOf({ note: '10混1' }, pooled)).toMatchObject({ result: 'negative', poolSize: 10 });
    expect(await eventOf({ note: '20', result: '混检阴性' }, pooled)).toMatchObject({
      result: 'negative',
      poolSize: 20,
    });
  });
  it('that is positive is indeterminate for each member, with a note', async () => {
    expect(await eventOf({ note: '10', result: '阳性' }, pooled)).toMatchObject({ result: 'indeterminate' });
    expect(await refusalOf({ note: '10', result: '阳性' }, pooled)).toContain('note: 检测结果 is of a pool');
    expect(await eventOf({ note: '单采', result: '阳性' }, pooled)).toMatchObject({ result: 'positive' });
  });
  it.each([
    ['混采', '阴性'],
    ['', '混检阴性'],
    ['1', '混检阴性'],
  ])('without its size is refused: %s %s', async (note, result) => {
    expect(await refusalOf({ note, result }, pooled)).toContain('size isn’t said');
  });
  it.each(['0', '51', '1.5', 'x'])('of an impossible size is refused: %s', async (note) => {
    expect(await refusalOf({ note }, pooled)).toContain('备注 is no number from 1 to 50');
  });
});

describe('a file', () => {
  it('has titles, a header, blank rows and sums, each said to be what it is', async () => {
    const text = ['某某医院,,,,,,,,', sheet(ROW, '', ',,,,,,,,', HEADER, rowOf({ sample: 'S-8' }), '合计：2,,,,,,,2,')];
    expect(await said(text.join('\r\n'))).toEqual([
      'row 3 event',
      'row 6 ignored: is the header once more',
      'row 7 event',
      'row 8 ignored: is a sum or a note under the table',
    ]);
  });
  it('whose last row has no line’s end may have been cut, unless the mapping says that files end so', async () => {
    const text = sheet(ROW, ROW).trimEnd();
    expect(await said(text)).toEqual(['row 2 event', expect.stringContaining('may have been cut')]);
    expect(await said(text, { ...MAPPING, filesEndWithoutLineEnd: true })).toEqual(['row 2 event', 'row 3 event']);
  });
  it('of tubes is refused as such where people have a file of their own', async () => {
    expect(await said(TUBES, BY_TUBE)).toEqual([expect.stringContaining('results of tubes, without people')]);
  });
  it('of tubes without people is refused as such', async () => {
    const mapping = { ...MAPPING, columns: { ...MAPPING.columns, tubeId: '采样管编码' } };
    const text = `${HEADER.replace('证件号码', '采样管编码')}\r\n${ROW}\r\n`;
    expect(await said(text, mapping)).toEqual([expect.stringContaining('results of tubes, without people')]);
  });
  it('with a column twice is refused', async () => {
    expect(await said(`${HEADER},检测结果\r\n${ROW},阳性\r\n`)).toEqual([expect.stringContaining('stands twice')]);
  });
  it('has no row moved by a separator within a text', async () => {
    expect(await said(sheet(`${ROW},x`))).toEqual([expect.stringContaining('more cells than the header')]);
    expect(await said(sheet(ROW.split(',').slice(0, 5).join(',')))).toEqual([expect.stringContaining('fewer cells')]);
  });
  it('that is prose has one fault', async () => {
    expect(await said('This is not a csv file.\n\nNot at all!\n')).toHaveLength(1);
  });
});

describe('a file that was cut or changed', () => {
  const rows = Array.from({ length: 4 }, (_, index) => rowOf({ sample: `S-${index}` }));
  it('gives its whole rows before the cut and nothing else, wherever it is', async () => {
    const bytes = Buffer.from(sheet(...rows));
    const whole = new Map((await itemsOf(bytes)).map((item) => [item.at, item]));
    const others: Item[] = [];
    for (let end = 0; end < bytes.length; end++)
      for (const item of await itemsOf(bytes.subarray(0, end)))
        if (item.kind === 'event' && item.json !== (whole.get(item.at) as typeof item).json) others.push(item);
    expect(others).toEqual([]);
  });
  const junk = [',', '\n', '\r', ';', '\t', '\u0000', '\ufeff', '阳性', '1.1E+17', "'", '='];
  const changed = (pieces: readonly string[]) =>
    fc
      .array(fc.tuple(fc.nat(sheet(...rows).length), fc.constantFrom(...pieces), fc.nat(3)), { maxLength: 4 })
      .map((changes) =>
        changes.reduce((now, [at, put, cut]) => now.slice(0, at) + put + now.slice(at + cut), sheet(...rows)),
      );
  const isHeader = (line: string) => line.replaceAll(/[\s\ufeff]/g, '').includes('样本编码');
  it('has as many records as a reader counts who knows of nothing but lines', async () => {
    await fc.assert(
      fc.asyncProperty(changed(junk), async (text) => {
        const items = await itemsOf(text);
        if (items.some(({ kind }) => kind === 'file_fault')) return;
        const lines = text.split(/\r\n|\n|\r/);
        const header = lines.findIndex(isHeader);
        const filled = lines.slice(header + 1).filter((line) => line.replace(/[,\s\ufeff]/g, '') !== '');
        expect(items.filter(({ kind }) => kind !== 'note')).toHaveLength(filled.length);
      }),
      { numRuns: 150 },
    );
  });
  it('with quotation marks anywhere has no line that is neither an item’s nor within a cell of one', async () => {
    await fc.assert(
      fc.asyncProperty(changed([...junk, '"', '"', '"']), async (text) => {
        const items = await itemsOf(text);
        const places = new Set(items.map(({ at }) => at));
        const isFileFault = items.some(({ kind }) => kind === 'file_fault');
        const lines = text.split(/\r\n|\n|\r/);
        const header = lines.findIndex(isHeader);
        // A whole row of this sheet is never within another's cell.
        const missed = lines.filter(
          (line, index) => index > header && line.split(',').length > 4 && !places.has(`row ${index + 1}`),
        );
        if (!isFileFault) expect(missed.filter((line) => line.replaceAll(/[,\s]/g, '') !== '')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
