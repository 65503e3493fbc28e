/** Events as a province sends them, for tests: valid unless a test says otherwise, and of people nobody else uses. */

import { randomInt } from 'node:crypto';
import { type IdentityDocument, residentCheckDigit } from '#core/field/identity.ts';
import { DAY_MS, formatTime, HOUR_MS } from '#core/field/time.ts';

/** A resident identity card with a number that no other test person has, up to a chance of one in a hundred million. */
export function newPerson(): IdentityDocument {
  const birthday = `${1950 + randomInt(70)}0${1 + randomInt(9)}1${randomInt(10)}`;
  const first17 = `110105${birthday}${String(randomInt(1_000)).padStart(3, '0')}`;
  return {
    documentType: 'resident_identity_card',
    issuingCountry: 'CHN',
    documentNumber: first17 + residentCheckDigit(first17),
  };
}

let samples = 0;

export function testReportedJson(
  person: IdentityDocument,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const nowMs = Date.now();
  samples += 1;
  return {
    type: 'TestReported',
    person,
    province: '43',
    laboratory: 'laboratory 1',
    sampleId: `s-${process.pid}-${samples}`,
    status: 'final',
    method: 'nucleic_acid',
    sampledAt: formatTime(nowMs - 8 * HOUR_MS),
    reportIssuedAt: formatTime(nowMs - HOUR_MS),
    result: 'negative',
    ...given,
  };
}

export function samplingRecordedJson(
  person: IdentityDocument,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  samples += 1;
  return {
    type: 'SamplingRecorded',
    person,
    province: '33',
    site: 'site 1',
    sampleId: `s-${process.pid}-${samples}`,
    sampledAt: formatTime(Date.now() - HOUR_MS),
    ...given,
  };
}

export function vaccinationJson(
  person: IdentityDocument,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  samples += 1;
  return {
    type: 'VaccinationAdministered',
    person,
    province: '66',
    doseId: `d-${process.pid}-${samples}`,
    product: 'CoronaVac',
    manufacturer: 'Sinovac',
    doseNumber: 1,
    givenAt: '2021-05-01',
    ...given,
  };
}

export function codeAssignedJson(
  person: IdentityDocument,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const nowMs = Date.now();
  samples += 1;
  return {
    type: 'CodeAssigned',
    person,
    province: '43',
    decisionId: `k-${process.pid}-${samples}`,
    state: 'yellow',
    reason: 'exposure',
    authority: 'Changsha CDC',
    legalBasis: 'Hunan 2022-31, article 4',
    assignedAt: formatTime(nowMs - HOUR_MS),
    expiresAt: formatTime(nowMs + 7 * DAY_MS),
    appealContact: '0731-12345',
    ...given,
  };
}

export function exposureRecordedJson(
  person: IdentityDocument,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  samples += 1;
  return {
    type: 'ExposureRecorded',
    person,
    province: '33',
    exposureId: `e-${process.pid}-${samples}`,
    riskArea: '330106',
    level: 'high',
    from: formatTime(Date.now() - 2 * DAY_MS),
    to: null,
    ...given,
  };
}
