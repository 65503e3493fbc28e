/**
 * One ordinary event of each type, to be written with only what a test is about.
 */

import type {
  CodeAssigned,
  ExposureRecorded,
  PersonErased,
  SamplingRecorded,
  TestReported,
  VaccinationAdministered,
} from '#core/events/events.ts';
import { parseTime } from '#core/field/time.ts';

/** Epoch milliseconds of an ISO 8601 text. */
export function at(text: string): number {
  const parsed = parseTime(text);
  if (parsed === null) throw new RangeError(`${text} is no time`);
  return parsed.atMs;
}

const DELIVERY = {
  eventId: '01900000-0000-7000-8000-000000000001',
  acceptedAtMs: at('2022-08-10T09:00+08:00'),
  producerInstance: '43-a',
} as const;

export function testReported(given: Partial<TestReported> = {}): TestReported {
  return {
    ...DELIVERY,
    type: 'TestReported',
    province: '43',
    laboratory: 'L1',
    sampleId: 'S1',
    tubeId: null,
    run: null,
    status: 'final',
    method: 'nucleic_acid',
    specimen: null,
    poolSize: 10,
    sampledAtMs: at('2022-08-09T18:00+08:00'),
    sampledAtPrecision: 'minute',
    accessionedOnDay: null,
    testedAtMs: null,
    reportIssuedAtMs: at('2022-08-10T02:00+08:00'),
    result: 'negative',
    ...given,
  };
}

export function samplingRecorded(given: Partial<SamplingRecorded> = {}): SamplingRecorded {
  return {
    ...DELIVERY,
    type: 'SamplingRecorded',
    province: '43',
    site: 'P1',
    sampleId: 'S1',
    tubeId: null,
    status: 'final',
    sampledAtMs: at('2022-08-09T18:00+08:00'),
    sampledAtPrecision: 'minute',
    recordedAtMs: at('2022-08-09T18:01+08:00'),
    ...given,
  };
}

export function vaccinationAdministered(given: Partial<VaccinationAdministered> = {}): VaccinationAdministered {
  return {
    ...DELIVERY,
    type: 'VaccinationAdministered',
    province: '43',
    doseId: 'D1',
    status: 'final',
    product: 'CoronaVac',
    manufacturer: 'Sinovac',
    doseNumber: 1,
    givenAtMs: at('2021-06-06'),
    givenAtPrecision: 'day',
    recordedAtMs: at('2021-06-06T10:00+08:00'),
    ...given,
  };
}

export function codeAssigned(given: Partial<CodeAssigned> = {}): CodeAssigned {
  return {
    ...DELIVERY,
    type: 'CodeAssigned',
    province: '43',
    decisionId: 'K1',
    status: 'final',
    state: 'yellow',
    reason: 'exposure',
    authority: 'Changsha CDC',
    legalBasis: 'Hunan 2022-31, article 4',
    assignedAtMs: at('2022-08-09T18:00+08:00'),
    expiresAtMs: at('2022-08-16T18:00+08:00'),
    appealContact: '0731-12345',
    recordedAtMs: at('2022-08-09T18:00+08:00'),
    ...given,
  };
}

export function exposureRecorded(given: Partial<ExposureRecorded> = {}): ExposureRecorded {
  return {
    ...DELIVERY,
    type: 'ExposureRecorded',
    province: '43',
    exposureId: 'E1',
    status: 'final',
    riskArea: '430105',
    level: 'high',
    fromMs: at('2022-08-07T09:00+08:00'),
    toMs: at('2022-08-08T12:00+08:00'),
    recordedAtMs: at('2022-08-09T12:00+08:00'),
    ...given,
  };
}

export function personErased(given: Partial<PersonErased> = {}): PersonErased {
  return {
    ...DELIVERY,
    type: 'PersonErased',
    province: '43',
    erasureId: 'R1',
    authority: 'Changsha CDC',
    legalBasis: 'Personal Information Protection Law, article 47',
    decidedAtMs: at('2022-08-09T18:00+08:00'),
    erasesThroughMs: DELIVERY.acceptedAtMs,
    takes: 'all',
    ...given,
  };
}
