/**
 * What each of the 22 files of exercises/town/lab-results/hl7 must lead to, field by field; each outcome was decided by
 * reading the file, not by running the importer.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import { splitMessages } from '#exchange/formats/hl7/split.ts';
import { ROOT } from '#platform/folders.ts';
import { AS_PASSPORT, chunksOf, collect, faultsOf, map, SETTINGS } from '#test/unit/exchange/formats/support.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results/hl7');
const INTERNAL =
  'PID-3 holds only numbers that are not of an identity document, by which nobody could look this person up';

type Expected = Partial<Omit<TestReportedJson, 'person'>> & { readonly number: string };
interface Case {
  readonly controlIds: readonly string[];
  readonly events?: readonly Expected[];
  readonly refused?: readonly string[];
  readonly notes?: readonly string[];
}

const RNA = {
  method: 'nucleic_acid',
  laboratory: 'Testing Lab',
  status: 'final',
  result: 'positive',
  specimen: 'nasopharyngeal_swab',
} as const;
const AVANTE = {
  method: 'antigen',
  laboratory: 'Avante at Ormond Beach',
  status: 'final',
  result: 'negative',
  specimen: 'nasopharyngeal_swab',
  sampledAt: '2021-02-09T00:00-06:00',
  accessionedOn: '2021-02-09',
  testedAt: '2021-02-09T00:00-06:00',
  reportIssuedAt: '2021-02-09T00:00-06:00',
} as const;
/** The same report, as the states of AL, ID, IL, IN and LA receive it: five files, one event. */
const HERMIONE: Expected = {
  ...RNA,
  number: '7c0d1de9-270e-4d9c-a4ec-af92560cec67',
  sampleId: '0bab3f94-feb4-4915-939d-1adc5da201f3',
  sampledAt: '2024-06-05T18:39:58+00:00',
  accessionedOn: '2024-06-06',
  testedAt: '2024-06-05T18:54:58+00:00',
  reportIssuedAt: '2024-06-05T18:55:01+00:00',
};
/** The same, for AK, FL and KS: the SARS-CoV-2 line of a four-virus panel. */
const CEDRICK: Expected = {
  ...RNA,
  number: '3551359f-bd1c-411e-b930-789ac694e75f',
  sampleId: '3ad338c6-125d-4141-9ce1-6040481304ab',
  sampledAt: '2024-02-14T20:51:46+00:00',
  accessionedOn: '2024-02-15',
  testedAt: '2024-02-14T21:06:46+00:00',
  reportIssuedAt: '2024-02-14T21:06:46+00:00',
};
const AS_TRAINING = { ...AS_PASSPORT, isTraining: true };
const NOT_LIVE = 'MSH-11 says that this is no production message';

const CASES: Readonly<Record<string, Case>> = {
  // MSH-10 holds the patient's number, which is left out of the location.
  'CE-20200415-0001.hl7': {
    controlIds: ['20210408181556.…'],
    events: [
      {
        number: 'd542f884-9598-eb11-aa9d-9b0caef93d5a',
        sampleId: 'd542f884-9598-eb11-aa9d-9b0caef93d5a',
        laboratory: 'SA.OverTheCounter',
        method: 'antigen',
        status: 'final',
        result: 'positive',
        specimen: 'anterior_nares_swab',
        sampledAt: '2021-04-08T14:09:23-04:00',
        accessionedOn: '2021-04-09',
        testedAt: '2021-04-08T14:09:23-04:00',
        reportIssuedAt: '2021-04-08T14:09:23-04:00',
      },
    ],
  },
  // A line break inside SPM-4 cuts off SPM-17 and SPM-18; OBR-7 has the time, MSH-7 its offset.
  'EHT-20210316-0001.hl7': {
    controlIds: ['658195889000001-1e837a04-7d87-4498-ac86-1476354ed257'],
    events: [
      {
        number: 'LT-306',
        sampleId: '1e837a04-7d87-4498-ac86-1476354ed257',
        laboratory: 'ELLUME Limited',
        method: 'antigen',
        status: 'final',
        result: 'negative',
        specimen: null,
        sampledAt: '2021-03-16T00:00-05:00',
        accessionedOn: null,
        testedAt: '2021-03-16T00:00-05:00',
        reportIssuedAt: '2021-03-16T00:00:00-05:00',
      },
    ],
    notes: [' begins with SCT, which is no segment of ORU^R01; it is left out'],
  },
  'ORU_deidentified.hl7': {
    controlIds: ['20240412110603_ff98cc992d5146e7916a5f0b873e534f'],
    refused: ['OBX 1: OBR-22 can’t be read as a time'],
  },
  'batch_message.hl7': {
    controlIds: ['371784', '612092'],
    events: [
      { ...AVANTE, number: '2a14112c-ece1-4f82-915c-7b3a8d152eda', sampleId: '0cba76f5-35e0-4a28-803a-2f31308aae9b' },
      { ...AVANTE, number: 'a40ea680-51bc-4a05-bf23-786dd08e64f2', sampleId: 'b518ef23-1d9a-40c1-ac4b-ed7b438dfc4b' },
    ],
  },
  'sample_AK_20240220-0001.hl7': { controlIds: ['3ad338c6-125d-4141-9ce1-6040481304ab'], events: [CEDRICK] },
  'sample_AL_20240624-0001.hl7': { controlIds: ['0bab3f94-feb4-4915-939d-1adc5da201f3'], events: [HERMIONE] },
  // A blood culture; MSH-2 has a fifth character.
  'sample_AOE_1_20230220-0001.hl7': { controlIds: ['MT_COCAA_ORU_AAPHELR.1.6214638'] },
  'sample_AR_20240805-0001.hl7': {
    controlIds: ['2ff0e890-841c-49ec-966d-d730d7e06f11'],
    events: [
      {
        ...RNA,
        number: '98796b2b-f07e-4750-9141-3007811d2b33',
        sampleId: '2ff0e890-841c-49ec-966d-d730d7e06f11',
        specimen: 'mid_turbinate_swab',
        sampledAt: '2024-06-17T16:52:37+00:00',
        accessionedOn: '2024-06-18',
        testedAt: '2024-06-17T17:07:37+00:00',
        reportIssuedAt: '2024-06-17T17:07:39+00:00',
      },
    ],
  },
  'sample_AZ_20240424-0001.hl7': {
    controlIds: ['117bc738-395b-492b-ad45-c1a292834571'],
    events: [
      {
        ...RNA,
        method: 'antigen',
        number: '3551359f-bd1c-411e-b930-789ac694e75f',
        sampleId: '117bc738-395b-492b-ad45-c1a292834571',
        sampledAt: '2024-04-16T21:11:24+00:00',
        accessionedOn: '2024-04-17',
        testedAt: '2024-04-16T21:26:24+00:00',
        reportIssuedAt: '2024-04-16T21:26:26+00:00',
      },
    ],
  },
  'sample_CA_20240729-0001.hl7': {
    controlIds: ['7c76ad50-9c8e-49a5-b245-3a74ae368ea2'],
    refused: ['OBX 2: OBX-5 holds the code 1234 (SCT), which is none of the known results'],
  },
  // The code is a panel's; the laboratory's own text (OBX-3.9) says which virus. W takes the result back.
  'sample_CO_20240403.hl7': {
    controlIds: ['a375227a-751f-4035-8e0b-e81322f356c9'],
    events: [
      {
        ...RNA,
        status: 'retracted',
        number: '10083d1d-dc8b-4ea0-91fa-8744cf0f013b',
        sampleId: 'a375227a-751f-4035-8e0b-e81322f356c9',
        specimen: 'nasopharyngeal_washings',
        sampledAt: '2024-03-21T22:05:08+00:00',
        accessionedOn: '2024-03-22',
        testedAt: '2024-03-21T22:20:08+00:00',
        reportIssuedAt: '2024-03-21T22:20:08+00:00',
      },
    ],
  },
  'sample_FL_20240702-0001.hl7': { controlIds: ['3ad338c6-125d-4141-9ce1-6040481304ab'], events: [CEDRICK] },
  'sample_HI_20240304-0001.hl7': {
    controlIds: ['175a5085-7f83-414e-98b9-2f0f097f53b7'],
    events: [
      {
        ...RNA,
        method: 'antigen',
        number: '3551359f-bd1c-411e-b930-789ac694e75f',
        sampleId: '175a5085-7f83-414e-98b9-2f0f097f53b7',
        specimen: 'anterior_nares_swab',
        sampledAt: '2024-03-04T23:18:23+00:00',
        accessionedOn: '2024-03-05',
        testedAt: '2024-03-04T23:33:23+00:00',
        reportIssuedAt: '2024-03-04T23:33:25+00:00',
      },
    ],
  },
  'sample_ID_20240624-0001.hl7': { controlIds: ['0bab3f94-feb4-4915-939d-1adc5da201f3'], events: [HERMIONE] },
  'sample_IL_20240802-0001.hl7': { controlIds: ['0bab3f94-feb4-4915-939d-1adc5da201f3'], events: [HERMIONE] },
  'sample_IN_20240618-0001.hl7': { controlIds: ['0bab3f94-feb4-4915-939d-1adc5da201f3'], events: [HERMIONE] },
  'sample_KS_20240429-0001.hl7': { controlIds: ['3ad338c6-125d-4141-9ce1-6040481304ab'], events: [CEDRICK] },
  'sample_LA_20240806-0001.hl7': { controlIds: ['0bab3f94-feb4-4915-939d-1adc5da201f3'], events: [HERMIONE] },
  // Influenza B alone was found and reported.
  'sample_MA_20240805-0001.hl7': { controlIds: ['12300125'] },
  // Reported two days before it was sampled: the door refuses it (report-before-sampling), with OBR-22 named.
  'sample_SR_1_20230302-0001-missing-data.hl7': {
    controlIds: ['1519ae86-98f4-40d8-9780-d5211186e5b5'],
    events: [
      {
        number: '9473889b-b2b9-45ac-a8d8-191f27132912',
        sampleId: '1519ae86-98f4-40d8-9780-d5211186e5b5',
        laboratory: 'CSV uploads-11D1111111',
        method: 'antigen',
        status: 'final',
        result: 'negative',
        specimen: 'anterior_nares_swab',
        sampledAt: '2023-03-30T05:32:36-07:00',
        accessionedOn: null,
        testedAt: null,
        reportIssuedAt: '2023-03-28T05:32:36-07:00',
      },
    ],
  },
  'sample_SR_ENTEREDINERROR_20240904-0001.hl7': {
    controlIds: ['8c66de45-62e3-453c-a5b2-90b6f90a407c'],
    events: [
      {
        ...RNA,
        method: 'antigen',
        status: 'retracted',
        laboratory: 'Testing Lab-12D4567890',
        number: '2f5d5a55-11c5-4e9f-92b0-418a0eb1fe1e',
        sampleId: '8c66de45-62e3-453c-a5b2-90b6f90a407c',
        sampledAt: '2024-09-04T22:21:21+00:00',
        accessionedOn: '2024-09-05',
        testedAt: '2024-09-04T22:36:21+00:00',
        reportIssuedAt: '2024-09-04T22:36:25+00:00',
      },
    ],
  },
  'single_message.hl7': {
    controlIds: ['371784'],
    events: [
      { ...AVANTE, number: '2a14112c-ece1-4f82-915c-7b3a8d152eda', sampleId: 'b518ef23-1d9a-40c1-ac4b-ed7b438dfc4b' },
    ],
  },
};

async function messagesOf(file: string): Promise<readonly Uint8Array[]> {
  const items = await collect(splitMessages(chunksOf(readFileSync(join(FOLDER, file)))));
  expect(items.filter(({ kind }) => kind !== 'message')).toEqual([]);
  return items.flatMap((item) => (item.kind === 'message' ? [item.bytes] : []));
}

describe('the 22 files that others wrote', () => {
  it('are all here', () => {
    expect(
      readdirSync(FOLDER)
        .filter((name) => name.endsWith('.hl7'))
        .toSorted(),
    ).toEqual(Object.keys(CASES).toSorted());
  });

  it.each(Object.entries(CASES))('%s', async (file, { controlIds, events = [], refused = [], notes = [] }) => {
    const mapped = (await messagesOf(file)).map((bytes) => map(bytes, AS_TRAINING));
    expect(mapped.map(({ controlId }) => controlId)).toEqual(controlIds);
    expect(mapped.flatMap((one) => one.events.map(({ event }) => event))).toEqual(
      events.map(({ number, ...rest }) => ({
        type: 'TestReported',
        person: { documentType: 'passport', issuingCountry: 'USA', documentNumber: number },
        province: '43',
        poolSize: null,
        ...rest,
      })),
    );
    expect(mapped.flatMap(faultsOf)).toEqual(refused);
    expect(
      mapped.flatMap((one) =>
        one.notes.flatMap(({ faults }) => faults.map(({ field, reason }) => `${field} ${reason}`)),
      ),
    ).toEqual(notes);
  });

  it.each(Object.entries(CASES))('%s, without being told what its numbers are', async (file, { events = [] }) => {
    const mapped = (await messagesOf(file)).map((bytes) => map(bytes, { ...SETTINGS, isTraining: true }));
    expect(mapped.flatMap((one) => one.events)).toEqual([]);
    expect(mapped.flatMap(faultsOf).filter((fault) => fault.endsWith(INTERNAL)).length).toBeGreaterThanOrEqual(
      events.length,
    );
  });

  it.each(['CE-20200415-0001.hl7', 'ORU_deidentified.hl7'])('%s is not live, and refused as such', async (file) => {
    const faults = (await messagesOf(file)).map((bytes) => map(bytes, AS_PASSPORT)).flatMap(faultsOf);
    expect(faults).toEqual(faults.map((_, index) => `OBX ${index + 1}: ${NOT_LIVE}`));
  });
});
