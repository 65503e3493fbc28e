/** A mapping proposed from a file: right where the words are known, open where they aren't. */

import { describe, expect, it } from 'vitest';
import { meaningOf } from '#exchange/formats/sheet/known-names.ts';
import { readMapping } from '#exchange/formats/sheet/mapping.ts';
import { proposeMapping } from '#exchange/formats/sheet/propose.ts';
import { workbook } from '#test/support/workbook.ts';
import { ANNA, HEADER, ROW, rowOf } from './mapped-sheet.ts';

async function proposed(bytes: Uint8Array | string) {
  const read = await proposeMapping(Buffer.from(bytes), '43');
  if (!read.ok) throw new Error(read.fault.reason);
  return read.value;
}

describe('a proposal', () => {
  it('of a file whose columns and words are known can be kept as it is', async () => {
    const { mapping, rows, unused } = await proposed(`某某医院,,\n${HEADER}\n${ROW}\n${rowOf({ result: '阳性' })}\n`);
    expect(readMapping(mapping)).toEqual({ ok: true, value: mapping });
    expect(mapping).toMatchObject({
      columns: { documentNumber: '证件号码', sampledAt: '采样时间', result: '检测结果' },
      values: { result: { 阴性: 'negative', 阳性: 'positive' }, method: { 新冠核酸: 'nucleic_acid' } },
      constants: { status: 'final' },
    });
    expect(unused).toEqual(['备注']);
    expect(rows.map(({ at, reading }) => `${at} ${reading.kind}`)).toEqual(['row 3 event', 'row 4 event']);
  });
  it('of a file in English', async () => {
    const header = 'ID Number,Specimen_ID,Collection Time,Report Time,Test Result';
    const { mapping } = await proposed(`${header}\n${ANNA},S-1,25/07/2022 8:30,25/07/2022 20:00,Not detected\n`);
    expect(mapping).toMatchObject({
      dateOrder: 'day_first',
      columns: { documentNumber: 'ID Number', sampleId: 'Specimen_ID', reportIssuedAt: 'Report Time' },
      constants: { documentType: 'resident_identity_card', laboratory: '?', method: '?' },
      values: { result: { 'Not detected': 'negative' } },
    });
    expect(readMapping(mapping).ok).toBe(false);
  });
  it('of a workbook', async () => {
    const { mapping } = await proposed(workbook([HEADER.split(','), ROW.split(',')]));
    expect(readMapping(mapping).ok).toBe(true);
  });
  it('shows ten rows, and says what it can’t know', async () => {
    const { mapping, rows } = await proposed(`${HEADER}\n${`${rowOf({ result: '+' })}\n`.repeat(12)}`);
    expect(rows).toHaveLength(10);
    expect(mapping).toMatchObject({ values: { result: { '+': '?' } } });
    expect(readMapping(mapping).ok).toBe(false);
  });
  it('knows no type of documents that the file doesn’t have', async () => {
    const { mapping, rows } = await proposed('specimen_id,observation,test_time\nS-1,covid-19:neg,2020-10-10 17:42\n');
    expect(mapping).toMatchObject({ columns: { documentNumber: '?' }, constants: { documentType: '?' } });
    expect(rows[0]?.reading).toMatchObject({ kind: 'refused', faults: [{ field: '? (documentNumber)' }] });
  });
  it('of prose is none', async () => {
    await expect(proposed('This is not a csv file.\n\nNot at all!\n')).rejects.toThrow('columns that are known');
  });
});

describe('a word', () => {
  it.each([
    ['result', 'ORF1a/b阴性，N基因阴性', 'negative'],
    ['result', 'ORF1a/b阳性，N基因阴性', '?'],
    ['result', '初筛阳性', 'no_result_yet'],
    ['result', '弱阳性(±)', 'indeterminate'],
    ['result', '可疑阳性', 'indeterminate'],
    ['result', '已检测', 'no_result_yet'],
    ['result', '作废', 'retracted'],
    ['result', '未检出', 'negative'],
    ['result', '-', '?'],
    ['result', '0', '?'],
    ['method', '甲流核酸', 'ignored'],
    ['method', '新冠病毒抗原', 'antigen'],
    ['documentType', '港澳居民来往内地通行证', 'hong_kong_macao_permit'],
    ['poolSize', '10混1', 10],
    ['poolSize', '单采', 1],
    ['poolSize', '混采', 'pooled'],
  ] as const)('of %s is proposed to mean what it says, or nothing: %s', (column, word, meaning) => {
    expect(meaningOf(column, word)).toBe(meaning);
  });
});
