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

it('what a specimen’s own OBX says, behind SPM, is asked for as the test’s result', async () => {
  const { events, refused, ignored } = await said(`${BASE}\rOBX|1|NM|VOL^volume^L||5`);
  expect([events, refused, ignored]).toEqual([
    only('negative'),
    [],
    ['OBX 2: OBX-3 tells about the specimen (it stands behind SPM), and is no result'],
  ]);
});
