/** From a message to events: which person, which status, which times; and why the others not. */

import { describe, expect, it } from 'vitest';
import type { RunField } from '#exchange/formats/reader.ts';
import { COMPLETE, map, message, SETTINGS } from '#test/unit/exchange/formats/support.ts';
import { eventOf, faults, withObx } from './mapped.ts';

it('maps a complete message', () => {
  expect(eventOf()).toEqual({
    type: 'TestReported',
    person: { documentType: 'resident_identity_card', issuingCountry: 'CHN', documentNumber: '11010519491231002X' },
    province: '43',
    laboratory: 'Changsha Lab No. 1',
    sampleId: 'S-7',
    status: 'final',
    method: 'nucleic_acid',
    specimen: 'nasopharyngeal_swab',
    poolSize: null,
    sampledAt: '2022-08-01T08:12+08:00',
    accessionedOn: '2022-08-01',
    testedAt: '2022-08-01T10:00+08:00',
    reportIssuedAt: '2022-08-01T11:30+08:00',
    result: 'negative',
  });
});

describe('the person', () => {
  const pid = (identifiers: string) => ({ pid: { 3: identifiers, 5: 'CANARYNAME' } });
  it.each([
    ['A^^^LAB^PI~11010519491231002X^^^^NNCHN', 'resident_identity_card', '11010519491231002X'],
    ['B7^^^LAB^MR~E1234567^^^^PPN^^^^FRA', 'passport', 'E1234567'],
    ['E1234567^^^USA^PPN', 'passport', 'E1234567'],
    ['E1234567^^^^PPN^^^^US&&ISO3166', 'passport', 'E1234567'],
  ])('by %s', (identifiers, documentType, documentNumber) => {
    expect(eventOf(pid(identifiers))?.person).toMatchObject({ documentType, documentNumber });
  });
  it.each(['A1^^^LAB^PI', 'A1^^^LAB^MR', 'A1', 'A1^^^USA^NI'])('is not known by %s alone', (identifiers) => {
    expect(faults(pid(identifiers))[0]).toContain('PID-3 holds only numbers that are not of an identity document');
  });
  it.each(['1^^^H^VN', '1^^^H^SS~2^^^H^AN'])('is not known by %s even when told what numbers are', (identifiers) => {
    expect(faults(pid(identifiers), { ...SETTINGS, documentType: 'passport', issuingCountry: 'USA' })[0]).toContain(
      'no identity document',
    );
  });
  it('is what the operator says, where the message doesn’t', () => {
    expect(
      eventOf(pid('9^^^H^AN~77^^^H^MR~A1^^^LAB^PI'), { ...SETTINGS, documentType: 'passport', issuingCountry: 'USA' })
        ?.person,
    ).toEqual({ documentType: 'passport', issuingCountry: 'USA', documentNumber: 'A1' });
    expect(eventOf(pid('H1234567890^^^^PI'), { ...SETTINGS, documentType: 'hong_kong_macao_permit' })?.person).toEqual({
      documentType: 'hong_kong_macao_permit',
      documentNumber: 'H1234567890',
    });
  });
  it('needs the country of a passport', () => {
    expect(faults(pid('E1234567^^^^PPN'))).toEqual(['OBX 1: PID-3.9 does not say which country issued the passport']);
    expect(faults(pid(''))).toEqual(['OBX 1: PID-3 holds no identifier of the patient']);
  });
});

describe('status and result', () => {
  it.each([
    ['P', 'preliminary'],
    ['F', 'final'],
    ['C', 'corrected'],
    ['W', 'retracted'],
    ['X', 'retracted'],
    ['D', 'retracted'],
    ['S', 'preliminary'],
    ['U', 'final'],
  ])('OBX-11 %s is %s', (code, status) => {
    expect(eventOf(withObx({ 11: code }))?.status).toBe(status);
  });
  it.each(['R', 'I', 'O', 'N', '?'])('OBX-11 %s is listed', (code) => {
    expect(faults(withObx({ 11: code }))[0]).toMatch(/^OBX 1: OBX-11 /);
  });
  it('falls back on OBR-25, and lists neither', () => {
    expect(eventOf({ ...withObx({ 11: '' }), obr: { ...COMPLETE.obr, 25: 'C' } })?.status).toBe('corrected');
    expect(faults({ ...withObx({ 11: '' }), obr: { ...COMPLETE.obr, 25: '' } })[0]).toContain('OBX-11 holds no status');
  });
  it('takes a retraction that doesn’t say what it was', () => {
    expect(eventOf(withObx({ 5: '""', 11: 'D' }))).toMatchObject({ status: 'retracted', result: 'invalid' });
  });
  it.each([
    ['10828004^Positive^SCT', 'positive'],
    ['720735008', 'positive'],
    ['260385009^Negative^SCT', 'negative'],
    ['419984006^Inconclusive^SCT', 'indeterminate'],
    ['125154007^Specimen unsatisfactory for evaluation^SCT', 'invalid'],
    ['373121007^Test not done^SCT', 'invalid'],
    ['阳性', 'positive'],
    ['阴性(-)', 'negative'],
    ['NEG^Negative^L', 'negative'],
    ['SARS-CoV-2 RNA NOT DETECTED', 'negative'],
    ['Positive *** High ***', 'positive'],
    ['Negative for COVID-19', 'negative'],
    ['POSITIVE^POSITIVE^L^^^^5.67^^POSITIVE', 'positive'],
    ['LOC9^our code^L^260415000^Not detected^SCT', 'negative'],
  ])('OBX-5 %s is %s', (value, result) => {
    expect(eventOf(withObx({ 5: value }))?.result).toBe(result);
  });
  it.each([
    ['260415000^Detected^SCT', 'contradicts itself'],
    ['Positive~Negative', 'contradicts itself'],
    ['', 'holds no result'],
    ['1234^^SCT', 'holds the code 1234 (SCT)'],
    ['CANARYNAME', 'holds a value (not shown'],
    ['no virus detected yet', 'holds a value (not shown'],
    ['11010519491231002X^^L', 'holds a value (not shown'],
  ])('OBX-5 %s is refused: it %s', (value, reason) => {
    expect(faults(withObx({ 5: value }))[0]).toContain(`OBX-5 ${reason}`);
  });
});

describe('times', () => {
  it('are sampled by SPM-17, else OBR-7, else OBX-14, else unknown', () => {
    const spm = { 2: '^S-7' };
    expect(eventOf({ spm })?.sampledAt).toBe('2022-08-01T08:00+08:00');
    expect(eventOf({ spm, obr: { ...COMPLETE.obr, 7: '' }, ...withObx({ 14: '20220801' }) })?.sampledAt).toBe(
      '2022-08-01',
    );
    expect(eventOf({ spm, obr: { ...COMPLETE.obr, 7: '' } })?.sampledAt).toBeNull();
    expect(eventOf({ spm: { ...spm, 17: '20220801080000+0800^20220801090000+0800' } })?.sampledAt).toBe(
      '2022-08-01T08:00:00+08:00',
    );
  });
  it('have the offset of the message’s own time, else the operator’s', () => {
    const msh = { ...COMPLETE.msh, 7: '20220801120000-0500' };
    expect(eventOf({ msh })?.reportIssuedAt).toBe('2022-08-01T11:30-05:00');
    expect(eventOf({ msh: { ...msh, 7: '' } }, { ...SETTINGS, timeZone: '+06:00' })?.reportIssuedAt).toBe(
      '2022-08-01T11:30+06:00',
    );
  });
  it.each([
    ['', 'is missing: when the report was issued isn’t known'],
    ['DATE!', 'can’t be read as a time'],
    ['202208', 'does not say the day'],
    ['20220801', 'is a date without a time, and a result’s validity is counted from the minute'],
  ])('refuse OBR-22 %j', (text, reason) => {
    expect(faults({ obr: { ...COMPLETE.obr, 22: text } })).toEqual([`OBX 1: OBR-22 ${reason}`]);
  });
  it('are never replaced by another field’s when they can’t be read', () => {
    expect(faults({ spm: { ...COMPLETE.spm, 17: 'DATE!' } })).toEqual(['OBX 1: SPM-17 can’t be read as a time']);
  });
  it('that decide nothing are left out, with a note', () => {
    const mapped = map(message({ ...withObx({ 19: 'DATE!' }), spm: { ...COMPLETE.spm, 18: 'x' } }));
    expect(mapped.events[0]?.event).toMatchObject({ testedAt: null, accessionedOn: null });
    expect(mapped.notes[0]?.faults.map(({ field }) => field)).toEqual(['OBX-19', 'SPM-18']);
  });
  it('of accession are days of Asia/Shanghai', () => {
    const obr = { ...COMPLETE.obr, 22: '202208021130' };
    expect(eventOf({ obr, spm: { ...COMPLETE.spm, 18: '20220801200000+0000' } })?.accessionedOn).toBe('2022-08-02');
  });
});

describe('sample and laboratory', () => {
  it('come from the next field where one is missing', () => {
    expect(eventOf({ spm: { 2: 'P-7&LIS' } })?.sampleId).toBe('P-7');
    expect(eventOf({ spm: null })?.sampleId).toBe('F-1');
    expect(eventOf(withObx({ 23: '', 15: '05D1^Lab by id^CLIA' }))?.laboratory).toBe('Lab by id');
    expect(eventOf(withObx({ 23: '' }))?.laboratory).toBe('Changsha Hospital');
    expect(
      eventOf({ ...withObx({ 23: '' }), msh: { ...COMPLETE.msh, 4: '' } }, { ...SETTINGS, laboratory: 'Given' })
        ?.laboratory,
    ).toBe('Given');
    expect(faults({ ...withObx({ 23: '' }), msh: { ...COMPLETE.msh, 4: '' } })).toEqual([
      'OBX 1: OBX-23 names no laboratory',
    ]);
    expect(faults({ spm: null, obr: { ...COMPLETE.obr, 3: '' } })).toEqual([
      'OBX 1: SPM-2 holds no sample id, nor do OBR-3 and ORC-3',
    ]);
  });
  it('are never cut', () => {
    expect(faults({ spm: { 2: `^${'S'.repeat(65)}` } })).toEqual(['OBX 1: SPM-2 is longer than 64 characters']);
    expect(faults(withObx({ 23: 'L'.repeat(65) }))).toEqual(['OBX 1: OBX-23 is longer than 64 characters']);
    expect(eventOf(withObx({ 23: `${'L'.repeat(65)}^^^^^^^^^05D1` }))?.laboratory).toBe('05D1');
  });
  it('keep specimen codes that have no word, and the size of a pool', () => {
    expect(eventOf({ spm: { ...COMPLETE.spm, 4: '123456789^x^SCT', 11: 'L', 13: '10' } })).toMatchObject({
      specimen: 'snomed:123456789',
      poolSize: 10,
    });
  });
});

it('prints neither name nor number, whatever is wrong', () => {
  const pid = { 3: 'CANARY-77^^^LAB^PI', 5: 'CANARYNAME^CANARYGIVEN', 9: 'CANARYALIAS' };
  const broken = {
    2: 'CANARYNAME',
    3: '94500-6^COVID-19 RNA CANARYNAME^LN',
    5: 'CANARY-77^CANARYNAME^SCT',
    11: 'CANARYNAME',
    19: 'CANARYNAME',
    23: 'CANARYNAME'.repeat(9),
  };
  const mapped = map(
    message({
      pid,
      msh: { ...COMPLETE.msh, 7: 'CANARYNAME', 10: 'x.canary-77.CANARYNAME' },
      obr: { 22: 'CANARYNAME' },
      obx: [broken],
      spm: { 2: `^${'CANARY-77'.repeat(9)}`, 17: 'CANARYNAME', 18: 'CANARYNAME' },
    }),
  );
  expect(mapped.events).toEqual([]);
  expect(mapped.refused[0]?.faults.length).toBeGreaterThanOrEqual(6);
  expect(JSON.stringify(mapped)).not.toMatch(/canary/i);
  expect(mapped.controlId).toBe('x.….…');
});

describe('the run', () => {
  const inField = (run: string) => ({ obr: { ...COMPLETE.obr, 20: run } });
  const from = (segment: RunField['segment'], field: number, component = 1) => ({
    ...SETTINGS,
    runFrom: { segment, field, component },
  });
  it('is read where the laboratory puts it', () => {
    expect(eventOf(inField('R-20220801-3'), from('OBR', 20))?.run).toBe('R-20220801-3');
    expect(eventOf(withObx({ 18: 'PCR-7^plate 12' }), from('OBX', 18, 2))?.run).toBe('plate 12');
  });
  it('is none where nobody says where it stands, or the field is empty', () => {
    expect(eventOf(inField('R-1'))).not.toHaveProperty('run');
    for (const run of ['', ' ']) expect(eventOf(inField(run), from('OBR', 20))).not.toHaveProperty('run');
  });
  it('is not cut: a result whose run can’t be named would escape what withdraws that run', () => {
    expect(faults(inField('r'.repeat(65)), from('OBR', 20))).toEqual([
      'OBX 1: OBR-20 is longer than 64 characters, and should name the run',
    ]);
  });
  it('that the door refuses is traced to its field', () => {
    const mapped = map(message(inField('R-1')), from('OBR', 20));
    expect(mapped.events[0]?.origins['/run']).toBe('OBR-20');
  });
});
