/** The same person, sample and result come to the same view, byte for byte, in whatever format they are sent. */

import { expect, it } from 'vitest';
import type { Item } from '#exchange/formats/reader.ts';
import { readSheet } from '#exchange/formats/sheet/reader.ts';
import { READERS } from '#exchange/readers/readers.ts';
import { workbook } from '#test/support/workbook.ts';
import { bundle } from './fhir/support.ts';
import { ANNA, HEADER, MAPPING, ROW } from './sheet/mapped-sheet.ts';
import { chunksOf, collect, message, NEGATIVE_OBX, SETTINGS } from './support.ts';
import { viewOf } from './view-of.ts';

const LABORATORY = '长沙市第一实验室';
const [SAMPLED, REPORTED] = ['2022-07-05T08:30+08:00', '2022-07-05T20:15+08:00'];

const EVENT = {
  type: 'TestReported',
  person: { documentType: 'resident_identity_card', documentNumber: ANNA },
  province: '43',
  laboratory: LABORATORY,
  sampleId: 'S-7',
  status: 'final',
  method: 'nucleic_acid',
  sampledAt: SAMPLED,
  reportIssuedAt: REPORTED,
  result: 'negative',
};

const HL7 = message({
  msh: { 4: LABORATORY, 7: '20220705201500+0800', 9: 'ORU^R01', 10: 'C-1', 11: 'P', 12: '2.5.1', 18: 'UNICODE UTF-8' },
  obr: { 3: 'F-1', 4: '94531-1', 22: '202207052015' },
  obx: [{ ...NEGATIVE_OBX, 19: '', 23: LABORATORY }],
  spm: { 2: '^S-7', 17: '202207050830', 18: '' },
});

const FHIR = bundle(({ report, observation, specimen, laboratory }) => {
  report['issued'] = REPORTED;
  laboratory['name'] = LABORATORY;
  specimen['collection'] = { collectedDateTime: SAMPLED };
  for (const field of ['type', 'receivedTime']) delete specimen[field];
  delete observation['issued'];
});

const rows = [HEADER, ROW].map((line) => line.split(','));
const SOURCES: Readonly<Record<string, () => AsyncIterable<Item>>> = {
  NDJSON: () => READERS.ndjson.read(chunksOf(JSON.stringify(EVENT))),
  // Something behind it shows that it is whole.
  'HL7 v2': () => READERS.hl7.read(chunksOf(`\u000b${HL7}\r\u001c\r`), SETTINGS),
  FHIR: () => READERS.fhir.read(chunksOf(JSON.stringify(FHIR)), SETTINGS),
  CSV: () => readSheet(chunksOf(`${HEADER}\r\n${ROW}\r\n`), MAPPING),
  XLSX: () => readSheet(chunksOf(workbook(rows)), MAPPING),
};

it.each(Object.keys(SOURCES))('%s gives the view that the event itself gives', async (format) => {
  const items = await collect((SOURCES[format] as () => AsyncIterable<Item>)());
  expect(items.map(({ kind }) => kind)).toEqual(['event']);
  const events = items.flatMap((item) => (item.kind === 'event' ? [JSON.parse(item.json) as unknown] : []));
  expect(viewOf(events)).toBe(viewOf([EVENT]));
});
