/**
 * One JSON event to one keyed event, or the reason why not. Pure but for the secrets and the clock that it is given.
 * A refusal points at the field and never repeats its value: it may be a document's number.
 */

import { randomFillSync } from 'node:crypto';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { v7 as uuidv7 } from 'uuid';
import { eventFaultOf } from '#core/event-rules.ts';
import { type Delivery, ERASURE_REACH_MS, type EventType, type PersonEvent } from '#core/events.ts';
import { normaliseDocument, type PersonKey, personKeyOf } from '#core/identity.ts';
import type { ProvinceCode } from '#core/regions.ts';
import { type ParsedTime, parseDay, parseTime } from '#core/time.ts';
import { EVENT_FORMS, type EventJson } from './door.ts';

export interface Refusal {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

export type Taken =
  | { readonly ok: true; readonly key: PersonKey; readonly event: PersonEvent }
  | { readonly ok: false; readonly refusal: Refusal };

export interface IntakeOptions {
  readonly secrets: readonly Buffer[];
  readonly clockSkewMs: number;
}

const ajv = new Ajv({ allErrors: false, strict: false });
(addFormats as unknown as (instance: Ajv, formats: string[]) => void)(ajv, ['uuid']);

const VALIDATORS: Readonly<Record<EventType, ValidateFunction<EventJson>>> = {
  TestReported: ajv.compile(EVENT_FORMS.TestReported),
  SamplingRecorded: ajv.compile(EVENT_FORMS.SamplingRecorded),
  VaccinationAdministered: ajv.compile(EVENT_FORMS.VaccinationAdministered),
  CodeAssigned: ajv.compile(EVENT_FORMS.CodeAssigned),
  ExposureRecorded: ajv.compile(EVENT_FORMS.ExposureRecorded),
  PersonErased: ajv.compile(EVENT_FORMS.PersonErased),
};

/** @param delivery what the producer adds; its event id gives way to one that the sender set */
export function takeEvent(raw: unknown, delivery: Delivery, { secrets, clockSkewMs }: IntakeOptions): Taken {
  const checked = checkForm(raw);
  if ('code' in checked) return refused(checked);
  const key = keyOf(checked, secrets);
  if ('code' in key) return refused(key);
  const event = buildEvent(checked, { ...delivery, eventId: checked.eventId ?? delivery.eventId });
  if ('code' in event) return refused(event);
  const fault = eventFaultOf(event, delivery.acceptedAtMs, clockSkewMs);
  if (fault !== null)
    return refused({ pointer: pointerOf(fault.field), code: fault.code, detail: fault.detail, hint: fault.hint });
  return { ok: true, event, key: key.key };
}

function keyOf(json: EventJson, secrets: readonly Buffer[]): { readonly key: PersonKey } | Refusal {
  const { person } = json;
  const personKey = json.type === 'PersonErased' ? json.personKey : undefined;
  if (personKey !== undefined && person !== undefined)
    return {
      pointer: '/personKey',
      code: 'TWO_PERSONS',
      detail: 'person and personKey are both given',
      hint: 'give one of them',
    };
  if (personKey !== undefined) return { key: Buffer.from(personKey, 'hex') };
  if (person === undefined)
    return {
      pointer: '/person',
      code: 'FIELD_MISSING',
      detail: 'neither person nor personKey is given',
      hint: 'give the identity document, or the person’s key',
    };
  const document = normaliseDocument(person);
  if (document.ok)
    return {
      key: personKeyOf(secrets, {
        documentType: person.documentType,
        country: document.country,
        number: document.number,
      }),
    };
  const { field, code, detail, hint } = document.fault;
  return { pointer: `/person/${field}`, code, detail, hint };
}

/**
 * UUIDv7, its randomness drawn from the system some hundred at a time: one at a time costs as much as all else here.
 */
export function newEventId(): string {
  if (randomAt === RANDOM_POOL.length) {
    randomFillSync(RANDOM_POOL);
    randomAt = 0;
  }
  randomAt += UUID_BYTES;
  return uuidv7({ random: RANDOM_POOL.subarray(randomAt - UUID_BYTES, randomAt) });
}

const UUID_BYTES = 16;
const RANDOM_POOL = Buffer.alloc(UUID_BYTES * 256);
let randomAt = RANDOM_POOL.length;

/** The publisher that an event names, if it names one at all. */
export function provinceIn(raw: unknown): string | null {
  const province = (raw as { province?: unknown } | null)?.province;
  return typeof province === 'string' ? province : null;
}

function refused(refusal: Refusal): Taken {
  return { ok: false, refusal };
}

/** What is wrong with an event's form, whoever would publish it. */
export function formFaultOf(raw: unknown): Refusal | null {
  const checked = checkForm(raw);
  return 'code' in checked ? checked : null;
}

function checkForm(raw: unknown): EventJson | Refusal {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return {
      pointer: '',
      code: 'NOT_AN_OBJECT',
      detail: 'an event is a JSON object',
      hint: 'see the API documentation',
    };
  const type = (raw as { type?: unknown }).type;
  const validate = typeof type === 'string' && Object.hasOwn(VALIDATORS, type) ? VALIDATORS[type as EventType] : null;
  if (validate === null)
    return {
      pointer: '/type',
      code: 'UNKNOWN_TYPE',
      detail: 'not a type of event',
      hint: `use ${Object.keys(VALIDATORS).join(', ')}`,
    };
  return validate(raw) ? raw : formRefusal(validate.errors?.[0] as ErrorObject);
}

// Ajv's own messages speak of the schema and never repeat a value; a field's name that isn't in it might be one.
function formRefusal({ instancePath, keyword, params, message, schemaPath }: ErrorObject): Refusal {
  switch (keyword) {
    case 'required':
      return {
        pointer: `${instancePath}/${String(params['missingProperty'])}`,
        code: 'FIELD_MISSING',
        detail: 'is missing',
        hint: 'see the API documentation',
      };
    case 'additionalProperties':
      return {
        pointer: instancePath,
        code: 'UNKNOWN_FIELD',
        detail: 'has a field that this type of event does not have',
        hint:
          'check the spelling; ' +
          `${schemaPath.includes('/person/') ? 'a person has documentType, issuingCountry, documentNumber' : 'the fields are in the API documentation'}`,
      };
    case 'enum':
      return {
        pointer: instancePath,
        code: 'WRONG_FORM',
        detail: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`,
        hint: 'see the API documentation',
      };
    default:
      return {
        pointer: instancePath,
        code: 'WRONG_FORM',
        detail: message ?? 'has another form',
        hint: 'see the API documentation',
      };
  }
}

const TIME_HINT = 'use ISO 8601 with an offset, such as 2022-08-01T08:12:00+08:00';

class MalformedTime extends Error {
  readonly pointer: string;
  constructor(pointer: string) {
    super('malformed time');
    this.pointer = pointer;
  }
}

function buildEvent(json: EventJson, delivery: Delivery): PersonEvent | Refusal {
  try {
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
  } catch (error) {
    if (!(error instanceof MalformedTime)) throw error;
    return {
      pointer: error.pointer,
      code: 'MALFORMED_TIME',
      detail: 'is not a time of the calendar with an offset',
      hint: TIME_HINT,
    };
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

const POINTERS: Readonly<Record<string, string>> = {
  accessionedOnDay: '/accessionedOn',
  sampledAtPrecision: '/sampledAt',
};

function pointerOf(field: string): string {
  return POINTERS[field] ?? `/${field.replace(/Ms$/, '')}`;
}
