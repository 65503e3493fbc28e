/**
 * What the files of exercises/town/lab-results/csv come to, which others wrote. No row names a person by a document and
 * says to the minute when its report was issued: each is refused for a reason that its laboratory can read.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EMPTY, textOfCell } from '#exchange/formats/sheet/cell.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { readTables } from '#exchange/formats/sheet/table.ts';
import { readTime } from '#exchange/formats/sheet/time-text.ts';
import { ROOT } from '#platform/folders.ts';

const bytesOf = (name: string) => readFileSync(join(ROOT, 'exercises/town/lab-results/csv', `${name}.csv`));

async function cellsUnder(name: string, columns: readonly string[]) {
  const tables = await readTables(bytesOf(name), columns);
  const { header = [], rows = [] } = (tables.ok ? tables.value[0] : undefined) ?? {};
  return rows.map(({ cells }) => columns.map((column) => cells?.[header.indexOf(column)] ?? EMPTY));
}

describe('the samples', () => {
  it('keep commas and tabs within their cells', async () => {
    const rows = await cellsUnder('quoted-strings-with-embedded-commas', ['lab', 'specimen_id', 'observation']);
    expect(rows.map((row) => row.map(textOfCell))).toEqual([
      ["Bob's Country Bunker Lab", '28504428', 'covid-19:neg'],
      ['Labs, Inc', '46000469', 'covid-19:neg'],
      ["'Labs Inc'", '89423698', 'covid-19:neg'],
      [expect.stringMatching(/^This Lab .*Even\ta Tab/), '22829307', 'covid-19:pos'],
    ]);
  });
  it('have days that are known by their month’s name or their first year, and days that may be two', async () => {
    const rows = await cellsUnder('weird-dates', ['test_time']);
    const days = rows.flat().map((cell) => readTime(cell, { timeZone: '-05:00' }));
    expect(days.map((day) => (day.kind === 'fault' ? 'refused' : day.iso))).toEqual([
      '2020-01-31',
      'refused',
      'refused',
      'refused',
      '2020-01-31',
      '2020-01-31',
      'refused',
    ]);
  });
  it('have one fault where there is no table', async () => {
    expect(await readTables(bytesOf('not-a-csv-file'), ['lab'])).toMatchObject({ ok: false, fault: { field: '' } });
  });
  it('are refused row by row where reports have a day alone, and a code that is no result', async () => {
    const mapping: SheetMapping = {
      province: '43',
      timeZone: '-05:00',
      columns: {
        documentNumber: 'Patient_ID',
        sampleId: 'Instrument_ID',
        result: 'Test_result_code',
        reportIssuedAt: 'Date_result_released',
        sampledAt: 'Specimen_collection_date_time',
        laboratory: 'Testing_lab_name',
      },
      constants: { documentType: 'passport', issuingCountry: 'USA', method: 'antigen', status: 'final' },
      values: { result: { '260415000': 'negative', '260373001': 'positive' } },
    };
    const chunks = (async function* () {
      yield bytesOf('sample-batch-pdi-20210608-0001');
    })();
    const fields: string[] = [];
    for await (const item of readSheet(chunks, mapping))
      fields.push(item.kind === 'refused' ? item.faults.map(({ field }) => field).join(' ') : item.kind);
    expect(fields).toHaveLength(20);
    expect(fields.filter((field) => !field.includes('Date_result_released'))).toEqual([]);
    expect(fields.filter((field) => field.includes('Test_result_code')).length).toBeGreaterThanOrEqual(8);
  });
});
