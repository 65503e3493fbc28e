/**
 * JSON of a checked form to an event: what may be left out gets its default, and times become instants. Pure; it judges
 * nothing but whether a time is one.
 */

import { type Delivery, ERASURE_REACH_MS, type PersonEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { type ParsedTime, parseDay, parseTime } from '#core/field/time.ts';
import type { EventJson } from '#exchange/formats/event-json.ts';

export class MalformedTime extends Error {
  readonly pointer: string;
  constructor(pointer: string) {
    super('malformed time');
    this.pointer = pointer;
  }
}

/** @throws MalformedTime */
export function eventFromJson(json: EventJson, delivery: Delivery): PersonEvent {
  switch (json.type) {
    case 'TestReported':
      return testReported(json, delivery);
    case 'SamplingRecorded':
      return samplingRecorded(json, delivery);
    case 'VaccinationAdministered':
      return vaccinationAdministered(json, delivery);
    case 'CodeAssigned':
      return codeAssigned(json, delivery);
    case 'ExposureRecorded':
      return exposureRecorded(json, delivery);
    case 'PersonErased':
      return personErased(json, delivery);
  }
}

function testReported(json: Extract<EventJson, { type: 'TestReported' }>, delivery: Delivery): PersonEvent {
  const sampled = optionalTime(json.sampledAt, '/sampledAt');
  return {
    ...delivery,
    type: 'TestReported',
    province: json.province as ProvinceCode,
    laboratory: json.laboratory,
    sampleId: json.sampleId,
    tubeId: json.tubeId ?? null,
    run: json.run ?? null,
    status: json.status,
    method: json.method,
    specimen: json.specimen ?? null,
    poolSize: json.poolSize ?? null,
    sampledAtMs: sampled?.atMs ?? null,
    sampledAtPrecision: sampled?.precision ?? null,
    accessionedOnDay: optionalDay(json.accessionedOn, '/accessionedOn'),
    testedAtMs: optionalInstant(json.testedAt, '/testedAt'),
    reportIssuedAtMs: instant(json.reportIssuedAt, '/reportIssuedAt'),
    result: json.result,
  };
}

function samplingRecorded(json: Extract<EventJson, { type: 'SamplingRecorded' }>, delivery: Delivery): PersonEvent {
  const sampled = requiredTime(json.sampledAt, '/sampledAt');
  return {
    ...delivery,
    type: 'SamplingRecorded',
    province: json.province as ProvinceCode,
    site: json.site,
    sampleId: json.sampleId,
    tubeId: json.tubeId ?? null,
    status: json.status ?? 'final',
    sampledAtMs: sampled.atMs,
    sampledAtPrecision: sampled.precision,
    recordedAtMs: optionalInstant(json.recordedAt, '/recordedAt') ?? sampled.atMs,
  };
}

function vaccinationAdministered(
  json: Extract<EventJson, { type: 'VaccinationAdministered' }>,
  delivery: Delivery,
): PersonEvent {
  const given = requiredTime(json.givenAt, '/givenAt');
  return {
    ...delivery,
    type: 'VaccinationAdministered',
    province: json.province as ProvinceCode,
    doseId: json.doseId,
    status: json.status ?? 'final',
    product: json.product,
    manufacturer: json.manufacturer,
    doseNumber: json.doseNumber,
    givenAtMs: given.atMs,
    givenAtPrecision: given.precision,
    recordedAtMs: optionalInstant(json.recordedAt, '/recordedAt') ?? given.atMs,
  };
}

function codeAssigned(json: Extract<EventJson, { type: 'CodeAssigned' }>, delivery: Delivery): PersonEvent {
  const assignedAtMs = instant(json.assignedAt, '/assignedAt');
  return {
    ...delivery,
    type: 'CodeAssigned',
    province: json.province as ProvinceCode,
    decisionId: json.decisionId,
    status: json.status ?? 'final',
    state: json.state,
    reason: json.reason ?? null,
    authority: json.authority ?? null,
    legalBasis: json.legalBasis ?? null,
    assignedAtMs,
    expiresAtMs: optionalInstant(json.expiresAt, '/expiresAt'),
    appealContact: json.appealContact ?? null,
    recordedAtMs: optionalInstant(json.recordedAt, '/recordedAt') ?? assignedAtMs,
  };
}

function exposureRecorded(json: Extract<EventJson, { type: 'ExposureRecorded' }>, delivery: Delivery): PersonEvent {
  const fromMs = instant(json.from, '/from');
  const toMs = optionalInstant(json.to, '/to');
  return {
    ...delivery,
    type: 'ExposureRecorded',
    province: json.province as ProvinceCode,
    exposureId: json.exposureId,
    status: json.status ?? 'final',
    riskArea: json.riskArea,
    level: json.level,
    fromMs,
    toMs,
    recordedAtMs: optionalInstant(json.recordedAt, '/recordedAt') ?? toMs ?? fromMs,
  };
}

function personErased(json: Extract<EventJson, { type: 'PersonErased' }>, delivery: Delivery): PersonEvent {
  return {
    ...delivery,
    type: 'PersonErased',
    province: json.province as ProvinceCode,
    erasureId: json.erasureId,
    authority: json.authority,
    legalBasis: json.legalBasis,
    decidedAtMs: instant(json.decidedAt, '/decidedAt'),
    erasesThroughMs: delivery.acceptedAtMs + ERASURE_REACH_MS,
    takes: json.takes ?? 'own',
  };
}

function requiredTime(text: string, pointer: string): ParsedTime {
  const time = parseTime(text);
  if (time === null) throw new MalformedTime(pointer);
  return time;
}

function optionalTime(text: string | null | undefined, pointer: string): ParsedTime | null {
  return text === null || text === undefined ? null : requiredTime(text, pointer);
}

/** A time that orders versions or starts a window: a date alone would leave it open by a day. */
function instant(text: string, pointer: string): number {
  const { atMs, precision } = requiredTime(text, pointer);
  if (precision === 'day') throw new MalformedTime(pointer);
  return atMs;
}

function optionalInstant(text: string | null | undefined, pointer: string): number | null {
  return text === null || text === undefined ? null : instant(text, pointer);
}

function optionalDay(text: string | null | undefined, pointer: string): number | null {
  if (text === null || text === undefined) return null;
  const day = parseDay(text);
  if (day === null) throw new MalformedTime(pointer);
  return day;
}
