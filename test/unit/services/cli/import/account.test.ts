/**
 * That the fates of a file add up to what is in it, by a second reader that knows next to nothing: it splits at line
 * breaks, folds no lines, and counts. MUTATIONS=200000 is the long form by hand. Last run so on
 * 30 November (of HL7 50,000 files): nothing else.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hl7 } from '#exchange/formats/hl7/reader.ts';
import { ndjson } from '#exchange/formats/ndjson-reader.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { Account, PLACES_MAX } from '#services/cli/import/account.ts';
import { printed } from '#services/cli/import/printed.ts';
import { ImportReport } from '#services/cli/import/report.ts';
import { workbook } from '#test/support/workbook.ts';
import { HEADER, MAPPING, ROW, rowOf } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { AS_PASSPORT, chunksOf, COMPLETE, message, NEGATIVE_OBX } from '#test/unit/exchange/formats/support.ts';

const RUNS = Number(process.env['MUTATIONS'] ?? 300);
const FILE = 'f';

/** As the import counts, with a door that takes all. */
async function counted(items: AsyncIterable<Item>) {
  const report = new ImportReport([FILE], () => undefined);
  for await (const item of items) {
    if (item.kind === 'file_fault') {
      report.fileFault({ file: FILE, at: item.at, within: '' }, item.fault);
      continue;
    }
    const location = { file: FILE, at: item.at, within: item.within };
    report.account.read(FILE, item.at);
    if (item.kind === 'event') report.result({ json: item.json, location, origins: {} }, { kind: 'accepted' });
    else if (item.kind === 'note') report.note(location, item.faults);
    else report.aside(location, item.kind, item.faults);
  }
  return report.account.files[0] as (typeof report.account.files)[number];
}

const filledLines = (text: string) => text.split(/[\r\n]+/).filter((line) => line.replace(/[\s,"]/g, '') !== '');

const ROWS = [
  ROW,
  rowOf({ number: '1.10105E+17' }),
  rowOf({ method: '甲流核酸' }),
  rowOf({ result: '初筛阳性' }),
  rowOf({ result: '没有这个词' }),
  '合计：6,,,,,,,,',
  HEADER,
  ',,,,,,,,',
  'a,b',
  rowOf({ note: '一,二' }),
];
const row = fc.constantFrom(...ROWS);
const lineEnd = fc.constantFrom('\r\n', '\n', '\r');

describe('accepted, refused and ignored together are what is in', () => {
  it('a CSV file, whatever its rows and line ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), lineEnd, async (rows, end) => {
        const text = [HEADER, ...rows, ''].join(end);
        const { records, results, faults } = await counted(readSheet(chunksOf(Buffer.from(text)), MAPPING));
        expect([records, results, faults]).toEqual([filledLines(text).length - 1, filledLines(text).length - 1, 0]);
      }),
      { numRuns: RUNS },
    );
  });
  it('a CSV file in which something was put, taken out or cut anywhere under its header', async () => {
    const change = fc.tuple(
      fc.nat(),
      fc.constantFrom('x', ' ', '\r\n', ',', '阳'),
      fc.constantFrom('put', 'drop', 'cut'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), change, async (rows, [at, what, kind]) => {
        const body = `${rows.join('\r\n')}\r\n`;
        const spot = at % body.length;
        const rest = { put: what + body.slice(spot), drop: body.slice(spot + 1), cut: '' }[kind];
        const text = `${HEADER}\r\n${body.slice(0, spot)}${rest}`;
        const { results } = await counted(readSheet(chunksOf(Buffer.from(text)), MAPPING));
        expect(results).toBe(filledLines(text).length - 1);
      }),
      { numRuns: RUNS },
    );
  });
  it('a workbook', async () => {
    const rows = [HEADER, ...ROWS].map((line) => line.split(','));
    const { results } = await counted(readSheet(chunksOf(Buffer.from(workbook(rows))), MAPPING));
    expect(results).toBe(rows.filter((cells) => cells.some((cell) => cell.trim() !== '')).length - 1);
  });
  it('an NDJSON file, whatever its lines', async () => {
    const line = fc.constantFrom('{"n":1}', 'oops', '', '  ', '[1]', '{"n":1,"n":2}', '\u00e9', '{"a":{"b":null}}');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.nat(40), async (lines, cut) => {
        const text = lines.join('\n').slice(0, -cut || undefined);
        const { records, results } = await counted(ndjson.read(chunksOf(Buffer.from(text))));
        const filled = text.split('\n').filter((one) => one.trim() !== '').length;
        expect([records, results]).toEqual([filled, filled]);
      }),
      { numRuns: RUNS },
    );
  });
  it('an HL7 file: each message, and each observation in it', async () => {
    const obx = fc.constantFrom(
      NEGATIVE_OBX,
      { ...NEGATIVE_OBX, 5: 'no such word' },
      { ...NEGATIVE_OBX, 11: 'I' },
      { ...NEGATIVE_OBX, 3: '' },
    );
    const part = fc.record({
      obx: fc.array(obx, { minLength: 1, maxLength: 3 }),
      type: fc.constantFrom('ORU^R01', 'ADT^A01'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
        const messages = parts.map((one, index) =>
          message({ obx: one.obx, msh: { ...COMPLETE.msh, 9: one.type, 10: `C-${index}` } }),
        );
        const text = `${messages.join('\r')}\r`;
        const { records, results } = await counted(hl7.read(chunksOf(Buffer.from(text)), AS_PASSPORT));
        const naive = (id: string) => text.split('\r').filter((line) => line.startsWith(`${id}|`)).length;
        expect([records, results]).toEqual([naive('MSH'), naive('OBX')]);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});

describe('the account', () => {
  const refusal = { field: 'F', reason: 'is empty', hint: 'fill it: nothing is assumed' };

  it('says each reason once, how often, and where first', () => {
    const report = new ImportReport(['a', 'b'], () => undefined, { form: 'json', language: 'en' });
    for (let line = 1; line <= PLACES_MAX + 5; line++) {
      report.account.read('a', `line ${line}`);
      report.aside({ file: 'a', at: `line ${line}`, within: '' }, 'refused', [refusal]);
    }
    const [a, b] = report.account.files;
    expect(a).toMatchObject({ records: 15, results: 15, fates: { refused: 15 } });
    expect(a?.reasons).toEqual([
      { told: 'refused', ...refusal, count: 15, places: Array.from({ length: PLACES_MAX }, (_, n) => `line ${n + 1}`) },
    ]);
    expect(b).toMatchObject({ records: 0, results: 0, reasons: [] });
  });
  it('keeps no more reasons than its bound, and still counts all', () => {
    const account = new Account([]);
    for (let n = 0; n < 1_500; n++) account.tell('a', 'refused', 'x', { ...refusal, reason: `${n}` });
    const [{ reasons }] = account.files as [ReturnType<() => (typeof account.files)[number]>];
    expect(reasons).toHaveLength(1_001);
    expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(1_500);
  });
  it('is printed as a table, CSV and JSON, in both languages', () => {
    const report = new ImportReport(['=a"b', 'c'], () => undefined, { form: 'csv', language: 'zh' });
    report.aside({ file: '=a"b', at: 'row 2', within: '' }, 'quarantined', [{ ...refusal, code: 'x' }]);
    const { files } = report.account;
    const csv = printed(files, 'csv', 'zh').split('\r\n');
    expect(csv[0]).toBe('文件,类别,数量,字段,原因,改正,位置');
    expect(csv).toContain(`"'=a""b",暂存,1,,,,`);
    expect(csv).toContain(`"'=a""b",暂存,1,F,为空 [x],请填写：系统不作任何推测,第 2 行`);
    const json = JSON.parse(printed(files, 'json', 'en'));
    expect(json.all).toMatchObject({ results: 1, fates: { quarantined: 1, accepted: 0 } });
    expect(json.files[0].reasons[0]).toMatchObject({ told: 'quarantined', code: 'x', places: ['row 2'] });
    expect(printed(files, 'table', 'zh')).toContain('合计');
  });
});
