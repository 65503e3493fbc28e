/**
 * The same person, sample and result come to the same view, byte for byte, in whatever format they are sent: a final
 * result, one that is corrected, taken back or cancelled, and those of pools. Doses, which only NDJSON and FHIR carry,
 * likewise.
 */

import { describe, expect, it } from 'vitest';
import type { Item } from '#exchange/formats/reader.ts';
import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { READERS } from '#exchange/readers/readers.ts';
import { workbook } from '#test/support/workbook.ts';
import { bundle, bundleOf, type Json, NEGATIVE, NI, POSITIVE } from './fhir/support.ts';
import { ANNA, HEADER, MAPPING, rowOf } from './sheet/mapped-sheet.ts';
import { chunksOf, collect, COMPLETE, message, NEGATIVE_OBX, SETTINGS } from './support.ts';
import { viewOf } from './view-of.ts';

const LABORATORY = '长沙市第一实验室';
const SAMPLED = '2022-07-05T08:30+08:00';

type Word = 'negative' | 'positive';
type Status = 'preliminary' | 'final' | 'corrected' | 'retracted' | 'cancelled';

/** One report as a laboratory has it. Null: it says no result. */
interface Report {
  readonly status: Status;
  /** `HH:MM` of the day of sampling. */
  readonly issued: string;
  readonly result: Word | null;
  readonly pool?: number;
}

const HL7_STATUS = { preliminary: 'P', final: 'F', corrected: 'C', retracted: 'W', cancelled: 'X' } as const;
const FHIR_STATUS = { retracted: 'entered-in-error', corrected: 'amended' } as const;
const VALUES = { negative: '260415000^Not detected^SCT', positive: '260373001^Detected^SCT' } as const;

/** What the exchange itself calls it. */
function eventOf({ status, issued, result, pool = 1 }: Report): Json {
  const isTakenBack = status === 'retracted' || status === 'cancelled';
  return {
    type: 'TestReported',
    person: { documentType: 'resident_identity_card', documentNumber: ANNA },
    province: '43',
    laboratory: LABORATORY,
    sampleId: 'S-7',
    status: isTakenBack ? 'retracted' : status,
    method: 'nucleic_acid',
    ...(pool > 1 ? { poolSize: pool } : {}),
    sampledAt: SAMPLED,
    reportIssuedAt: `2022-07-05T${issued}+08:00`,
    result: result === null ? 'invalid' : result === 'positive' && pool > 1 ? 'indeterminate' : result,
  };
}

function hl7Of({ status, issued, result, pool = 1 }: Report): string {
  const value = result === null ? '' : VALUES[result];
  const text = message({
    msh: { ...COMPLETE.msh, 4: LABORATORY, 7: '20220705230000+0800', 18: 'UNICODE UTF-8' },
    obr: { 3: 'F-1', 4: '94531-1', 22: `20220705${issued.replace(':', '')}` },
    obx: [{ ...NEGATIVE_OBX, 5: value, 11: HL7_STATUS[status], 19: '', 23: LABORATORY }],
    spm: { 2: '^S-7', ...(pool > 1 ? { 11: 'L', 13: String(pool) } : {}), 17: '202207050830', 18: '' },
  });
  return `\u000b${text}\r\u001c\r`; // what is behind it shows that it is whole
}

function fhirOf({ status, issued, result, pool = 1 }: Report): Json {
  return bundle(({ report, observation, specimen, laboratory }) => {
    const own = FHIR_STATUS[status as keyof typeof FHIR_STATUS] ?? status;
    Object.assign(report, { status: own, issued: `2022-07-05T${issued}:00+08:00` });
    Object.assign(observation, { status: own, valueCodeableConcept: result === 'positive' ? POSITIVE : NEGATIVE });
    if (result === null) delete observation['valueCodeableConcept'];
    laboratory['name'] = LABORATORY;
    specimen['collection'] = { collectedDateTime: SAMPLED };
    if (pool > 1) specimen['extension'] = [{ url: 'urn:lab:pool-size', valueInteger: pool }];
    for (const field of ['type', 'receivedTime']) delete specimen[field];
    delete observation['issued'];
  });
}

const SHEET_HEADER = `${HEADER},报告状态,混采人数`;
const { constants: _, ...others } = MAPPING;
const SHEET: SheetMapping = {
  ...others,
  columns: { ...MAPPING.columns, status: '报告状态', poolSize: '混采人数' },
  values: {
    ...MAPPING.values,
    status: { 初步: 'preliminary', 终审: 'final', 更正: 'corrected', 撤回: 'retracted', 取消: 'retracted' },
    result: { 阴性: 'negative', 阳性: 'positive', 作废: 'retracted' },
  },
};
const SHEET_STATUS = {
  preliminary: '初步',
  final: '终审',
  corrected: '更正',
  retracted: '撤回',
  cancelled: '取消',
} as const;

function rowOfReport({ status, issued, result, pool }: Report): string {
  const word = result === null ? '作废' : result === 'positive' ? '阳性' : '阴性';
  return `${rowOf({ result: word, reported: `2022/7/5 ${issued}` })},${SHEET_STATUS[status]},${pool ?? ''}`;
}

type Read = (reports: readonly Report[]) => AsyncIterable<Item>;
const rows = (reports: readonly Report[]) => [SHEET_HEADER, ...reports.map(rowOfReport)];
const SOURCES: Readonly<Record<string, Read>> = {
  NDJSON: (reports) => READERS.ndjson.read(chunksOf(reports.map((one) => JSON.stringify(eventOf(one))).join('\n'))),
  'HL7 v2': (reports) => READERS.hl7.read(chunksOf(reports.map(hl7Of).join('')), SETTINGS),
  FHIR: (reports) =>
    READERS.fhir.read(chunksOf(reports.map((one) => JSON.stringify(fhirOf(one))).join('\n')), SETTINGS),
  CSV: (reports) => readSheet(chunksOf([...rows(reports), ''].join('\r\n')), SHEET),
  XLSX: (reports) => readSheet(chunksOf(workbook(rows(reports).map((line) => line.split(',')))), SHEET),
};

const FINAL: Report = { status: 'final', issued: '20:15', result: 'negative' };
const CASES: Readonly<Record<string, readonly Report[]>> = {
  'a final result': [FINAL],
  'a preliminary one, then the final': [{ ...FINAL, status: 'preliminary', issued: '19:00' }, FINAL],
  'a corrected one': [FINAL, { status: 'corrected', issued: '21:40', result: 'positive' }],
  'one that is taken back': [FINAL, { status: 'retracted', issued: '21:40', result: 'negative' }],
  'one that is taken back, before it came': [{ status: 'retracted', issued: '21:40', result: 'negative' }, FINAL],
  'one that is cancelled, without a value': [FINAL, { status: 'cancelled', issued: '21:40', result: null }],
  'a cancelled one alone': [{ status: 'cancelled', issued: '21:40', result: null }],
  'a negative pool': [{ ...FINAL, pool: 10 }],
  'a positive pool': [{ ...FINAL, result: 'positive', pool: 10 }],
  'a positive pool that is taken back': [
    { ...FINAL, result: 'positive', pool: 10 },
    { status: 'retracted', issued: '21:40', result: 'positive', pool: 10 },
  ],
};

async function eventsOf(items: AsyncIterable<Item>): Promise<readonly unknown[]> {
  const told = (await collect(items)).filter(({ kind }) => kind !== 'note');
  return told.map((item) => (item.kind === 'event' ? (JSON.parse(item.json) as unknown) : item));
}

describe.each(Object.keys(CASES))('%s', (name) => {
  const reports = CASES[name] as readonly Report[];

  it.each(Object.keys(SOURCES))('by %s gives the view that the events themselves give', async (format) => {
    const events = await eventsOf((SOURCES[format] as Read)(reports));
    expect(viewOf(events)).toBe(viewOf(reports.map(eventOf)));
  });
});

it('what differs in one of them gives another view', () => {
  const views = Object.values(CASES).map((reports) => viewOf(reports.map(eventOf)));
  // Of those, the four that are taken back or cancelled are the same in the end.
  expect(new Set(views).size).toBe(views.length - 3);
});

describe('a dose', () => {
  const GIVEN = '2022-03-01T09:30:00+08:00';
  const dose = (status: 'final' | 'retracted', recordedAt: string): Json => ({
    type: 'VaccinationAdministered',
    person: { documentType: 'resident_identity_card', documentNumber: ANNA },
    province: '43',
    doseId: 'D-1',
    status,
    product: 'BBIBP-CorV',
    manufacturer: '北京生物制品研究所',
    doseNumber: 3,
    givenAt: GIVEN,
    recordedAt,
  });
  const immunization = (status: 'completed' | 'entered-in-error', recorded: string): Json =>
    bundleOf([
      { resourceType: 'Patient', id: 'p', identifier: [{ type: NI, value: ANNA }] },
      {
        resourceType: 'Immunization',
        identifier: [{ value: 'D-1' }],
        status,
        vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '510' }] },
        patient: { reference: 'Patient/p' },
        occurrenceDateTime: GIVEN,
        recorded,
        manufacturer: { display: '北京生物制品研究所' },
        protocolApplied: [{ doseNumberPositiveInt: 3 }],
      },
    ]);
  const [FIRST, LATER] = ['2022-03-01T09:40:00+08:00', '2022-03-02T10:00:00+08:00'];

  it('by FHIR gives the view that the event itself gives, also taken back', async () => {
    const sent = [immunization('completed', FIRST), immunization('entered-in-error', LATER)];
    const events = [dose('final', FIRST), dose('retracted', LATER)];
    const of = async (documents: readonly Json[]) =>
      viewOf(
        await eventsOf(READERS.fhir.read(chunksOf(documents.map((one) => JSON.stringify(one)).join('\n')), SETTINGS)),
      );
    expect(await of(sent.slice(0, 1))).toBe(viewOf(events.slice(0, 1)));
    expect(await of(sent)).toBe(viewOf(events));
    expect(viewOf(events)).not.toBe(viewOf(events.slice(0, 1)));
  });
});
