/** A dose in FHIR as an event: by a code of a vaccine against COVID-19 alone. */

import { describe, expect, it } from 'vitest';
import { ANNA, bundleOf, type Json, parts, said, to } from './support.ts';

const CVX = 'http://hl7.org/fhir/sid/cvx';

const dose = (changes: Json = {}): Json => ({
  resourceType: 'Immunization',
  id: 'i',
  identifier: [{ value: 'V-1' }],
  status: 'completed',
  vaccineCode: { coding: [{ system: CVX, code: '511' }] },
  patient: to('Patient/p'),
  occurrenceDateTime: '2021-06-01',
  manufacturer: { display: 'Sinovac' },
  protocolApplied: [{ doseNumberPositiveInt: 2 }],
  ...changes,
});
const saidOf = (changes: Json = {}) => said(bundleOf([dose(changes), parts().patient]));

describe('a dose', () => {
  it('is read from its Immunization', async () => {
    expect((await saidOf()).doses).toEqual([
      {
        type: 'VaccinationAdministered',
        person: { documentType: 'resident_identity_card', issuingCountry: 'CHN', documentNumber: ANNA },
        province: '43',
        doseId: 'V-1',
        status: 'final',
        product: 'CoronaVac',
        manufacturer: 'Sinovac',
        doseNumber: 2,
        givenAt: '2021-06-01',
        recordedAt: null,
      },
    ]);
  });
  it('that was entered in error is taken back', async () => {
    expect((await saidOf({ status: 'entered-in-error' })).doses).toMatchObject([{ status: 'retracted' }]);
  });
  it('has the sender’s own name of a product that its code doesn’t tell', async () => {
    const vaccineCode = { coding: [{ system: 'http://snomed.info/sct', code: '1119305005' }], text: 'SCB-2019' };
    expect((await saidOf({ vaccineCode })).doses).toMatchObject([{ product: 'SCB-2019' }]);
  });
  it('that is said to be subpotent is taken for a full one', async () => {
    const { doses, refused } = await saidOf({ isSubpotent: true });
    expect([doses, refused]).toEqual([[], [expect.stringContaining('.isSubpotent says that the dose was too weak')]]);
    expect((await saidOf({ isSubpotent: false })).doses).toHaveLength(1);
    expect((await saidOf({ isSubpotent: true, status: 'entered-in-error' })).doses).toMatchObject([
      { status: 'retracted' },
    ]);
  });
  it('of another vaccine is ignored by design', async () => {
    const { doses, refused, ignored } = await saidOf({ vaccineCode: { coding: [{ system: CVX, code: '88' }] } });
    expect([doses, refused, ignored]).toEqual([
      [],
      [],
      ['Bundle.entry[0].resource: Bundle.entry[0].resource.vaccineCode is no vaccine against COVID-19'],
    ]);
  });
  it.each<[string, Json]>([
    ['.vaccineCode names COVID-19 by a text alone', { vaccineCode: { text: '新冠疫苗' } }],
    [
      '.vaccineCode has the codes of several products',
      { vaccineCode: { coding: ['510', '511'].map((code) => ({ system: CVX, code })) } },
    ],
    ['.status says that no dose was given', { status: 'not-done' }],
    ['.status is no status', { status: 'done' }],
    ['.identifier holds no number of the dose', { identifier: [] }],
    ['.occurrence is missing', { occurrenceDateTime: undefined, occurrenceString: 'in June' }],
    ['.manufacturer is missing', { manufacturer: undefined }],
    ['.protocolApplied.doseNumber is missing', { protocolApplied: undefined }],
    ['.protocolApplied.doseNumber is missing', { protocolApplied: [{ doseNumberString: 'booster' }] }],
    ['.patient refers to a resource that isn’t in the document', { patient: to('Patient/q') }],
  ])('is refused: %s', async (reason, changes) => {
    const { doses, refused } = await saidOf(changes);
    expect(doses).toEqual([]);
    expect(refused.join()).toContain(`Bundle.entry[0].resource${reason}`);
  });
});
