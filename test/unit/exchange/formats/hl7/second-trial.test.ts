/** What a second trial, over files of laboratories, states and hospitals, found wrong; named after what went wrong. */

import { describe, expect, it } from 'vitest';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';
import { BASE, MSH, OBR, OBX, PID, said, SPM, withIn } from './tried.ts';

const NEGATIVE = 'OBX 1 S-7 final negative';
const DETECTED = '260373001^Detected^SCT';

describe('an observation that isn’t this result becomes it by its wording', () => {
  it.each([
    'Previous COVID-19 PCR result',
    'SARS-CoV-2 RNA internal control',
    'COVID-19 PCR (household member)',
    '新冠核酸 环境样本',
    '既往新冠核酸结果',
  ])('%s', async (text) => {
    const other = `OBX|2|CWE|L9^${text}^L||${DETECTED}||||||F`;
    const { events, refused } = await said([MSH, PID, OBR, OBX, other, SPM].join('\r'));
    expect(events).toEqual([NEGATIVE]);
    expect(refused[0]).toContain('OBX 2: OBX-3 ');
  });
  it('a specimen’s own, behind SPM', async () => {
    const { events, refused } = await said(`${BASE}\r${OBX.replace('OBX|1', 'OBX|2')}`);
    expect(events).toEqual([NEGATIVE]);
    expect(refused[0]).toContain('tells about the specimen');
  });
  it('a control’s (SPM-11 Q)', async () => {
    expect((await said(withIn('^^SCT|||||||||||||2', '^^SCT|||||||Q||||||2'))).refused[0]).toContain('SPM-11');
  });
  it('unless the sender’s own code is known', async () => {
    const local = withIn('94500-6^SARS-CoV-2 RNA^LN', 'CP^our PCR^L');
    expect((await said(local)).events).toEqual([]);
    const settings = { ...SETTINGS, testCodes: { CP: 'nucleic_acid' } } as const;
    expect((await said(local, settings)).events).toEqual([NEGATIVE]);
  });
});

it('a contradiction passes where one of two names no laboratory', async () => {
  const positive = `OBX|2|CWE|94500-6^SARS-CoV-2 RNA^LN||${DETECTED}||||||F`;
  const { events, refused } = await said([MSH, PID, OBR, OBX, positive, SPM].join('\r'));
  expect([events, refused.length]).toEqual([[], 2]);
});

describe('a good result is refused for a field that decides nothing', () => {
  it.each([
    ['OBX-19 after OBR-22', OBX.replace('||||||||||||Ch', '||||||||202208011131||||Ch'), SPM],
    ['OBX-19 without a minute', OBX.replace('||||||||||||Ch', '||||||||2022080110||||Ch'), SPM],
    ['SPM-18 a day early', OBX, SPM.replace('202208010900', '202207310900')],
  ])('%s', async (_, obx, spm) => {
    const { events, notes } = await said([MSH, PID, OBR, obx, spm].join('\r'));
    expect(events).toEqual([NEGATIVE]);
    expect(notes).toHaveLength(1);
  });
  it('but a report without a zone beside times that have one is ambiguous', async () => {
    const ambiguous = withIn('20220801120000+0800', '20220801120000').replace('202208010812', '202208010012+0000');
    expect((await said(ambiguous)).refused[0]).toContain('OBR-22 has no zone');
  });
});

it('an order without SPM takes the other order’s sample', async () => {
  const next = OBR.replace('F-1', 'F-2')
    .replace('202208010800', '202208020800')
    .replace('202208011130', '202208021130');
  const { events } = await said(`${[BASE, next, OBX].join('\r')}\r\u001c\r`);
  expect(events).toEqual(['OBR 1, OBX 1 S-7 final negative', 'OBR 2, OBX 1 F-2 final negative']);
});

describe('a positive pool makes each member positive', () => {
  const pooled = (size: string) => withIn('^^SCT|||||||||||||2', `^^SCT|||||||L||${size}||||2`);
  it('though it is none’s result yet', async () => {
    const positive = pooled('10').replace('260415000^Not detected^SCT', DETECTED);
    expect((await said(positive)).sent[0]).toMatchObject({ result: 'indeterminate', poolSize: 10 });
    expect((await said(pooled('10'))).sent[0]).toMatchObject({ result: 'negative', poolSize: 10 });
  });
  it('or its size is missing', async () => {
    expect((await said(pooled(''))).refused[0]).toContain('SPM-13 is missing');
    const byValue = withIn('260415000^Not detected^SCT', '895231008^Not detected in pooled specimen^SCT');
    expect((await said(byValue)).refused[0]).toContain('SPM-13 is missing');
  });
});

describe('one message ends the import', () => {
  it('by thousands of contradictions, of which ten are named', async () => {
    const short = (result: string) => `OBX|1||94500-6||${result}||||||F`;
    const many = Array.from({ length: 3_000 }, (_, index) => short(index % 2 === 0 ? 'POS' : 'NEG'));
    const { refused } = await said([MSH, PID, OBR, ...many, SPM].join('\r'));
    expect(refused).toHaveLength(3_000);
    expect(refused[0]?.length).toBeLessThan(300);
  });
  it.each([
    ['a value of dashes', withIn('Not detected', `x${' -'.repeat(40_000)}x`)],
    ['a long control number', withIn('C-1', '11010519491231002X'.repeat(40_000))],
    [
      'a long status for many',
      [MSH, PID, `${OBR}${'x'.repeat(400_000)}`, ...Array(2_000).fill('OBX|1||94500-6||POS'), SPM].join('\r'),
    ],
    ['many headers in a line', 'MSH|^~\\&'.repeat(50_000)],
  ])('by %s', async (_, content) => {
    await said(BASE);
    const before = process.threadCpuUsage();
    await said(content);
    const { user } = process.threadCpuUsage(before);
    expect(user / 1_000).toBeLessThan(1_000);
  });
});

describe('the identity isn’t held against itself', () => {
  it.each([
    ['another birth', `${PID}||||20150101`, 'PID-7'],
    ['another sex', `${PID}|||||M`, 'PID-8'],
    ['a placeholder', 'PID|||REDACTED^^^CHN^NI', 'PID-3 holds a placeholder'],
    ['zeros', 'PID|||0000000^^^FRA^PPN', 'PID-3 holds a placeholder'],
    ['a number that was cut to 15 digits', 'PID|||110105200301023^^^CHN^NI', 'PID-3 looks like the first 15'],
    ['a number that was rounded', 'PID|||110105194912310000^^^CHN^NI', 'PID-3 looks like a number whose last'],
  ])('%s', async (_, pid, reason) => {
    expect((await said([MSH, pid, OBR, OBX, SPM].join('\r'))).refused[0]).toContain(reason);
  });
  it('a resident’s number becomes a passport’s', async () => {
    const untyped = [MSH, 'PID|||11010519491231002X', OBR, OBX, SPM].join('\r');
    const settings = { ...SETTINGS, documentType: 'passport', issuingCountry: 'USA' } as const;
    expect((await said(untyped, settings)).sent[0]?.person.documentType).toBe('resident_identity_card');
  });
});

it('a report a year after the sampling counts for nothing', async () => {
  expect((await said(withIn('202208010812', '202108010812'))).refused[0]).toContain('more than 14 days');
});

describe('of equal results', () => {
  it('the older report stays, and the other is not listed', async () => {
    const later = OBR.replace('202208011130', '202208011330');
    const { sent, ignored } = await said(`${[BASE, later, OBX, SPM].join('\r')}\r\u001c\r`);
    expect(sent.map(({ reportIssuedAt }) => reportIssuedAt)).toEqual(['2022-08-01T13:30+08:00']);
    expect(ignored[0]).toContain('says the same as OBR 2, OBX 1');
  });
});

describe('a value is read by half', () => {
  it.each(['see below~Negative', 'Negative * corrected to positive', '260415000^Detected in one well^SCT'])(
    '%s',
    async (value) => {
      expect((await said(withIn('260415000^Not detected^SCT', value))).events).toEqual([]);
    },
  );
  it('though it says no in front', async () => {
    expect((await said(withIn('260415000^Not detected^SCT', 'No 2019 nCoV RNA detected.'))).events).toEqual([NEGATIVE]);
  });
  it('as a gene that was found beside a negative whole', async () => {
    const gene = `OBX|2|CWE|94533-7^N gene^LN||${DETECTED}||||||F`;
    expect((await said([MSH, PID, OBR, OBX, gene, SPM].join('\r'))).events).toEqual([]);
  });
});

it('a removed result (OBX-11 X) stays in force', async () => {
  expect((await said(withIn('||||||F|', '||||||X|'))).sent[0]?.status).toBe('retracted');
});

describe('an encoding is misread', () => {
  const gbk = (encoding: string) =>
    Buffer.from(
      `${MSH}||||||${encoding}\r${[PID, OBR, OBX, SPM].join('\r')}`.replace(
        'Changsha Lab No. 1',
        '\u00d0\u00a1\u00d2\u00bb',
      ),
      'latin1',
    );
  it.each(['GB18030', 'ASCII~GB 18030-2000', '~GBK'])('GBK that is also UTF-8, declared as %s', async (encoding) => {
    expect((await said(gbk(encoding))).sent[0]?.laboratory).toBe('小一');
  });
  it('a character of GBK ends in the byte of the separator, in MSH', async () => {
    const hospital = Buffer.from([0xac, 0x7c, 0x96, 0x7c]); // two characters of a hospital's name
    const bytes = gbk('GB18030');
    const at = bytes.indexOf('|Lab A|') + 1;
    const { sent } = await said(Buffer.concat([bytes.subarray(0, at), hospital, bytes.subarray(at)]));
    expect(sent[0]?.laboratory).toBe('小一');
    const nameless = Buffer.from(bytes.toString('latin1').replace('\u00d0\u00a1\u00d2\u00bb', ''), 'latin1');
    const named = await said(Buffer.concat([nameless.subarray(0, at), hospital, nameless.subarray(at + 5)]));
    expect(named.sent[0]?.laboratory).toBe('瑋東');
  });
  it('GBK that is also UTF-8, not declared', async () => {
    expect((await said(gbk(''))).refused[0]).toContain('OBX-23 is not readable as text');
  });
});

describe('versions 2.7 and 2.8', () => {
  const header = (version: string) => MSH.replace('^~\\&', '^~\\&#').replace('2.5.1', version);
  const inVersion = (version: string, ...segments: readonly string[]) => [header(version), ...segments].join('\r');
  it.each(['2.3', '2.4', '2.7', '2.7.1', '2.8', '2.8.2^^2.8.2.1'])('%s is read as the others', async (version) => {
    expect((await said(inVersion(version, PID, OBR, OBX, SPM))).events).toEqual([NEGATIVE]);
  });
  it('bring segments and fields that stand between, and more components', async () => {
    const between = ['UAC|KERB^x', 'SFT|Maker|1|LIS', PID.replace('CHN^NI', 'CHN&CHN&HL70396^NI'), 'PRT|1|UC||RCT'];
    const { events, notes } = await said(inVersion('2.8', ...between, OBR, OBX, 'PRT|2|UC||PO', SPM));
    expect([events, notes]).toEqual([[NEGATIVE], []]);
  });
  it('say where a text was cut, and half a name or number is then refused', async () => {
    const cut = await said(inVersion('2.7', PID, OBR, OBX.replace('No. 1', 'No#'), SPM));
    expect(cut.refused[0]).toContain('OBX-23 is not readable as text');
    expect((await said(inVersion('2.7', PID, OBR, OBX, SPM.replace('S-7', 'S-7#')))).events).toEqual([]);
    const escaped = await said(inVersion('2.7', PID, OBR, OBX.replace('No. 1', 'No\\P\\'), SPM));
    expect(escaped.sent[0]?.laboratory).toBe('Changsha Lab No#');
    expect((await said(withIn('No. 1', 'No#'))).sent[0]?.laboratory).toBe('Changsha Lab No#');
  });
});
