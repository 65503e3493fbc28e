/** Which observations of a message become events, at most one for each sample, and why the others don’t. */

import { describe, expect, it } from 'vitest';
import {
  COMPLETE,
  faultsOf,
  map,
  message,
  NEGATIVE_OBX,
  segment,
  SETTINGS,
} from '#test/unit/exchange/formats/support.ts';
import { eventOf, faults, obx, withObx } from './mapped.ts';

describe('which observations', () => {
  it.each([
    ['94558-4^x^LN', 'antigen'],
    ['LOCAL1^our PCR^L^94500-6^RNA^LN', 'nucleic_acid'],
    ['^SARS-CoV-2 (COVID-19) RNA [Presence] in Nose by NAA^LN', 'nucleic_acid'],
    ['COVPCR^新型冠状病毒核酸检测^L', 'nucleic_acid'],
    ['C19^COVID-19^L', 'nucleic_acid'], // the order (OBR-4) tells the method
    ['97099-6^COVID-19^LN', 'antigen'],
  ])('takes %s', (code, method) => {
    expect(eventOf(withObx({ 3: code }))?.method).toBe(method);
  });

  it.each([
    '80382-5^Influenza virus A Ag^LN',
    '85479-4^RSV RNA^LN',
    '95419-8^Has symptoms related to COVID-19^LN',
    '94745-7^SARS-CoV-2 RNA [Cycle Threshold #]^LN',
    'X^SARS-CoV-2 lineage by sequencing^L',
    'V^COVID-19 vaccine dose^L',
  ])('passes over %s beside a result', (code) => {
    expect(eventOf({ obx: [obx({ 3: code }), NEGATIVE_OBX] })?.result).toBe('negative');
  });

  it('passes over a panel’s heading', () => {
    expect(eventOf({ obx: [obx({ 3: '95941-1^panel^LN', 5: '' }), NEGATIVE_OBX] })?.result).toBe('negative');
  });

  it('passes over an answer whose code is a test’s, when OBX-29 says question', () => {
    const { events, refused, ignored } = map(message(withObx({ 29: 'QST' })));
    expect([events, refused]).toEqual([[], []]);
    expect(ignored.map(({ within, faults: [fault] }) => `${within}: ${fault?.reason}`)).toEqual([
      'OBX 1: answers a question, and is no result',
    ]);
  });

  it.each(['94563-4^IgG^LN', 'AB^SARS-CoV-2 IgM antibody^L', 'AB^新型冠状病毒抗体^L'])(
    'lists antibodies (%s)',
    (code) => {
      expect(faults(withObx({ 3: code }))).toEqual(['OBX 1: OBX-3 reports antibodies, which is no test for the virus']);
    },
  );

  it('lists what it can’t tell: a panel’s code alone, a test without a method, a wider family of viruses', () => {
    expect(faults(withObx({ 3: '95423-0^Influenza virus A and B and SARS-CoV-2 identified^LN' }))[0]).toContain(
      'panel of several viruses',
    );
    expect(faults({ ...withObx({ 3: 'C19^COVID-19^L' }), obr: { ...COMPLETE.obr, 4: 'X' } })[0]).toContain(
      'by a text alone',
    );
    expect(faults(withObx({ 3: '94502-2^SARS-related coronavirus RNA^LN' }))[0]).toContain('all SARS-related viruses');
  });

  it('refuses other messages, and headers that say nothing', () => {
    expect(faults({ msh: { ...COMPLETE.msh, 9: 'ADT^A01^ADT_A01' } })).toEqual([
      'OBX 1: MSH-9 is ADT^A01, not ORU^R01',
    ]);
    expect(faultsOf(map('MSH'))).toEqual(['message: MSH-2 does not say how the message is delimited']);
  });

  it.each(['T', 'D', 'N'])('refuses a message that isn’t live (MSH-11 %s), but for a training exchange', (code) => {
    const parts = { msh: { ...COMPLETE.msh, 11: code } };
    expect(faults(parts)).toEqual(['OBX 1: MSH-11 says that this is no production message']);
    expect(eventOf(parts, { ...SETTINGS, isTraining: true })?.result).toBe('negative');
  });
});

describe('one result per sample', () => {
  const gene = (code: string, value: string) => obx({ 3: `${code}^gene^LN`, 5: `${value}^^SCT` });
  it('takes the test’s own result, not its genes', () => {
    expect(
      eventOf({
        obx: [gene('94533-7', '260415000'), gene('94559-2', '260373001'), obx({ 5: '260373001^Detected^SCT' })],
      })?.result,
    ).toBe('positive');
  });
  it('takes genes that agree for the test', () => {
    expect(eventOf({ obx: [gene('94533-7', '260373001'), gene('94559-2', '260373001')] })?.result).toBe('positive');
  });
  it('refuses genes that don’t, or of which one can’t be read', () => {
    expect(faults({ obx: [gene('94533-7', '260415000'), gene('94559-2', '260373001')] })).toHaveLength(2);
    expect(faults({ obx: [gene('94533-7', '260415000'), gene('94559-2', '999')] })).toHaveLength(2);
  });
  it('refuses two methods under one sample id, and takes them under two', () => {
    const antigen = obx({ 3: '94558-4^Ag^LN', 5: '260373001^Detected^SCT' });
    expect(faults({ obx: [NEGATIVE_OBX, antigen] })).toHaveLength(2);
    const second = [
      segment('OBR', { ...COMPLETE.obr, 3: 'F-2' }),
      segment('OBX', antigen),
      segment('SPM', { 2: '^S-8' }),
    ].join('\r');
    const mapped = map(`${message()}\r${second}`);
    expect(mapped.events.map(({ within, event }) => [within, event.sampleId, event.method])).toEqual([
      ['OBR 1, OBX 1', 'S-7', 'nucleic_acid'],
      ['OBR 2, OBX 1', 'S-8', 'antigen'],
    ]);
  });
  it('prefers the value that stands to the one taken back', () => {
    expect(eventOf({ obx: [obx({ 5: '260373001^Detected^SCT', 11: 'W' }), obx({ 11: 'C' })] })).toMatchObject({
      status: 'corrected',
      result: 'negative',
    });
  });
  it('never gives one patient’s result to another', () => {
    const other = [
      segment('PID', { 3: 'E1234567^^^^PPN^^^^FRA' }),
      segment('OBR', COMPLETE.obr),
      segment('OBX', NEGATIVE_OBX),
    ].join('\r');
    const numbers = map(`${message()}\r${other}`).events.map(({ event }) => [
      event.person.documentNumber,
      event.sampleId,
    ]);
    expect(numbers).toEqual([
      ['11010519491231002X', 'S-7'],
      ['E1234567', 'F-1'],
    ]);
  });
});

describe('what is left out by design is named', () => {
  const ignoredOf = (changes: Parameters<typeof message>[0]) =>
    map(message(changes)).ignored.map(({ within, faults: [fault] }) => `${within} ${fault?.reason}`);
  it('another disease’s result, alone or beside one', () => {
    const flu = obx({ 3: '80382-5^Influenza virus A Ag^LN' });
    expect(ignoredOf({ obx: [flu] })).toEqual(['OBX 1 is a result of another test, for another disease']);
    expect(ignoredOf({ obx: [NEGATIVE_OBX, flu] })).toHaveLength(1);
    expect(faults({ obx: [flu] })).toEqual([]);
  });
  it('an amount, a question, a panel’s heading', () => {
    const amount = obx({ 3: '94745-7^Ct^LN' });
    const question = obx({ 3: '67098-4^Date of first dose^LN' });
    const heading = obx({ 3: '95941-1^panel^LN', 5: '' });
    expect(ignoredOf({ obx: [amount, question, heading, NEGATIVE_OBX] }).map((told) => told.slice(0, 14))).toEqual([
      'OBX 1 tells of',
      'OBX 2 answers ',
      'OBX 3 is a pan',
    ]);
  });
  it('but a local name under an order of the test may be the result, and is refused', () => {
    expect(faults(withObx({ 3: 'R1^Result^L' }))).toEqual([
      'OBX 1: OBX-3 names no virus, under an order (OBR-4) of a test for SARS-CoV-2',
    ]);
    expect(ignoredOf({ ...withObx({ 3: 'R1^Result^L' }), obr: { ...COMPLETE.obr, 4: 'X' } })).toHaveLength(1);
  });
  it('and a message that says nothing is refused', () => {
    expect(faults({ obx: [] })).toEqual(['message: OBX the message holds no observation']);
  });
});
