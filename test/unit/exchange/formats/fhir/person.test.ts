/** Whose a result is: by which identifier, and where nobody can tell. */

import { describe, expect, it } from 'vitest';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';
import { ANNA, bundleOf, type Json, NI, type Parts, parts, said, to, eventOf, refusedOf } from './support.ts';

describe('whose a result is', () => {
  const withIdentifiers =
    (...identifiers: Json[]) =>
    ({ patient }: Parts) =>
      Object.assign(patient, { identifier: identifiers });
  it.each<[string, Json, object]>([
    ['NI', { type: NI, value: ANNA }, { documentType: 'resident_identity_card' }],
    ['China’s OID', { system: 'urn:oid:2.16.156.10011.1.3', value: ANNA }, { documentType: 'resident_identity_card' }],
    [
      'a passport’s system',
      { system: 'http://hl7.org/fhir/sid/passport-USA', value: 'A1234567' },
      { documentType: 'passport', issuingCountry: 'USA' },
    ],
  ])('is told by an identifier with %s', async (_, identifier, person) => {
    const event = await eventOf(
      withIdentifiers({ value: 'internal' }, identifier, { type: NI, use: 'old', value: '1' }),
    );
    expect(event?.person).toMatchObject(person);
  });
  it('is never told by the laboratory’s own number unless the sender’s settings say so', async () => {
    const own = withIdentifiers({ value: 'LT-306' });
    expect(await refusedOf(own)).toContain('by which nobody could look this person up');
    const settings = { ...SETTINGS, documentType: 'passport', issuingCountry: 'USA' } as const;
    expect((await eventOf(own, settings))?.person.documentNumber).toBe('LT-306');
    expect(await refusedOf(withIdentifiers({ value: 'A1' }, { value: 'B2' }), settings)).toContain('without a type');
  });
  it.each<[string, (changed: Parts) => void]>([
    [
      'different numbers of one kind',
      withIdentifiers({ type: NI, value: ANNA }, { type: NI, value: '110101199003070038' }),
    ],
    ['is another birth', ({ patient }) => (patient['birthDate'] = '2015-01-01')],
    ['is another sex', ({ patient }) => (patient['gender'] = 'male')],
    ['a placeholder', withIdentifiers({ type: NI, value: '000000' })],
    ['a spreadsheet has rounded', withIdentifiers({ type: NI, value: '110105194912310000' })],
    ['which country issued', withIdentifiers({ type: { coding: [{ code: 'PPN' }] }, value: 'A1234567' })],
    ['refers to a resource that is no Patient', ({ observation }) => (observation['subject'] = to('Specimen/s'))],
  ])('is refused where it says: %s', async (reason, change) => {
    const refused = await refusedOf(change);
    expect(refused).toContain(reason);
    expect(refused).not.toMatch(/\d{6}/);
  });
  it('is refused where report and observation name two people', async () => {
    const { patient, ...others } = parts();
    const second = { ...patient, id: 'q', gender: 'male', birthDate: '1990-03-07' };
    const both = [patient, { ...second, identifier: [{ type: NI, value: '110101199003070038' }] }];
    const observation = { ...others.observation, subject: to('Patient/q') };
    const { sent, refused } = await said(
      bundleOf([others.report, ...both, others.specimen, others.laboratory, observation]),
    );
    expect([sent, refused]).toEqual([
      [],
      ['Bundle.entry[5].resource: Bundle.entry[5].resource.subject is another person than report or specimen say'],
    ]);
  });
});
