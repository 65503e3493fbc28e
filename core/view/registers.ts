/**
 * An event as the version of a register that it is, and what it states as content. Nothing of its delivery gets in: two
 * copies of an event give the same register, byte for byte.
 */

import { hash } from 'node:crypto';
import type {
  CodeAssigned,
  Delivery,
  ExposureRecorded,
  PersonErased,
  PersonEvent,
  RegisterEvent,
  SamplingRecorded,
  TestReported,
  VaccinationAdministered,
} from '#core/events/events.ts';
import { shanghaiDayOf } from '#core/field/time.ts';
import type { CodeRegister, DoseRegister, ExposureRegister, SamplingRegister, TestRegister } from './view.ts';

export function testRegisterOf(event: TestReported): TestRegister {
  return {
    day: event.sampledAtMs === null ? event.accessionedOnDay : shanghaiDayOf(event.sampledAtMs),
    province: event.province,
    laboratory: event.laboratory,
    sampleId: event.sampleId,
    status: event.status,
    issuedAtMs: event.reportIssuedAtMs,
    contentHash: contentHashOf(event),
    result: event.result,
    method: event.method,
    sampledAtMs: event.sampledAtMs,
    sampledAtPrecision: event.sampledAtPrecision,
    testedAtMs: event.testedAtMs,
    run: event.run,
    isPooled: event.poolSize !== null && event.poolSize > 1,
    alsoKept: null,
  };
}

export function samplingRegisterOf(event: SamplingRecorded): SamplingRegister {
  return {
    day: shanghaiDayOf(event.sampledAtMs),
    province: event.province,
    site: event.site,
    sampleId: event.sampleId,
    status: event.status,
    issuedAtMs: event.recordedAtMs,
    contentHash: contentHashOf(event),
    sampledAtMs: event.sampledAtMs,
    sampledAtPrecision: event.sampledAtPrecision,
    alsoKept: null,
  };
}

export function doseRegisterOf(event: VaccinationAdministered): DoseRegister {
  return {
    province: event.province,
    doseId: event.doseId,
    status: event.status,
    issuedAtMs: event.recordedAtMs,
    contentHash: contentHashOf(event),
    product: event.product,
    manufacturer: event.manufacturer,
    doseNumber: event.doseNumber,
    givenAtMs: event.givenAtMs,
    givenAtPrecision: event.givenAtPrecision,
    alsoKept: null,
  };
}

export function codeRegisterOf(event: CodeAssigned): CodeRegister {
  return {
    day: shanghaiDayOf(event.assignedAtMs),
    province: event.province,
    decisionId: event.decisionId,
    status: event.status,
    issuedAtMs: event.recordedAtMs,
    contentHash: contentHashOf(event),
    state: event.state,
    reason: event.reason,
    authority: event.authority,
    legalBasis: event.legalBasis,
    assignedAtMs: event.assignedAtMs,
    expiresAtMs: event.expiresAtMs,
    appealContact: event.appealContact,
    alsoKept: null,
  };
}

export function exposureRegisterOf(event: ExposureRecorded): ExposureRegister {
  return {
    day: shanghaiDayOf(event.fromMs),
    province: event.province,
    exposureId: event.exposureId,
    status: event.status,
    issuedAtMs: event.recordedAtMs,
    contentHash: contentHashOf(event),
    riskArea: event.riskArea,
    level: event.level,
    fromMs: event.fromMs,
    toMs: event.toMs,
    alsoKept: null,
  };
}

/** What an event states, without its delivery, in the order of the names. */
const CONTENT_FIELDS: Readonly<Record<PersonEvent['type'], readonly string[]>> = {
  TestReported: fieldsOf<TestReported>({
    accessionedOnDay: 0,
    laboratory: 0,
    method: 0,
    poolSize: 0,
    province: 0,
    reportIssuedAtMs: 0,
    result: 0,
    run: 0,
    sampleId: 0,
    sampledAtMs: 0,
    sampledAtPrecision: 0,
    specimen: 0,
    status: 0,
    testedAtMs: 0,
    tubeId: 0,
    type: 0,
  }),
  SamplingRecorded: fieldsOf<SamplingRecorded>({
    province: 0,
    recordedAtMs: 0,
    sampleId: 0,
    sampledAtMs: 0,
    sampledAtPrecision: 0,
    site: 0,
    status: 0,
    tubeId: 0,
    type: 0,
  }),
  VaccinationAdministered: fieldsOf<VaccinationAdministered>({
    doseId: 0,
    doseNumber: 0,
    givenAtMs: 0,
    givenAtPrecision: 0,
    manufacturer: 0,
    product: 0,
    province: 0,
    recordedAtMs: 0,
    status: 0,
    type: 0,
  }),
  CodeAssigned: fieldsOf<CodeAssigned>({
    appealContact: 0,
    assignedAtMs: 0,
    authority: 0,
    decisionId: 0,
    expiresAtMs: 0,
    legalBasis: 0,
    province: 0,
    reason: 0,
    recordedAtMs: 0,
    state: 0,
    status: 0,
    type: 0,
  }),
  ExposureRecorded: fieldsOf<ExposureRecorded>({
    exposureId: 0,
    fromMs: 0,
    level: 0,
    province: 0,
    recordedAtMs: 0,
    riskArea: 0,
    status: 0,
    toMs: 0,
    type: 0,
  }),
  // Without its reach, which follows from when it was accepted.
  PersonErased: fieldsOf<PersonErased, 'erasesThroughMs'>({
    authority: 0,
    decidedAtMs: 0,
    erasureId: 0,
    legalBasis: 0,
    province: 0,
    takes: 0,
    type: 0,
  }),
};

/** A record of all the fields, so that one that is added to an event and forgotten here doesn't compile. */
function fieldsOf<E extends PersonEvent, Left extends keyof E = never>(
  fields: Readonly<Record<Exclude<keyof E, keyof Delivery | Left>, 0>>,
): readonly string[] {
  return Object.keys(fields).sort();
}

/**
 * What an event states, as text that is equal for equal content. Fields that are null are left out, so that a field
 * added to the schema later doesn't change the content of what was written before.
 */
export function contentOf(event: PersonEvent): string {
  const values = event as unknown as Readonly<Record<string, string | number | null>>;
  const content: [string, string | number][] = [];
  for (const name of CONTENT_FIELDS[event.type]) {
    const value = values[name];
    if (value !== null && value !== undefined) content.push([name, value]);
  }
  return JSON.stringify(content);
}

function contentHashOf(event: RegisterEvent): Buffer {
  return hash('sha256', contentOf(event), 'buffer').subarray(0, 8);
}
