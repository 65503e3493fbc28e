/** A negative RNA test of Lab A as a FHIR bundle, for tests that send one to a door. */

import type { IdentityDocument } from '#core/field/identity.ts';

export function asBundle(
  person: IdentityDocument,
  times: { readonly sampled: string; readonly reported: string },
): object {
  const to = (reference: string) => ({ reference });
  const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
  const resources = [
    {
      resourceType: 'DiagnosticReport',
      identifier: [{ type: { coding: [{ code: 'FILL' }] }, value: 'S-7' }],
      status: 'final',
      code: coded('http://loinc.org', '94531-1'),
      subject: to('Patient/p'),
      issued: times.reported,
      result: [to('Observation/o')],
    },
    {
      resourceType: 'Patient',
      id: 'p',
      identifier: [
        { type: coded('http://terminology.hl7.org/CodeSystem/v2-0203', 'NI'), value: person.documentNumber },
      ],
    },
    {
      resourceType: 'Specimen',
      id: 's',
      type: coded('http://snomed.info/sct', '258500001'),
      collection: { collectedDateTime: times.sampled },
    },
    {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: coded('http://loinc.org', '94500-6'),
      subject: to('Patient/p'),
      specimen: to('Specimen/s'),
      performer: [{ type: 'Organization', display: 'Lab A' }],
      valueCodeableConcept: coded('http://snomed.info/sct', '260415000'),
    },
  ];
  return { resourceType: 'Bundle', type: 'message', entry: resources.map((resource) => ({ resource })) };
}
