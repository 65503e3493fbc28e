/** `hutong import --mapping` and `--check`: each record once, and nothing sent that was only to be checked. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFiles } from '#services/cli/import/check.ts';
import { importFiles } from '#services/cli/import/import.ts';
import { readMappingFile } from '#services/cli/import/mapping-file.ts';
import { type Language, UsageError } from '#services/cli/import/options.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { workbook } from '#test/support/workbook.ts';
import { bundle } from '#test/unit/exchange/formats/fhir/support.ts';
import { ANNA, HEADER, MAPPING, ROW, rowOf } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { doorForEachTest } from '#test/unit/services/cli/shared/fake-door.ts';

const door = doorForEachTest();
const NOW_MS = Date.parse('2022-07-06T00:00+08:00');
const CSV = [
  HEADER,
  ROW,
  rowOf({ number: '1.10105E+17' }),
  rowOf({ number: '110105194912310021', sample: 'S-6' }),
  rowOf({ sample: 'S-8', sampled: '2022/7/7 8:30', reported: '2022/7/8 9:00' }),
  rowOf({ sample: 'S-9', sampled: '2022/7/5 21:30' }),
  rowOf({ method: '甲流核酸' }),
  '合计：6,,,,,,,,',
  '',
].join('\r\n');

async function check(path: string, asJson: boolean, sheet: typeof MAPPING | null = MAPPING, language: Language = 'en') {
  const printed: string[] = [];
  const settings = { format: null, mapping: null, sheet: sheet ?? undefined, asJson, language, clockSkewMs: 300_000 };
  const status = await checkFiles([path], settings, NOW_MS, (line) => printed.push(line.replaceAll(door.folder, '')));
  return { status, printed };
}

describe('a check', () => {
  it('says of each record what the door would, and sends nothing', async () => {
    const { status, printed } = await check(await door.file('a.csv', CSV), true);
    const records = printed.map((line) => JSON.parse(line));
    expect(records.map(({ place, outcome }) => `${place} ${outcome}`)).toEqual([
      '/a.csv: row 2 accepted',
      '/a.csv: row 3 refused',
      '/a.csv: row 4 refused',
      '/a.csv: row 5 quarantined',
      '/a.csv: row 6 quarantined',
      '/a.csv: row 7 ignored',
      '/a.csv: row 8 ignored',
    ]);
    expect(records[0]).toMatchObject({ reason: null, event: { sampleId: 'S-7', person: { documentNumber: ANNA } } });
    expect(records[2].reason).toContain('证件号码, 证件类型 (/person/documentNumber): the check digit');
    expect(records[3].reason).toContain('采样时间 (/sampledAt)');
    expect(records[4].reason).toContain('[report-before-sampling]');
    expect(status).toBe(1);
    expect(door.bodies).toEqual([]);
  });
  it('has as many records as the file has filled lines under its header', async () => {
    const { printed } = await check(await door.file('a.csv', CSV), true);
    const filled = CSV.split('\r\n').filter((line) => line.replaceAll(',', '') !== '');
    expect(printed).toHaveLength(filled.length - 1);
  });
  it('names a sampling of the year before, whatever the format', async () => {
    const csv = await door.file('a.csv', `${HEADER}\n${rowOf({ sampled: '2021/7/5 8:30' })}\n`);
    const { printed } = await check(csv, true);
    const record = JSON.parse(printed[0] ?? '');
    expect(record.outcome).toBe('quarantined');
    expect(record.reason).toContain('报告时间 (/reportIssuedAt): the report is more than 14 days after the sample');
  });
  it('in words ends with the sum', async () => {
    const { printed } = await check(await door.file('a.csv', CSV), false);
    expect(printed.at(-1)).toBe('1 accepted, 2 refused, 2 quarantined, 2 ignored; nothing was sent');
    expect(printed[0]).toMatch(/^refused: \/a.csv: row 3: 证件号码 was turned into a power of ten/);
  });
  it('speaks Chinese to who asks for it', async () => {
    const { printed } = await check(await door.file('a.csv', CSV), false, MAPPING, 'zh');
    expect(printed[0]).toBe(
      '拒收: /a.csv: 第 3 行: 证件号码 被表格软件转成了科学记数法，位数已丢失。改正：请先把该列设为文本格式，再重新录入',
    );
    expect(printed).toContain(
      '暂存: /a.csv: 第 6 行: 报告时间 (/reportIssuedAt): 报告时间早于采样时间 [report-before-sampling]。改正：请核对两个时间及其时区',
    );
    expect(printed.at(-1)).toBe('接收 1，拒收 2，暂存 2，忽略 2；没有发送任何内容');
  });
  it('is of NDJSON too, and of a file that there isn’t', async () => {
    const ndjson = await door.file('a.ndjson', '{"type":"TestReported"}\noops\n');
    const { printed } = await check(ndjson, true, null);
    expect(printed.map((line) => JSON.parse(line).outcome)).toEqual(['refused', 'refused']);
    expect((await check(join(door.folder, 'none'), false)).status).toBe(1);
  });
  it('that finds nothing to refuse ends with 0', async () => {
    expect(await check(await door.file('a.csv', `${HEADER}\n${ROW}\n`), false)).toEqual({
      status: 0,
      printed: ['1 accepted, 0 refused, 0 quarantined, 0 ignored; nothing was sent'],
    });
  });
});

describe('a check of a FHIR bundle', () => {
  it('knows it by its content, and says of each record what the door would, with its FHIRPath', async () => {
    const late = bundle(({ report, specimen }) => {
      report['issued'] = '2022-07-05T08:00:00+08:00';
      specimen['collection'] = { collectedDateTime: '2022-07-05T09:00:00+08:00' };
      delete specimen['receivedTime'];
    });
    const text = [bundle(), late, { resourceType: 'Patient' }].map((one) => JSON.stringify(one)).join('\n');
    const printed: string[] = [];
    const mapping = { province: '43', timeZone: '+08:00' } as const;
    const how = { format: null, mapping, asJson: true, language: 'en', clockSkewMs: 0 } as const;
    const path = await door.file('results.json', text);
    expect(await checkFiles([path], how, Date.parse('2022-08-02T00:00Z'), (line) => printed.push(line))).toBe(1);
    const records = printed.map((line) => JSON.parse(line.replaceAll(door.folder, '')));
    expect(records.map(({ place, outcome }) => `${place} ${outcome}`)).toEqual([
      '/results.json: line 1, Bundle.entry[4].resource accepted',
      '/results.json: line 2, Bundle.entry[4].resource quarantined',
      '/results.json: line 3 refused',
    ]);
    expect(records[0]).toMatchObject({ reason: null, event: { sampleId: 'S-7', result: 'negative' } });
    expect(records[1].reason).toContain('Bundle.entry[0].resource.issued (/reportIssuedAt)');
    expect(records[2].reason).toBe(
      'holds no Observation and no Immunization. To mend: nothing to send, unless the results stand in another form',
    );
    expect(door.bodies).toEqual([]);
  });
});

describe('an import by a mapping', () => {
  it('sends what the rows are, from CSV and workbook alike, and names the rest', async () => {
    const rows = CSV.split('\r\n').map((line) => line.split(','));
    const files = [await door.file('a.csv', CSV), await door.file('b.xlsx', workbook(rows))];
    const printed: string[] = [];
    const settings = {
      sender: { ...SENDER_DEFAULTS, url: door.url, firstWaitMs: 1 },
      token: async () => 'token',
      format: null,
      mapping: null,
      sheet: MAPPING,
    };
    expect(await importFiles(files, settings, (line) => printed.push(line))).toBe(1);
    const sent = door.bodies.flat();
    expect(sent).toHaveLength(8);
    expect(sent.slice(0, 4)).toEqual(sent.slice(4));
    expect(printed.filter((line) => line.startsWith('ignored: '))).toHaveLength(4);
    expect(printed.at(-1)).toMatch(/ignored[^]*all +│ +14 │ +8 │ +0 │ +2 │ +4 │ +0 │ +0 │/);
  });
});

describe('a mapping file', () => {
  it('is read before anything else', async () => {
    const path = await door.file('m.json', `\ufeff${JSON.stringify(MAPPING)}`);
    expect(await readMappingFile(path)).toEqual(MAPPING);
  });
  it.each([
    ['{', 'is no JSON'],
    ['{}', 'must have required property'],
  ])('that is none is wrong usage: %s', async (text, reason) => {
    const path = await door.file('m.json', text);
    await expect(readMappingFile(path)).rejects.toThrow(reason);
    await expect(readMappingFile(join(door.folder, 'none'))).rejects.toThrow(UsageError);
  });
});
