/** What a third trial, over siblings of what was tried before, found wrong in HL7; named after what went wrong. */

import { describe, expect, it } from 'vitest';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';
import { BASE, MSH, OBR, OBX, PID, said, SPM } from './tried.ts';

const CHINESE = `${MSH}||||||UNICODE UTF-8`;
const VALUE = '260415000^Not detected^SCT';
const withValue = (value: string) => [CHINESE, PID, OBR, OBX.replace(VALUE, value), SPM].join('\r');
const only = (result: string) => [`OBX 1 S-7 final ${result}`];

describe('a time that can mean one minute alone is refused for how it is written', () => {
  it.each([
    '2022-08-01T11:30:00+08:00',
    '2022-08-01 11:30:00',
    '2022/8/1 11:30',
    '2022年8月1日 11时30分',
    '202208011130+08:00',
  ])('%s', async (time) => {
    const [event] = (await said(BASE.replace('202208011130', time))).sent;
    expect(Date.parse(event?.reportIssuedAt ?? '')).toBe(Date.parse('2022-08-01T11:30+08:00'));
  });
  it('but not one whose day and month could change places', async () => {
    expect((await said(BASE.replace('202208011130', '01/08/2022 11:30'))).refused[0]).toContain('OBR-22 can’t be read');
  });
  it('and a zone beside it makes times without one ambiguous, as ever', async () => {
    expect((await said(BASE.replace('202208011130', '2022-08-01T03:30Z'))).refused[0]).toContain('SPM-17 has no zone');
  });
});

describe('a resident’s number is not known for one', () => {
  it('where the authority that issued it says so by its OID, as FHIR’s system does', async () => {
    const { sent } = await said(BASE.replace('^^^CHN^NI', '^^^&2.16.156.10011.1.3&ISO'));
    expect(sent[0]?.person.documentType).toBe('resident_identity_card');
  });
  it('but no other type is overruled by it', async () => {
    expect((await said(BASE.replace('^^^CHN^NI', '^^^&2.16.156.10011.1.3&ISO^MR'))).events).toEqual([]);
  });
});

describe('a result in Chinese is not understood', () => {
  it.each([
    ['新型冠状病毒核酸检测阴性', 'negative'],
    ['检测结果：阴性', 'negative'],
    ['阴 性', 'negative'],
    ['ORF1a/b阴性，N基因阴性', 'negative'],
    ['ORF1ab：阳性；N：阳性', 'positive'],
    ['阳性(+++)', 'positive'],
    ['可疑阳性', 'indeterminate'],
  ])('%s', async (word, result) => {
    expect((await said(withValue(`^${word}`))).events).toEqual(only(result));
  });
  it.each([
    'ORF1ab阴性，N基因阳性', // which of the two counts is for a person to say
    'ORF1ab阴性', // one target is not the test
    '阴性 阳性',
    '弱阳性(±)',
    '阴性 Ct=未检出',
    '结果',
  ])('and is not guessed: %s', async (word) => {
    expect((await said(withValue(`^${word}`))).events).toEqual([]);
  });
});

describe('what is no result yet is called an unknown word', () => {
  it.each([
    ['初筛阳性', 'is of a first screening'],
    ['已检测', 'says that there is no result yet'],
    ['检测中', 'says that there is no result yet'],
    ['作废', 'says that the report is void'],
  ])('%s', async (word, reason) => {
    const { events, refused } = await said(withValue(word));
    expect([events, refused]).toEqual([[], [expect.stringContaining(`OBX 1: OBX-5 ${reason}`)]]);
  });
  it('also beside a code that says positive', async () => {
    const { events, refused } = await said(withValue('260373001^初筛阳性^SCT'));
    expect([events, refused[0]]).toEqual([[], expect.stringContaining('is of a first screening')]);
  });
});

describe('a laboratory’s own words for a result can’t be said', () => {
  const settings = { ...SETTINGS, resultWords: { '0': 'negative', '1': 'positive', '-': 'negative' } } as const;

  it.each([
    ['0', 'negative'],
    ['1', 'positive'],
    ['－', 'negative'],
    ['0^阴性', 'negative'],
  ])('%s', async (value, result) => {
    expect((await said(withValue(value), settings)).events).toEqual(only(result));
    if (/^.$/.test(value)) expect((await said(withValue(value))).events).toEqual([]);
  });
  it('and one that contradicts the text beside it is refused', async () => {
    expect((await said(withValue('0^阳性'), settings)).refused[0]).toContain('contradicts itself');
  });
});

it('one positive of a pool becomes a positive of each of its people, where they share a sample’s number', async () => {
  const positive = OBX.replace(VALUE, '260373001^Detected^SCT');
  const ofOther = [PID.replace('11010519491231002X', '110101199003070038'), OBR, positive, SPM];
  const { events, refused } = await said([MSH, PID, OBR, positive, SPM, ...ofOther].join('\r'));
  const told = 'SPM-2 stands for several people, and of how many samples the pool is isn’t said';
  expect([events, refused]).toEqual([[], [`OBR 1, OBX 1: ${told}`, `OBR 2, OBX 1: ${told}`]]);
  const pooled = (text: string) => text.replaceAll('|258500001^^SCT|||||||||||||', '|258500001^^SCT|||||||L||10||||');
  expect((await said(pooled([MSH, PID, OBR, positive, SPM, ...ofOther].join('\r')))).events).toEqual([
    'OBR 1, OBX 1 S-7 final indeterminate',
    'OBR 2, OBX 1 S-7 final indeterminate',
  ]);
});

describe('a pool of which only a name tells is one person’s sample, and its positive theirs', () => {
  const positive = OBX.replace(VALUE, '260373001^Detected^SCT');
  const named = (obr: string, obx: string, spm: string) => said([CHINESE, PID, obr, obx, spm].join('\r'));
  const inTest = (name: string) => named(OBR, positive.replace('SARS-CoV-2 RNA', name), SPM);
  const inOrder = (name: string) => named(OBR.replace('94531-1', `94531-1^${name}^LN`), positive, SPM);
  const inSample = (name: string) => named(OBR, positive, SPM.replace('258500001^^SCT', `258500001^${name}^SCT`));

  it.each([
    ['the test’s', inTest, '新型冠状病毒核酸检测（10合1混检）'],
    ['the order’s', inOrder, '新冠核酸（十混一）'],
    ['the sample’s', inSample, '混采咽拭子（10:1）'],
  ] as const)('%s, with its size', async (_, ask, name) => {
    const { events, sent } = await ask(name);
    expect([events, sent[0]?.poolSize]).toEqual([only('indeterminate'), 10]);
  });
  it.each([
    ['the test’s', inTest, '新型冠状病毒核酸混检'],
    ['the order’s', inOrder, 'SARS-CoV-2 RNA pooled'],
    ['the sample’s', inSample, '混采咽拭子'],
  ] as const)('%s, without: refused', async (_, ask, name) => {
    expect(await ask(name)).toMatchObject({ events: [], refused: [expect.stringContaining('SPM-13 is missing')] });
  });
  it.each(['新冠甲乙流3合1核酸', 'SARS-CoV-2 4-in-1 PCR', '新冠核酸（非混检）', '新冠核酸 1:10'])(
    'and what is no pool’s name stays one person’s: %s',
    async (name) => {
      expect((await inTest(name)).sent[0]?.poolSize).toBe(null);
    },
  );
  it('and a size that contradicts the name is refused', async () => {
    const sized = SPM.replace('258500001^^SCT|||||||||||||', '258500001^^SCT|||||||L||5||||');
    const { refused } = await named(OBR, positive.replace('SARS-CoV-2 RNA', '新冠核酸10合1'), sized);
    expect(refused).toEqual([expect.stringContaining('SPM-13 contradicts the size')]);
  });
  it('and a negative one’s wording is understood', async () => {
    const { events, sent } = await said(withValue('^阴性（10合1混检）'));
    expect([events, sent[0]?.poolSize]).toEqual([only('negative'), 10]);
  });
});

it('a result stands though its order was cancelled (OBR-25 X), while FHIR’s is taken back', async () => {
  const { events, refused } = await said(BASE.replace(/\|F\rOBX/, '|X\rOBX'));
  expect([events, refused]).toEqual([[], [expect.stringContaining('OBR-25 says that the order was cancelled')]]);
  const both = BASE.replace(/\|F\rOBX/, '|X\rOBX').replace('||||||F|', '||||||X|');
  expect((await said(both)).events).toEqual(['OBX 1 S-7 retracted negative']);
});

it('a name in another set of characters is taken as the bytes that stand for it', async () => {
  const { refused } = await said(BASE.replace('Changsha Lab No. 1', '\\M2442\\'));
  expect(refused).toEqual(['OBX 1: OBX-23 is not readable as text']);
});

it('GBK is not read where its header calls it GB2312-80', async () => {
  const [before = '', after = ''] = `${MSH}||||||GB2312-80\r${PID}\r${OBR}\r${OBX}\r${SPM}`.split(VALUE);
  const bytes = Buffer.concat([Buffer.from(`${before}^`), Buffer.from('d2f5d0d4', 'hex'), Buffer.from(after)]); // 阴性
  expect((await said(bytes)).events).toEqual(only('negative'));
});

it('what a specimen’s own OBX says, behind SPM, is asked for as the test’s result', async () => {
  const { events, refused, ignored } = await said(`${BASE}\rOBX|1|NM|VOL^volume^L||5`);
  expect([events, refused, ignored]).toEqual([
    only('negative'),
    [],
    ['OBX 2: OBX-3 tells about the specimen (it stands behind SPM), and is no result'],
  ]);
});
