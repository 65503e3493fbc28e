/**
 * One JSON event to one keyed event, or the reason why not. Pure but for the secrets and the clock that it is given.
 * A refusal points at the field and never repeats its value: it may be a document's number.
 */

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { doorFaultOf } from '#core/events/door-rules.ts';
import type { EventFault } from '#core/events/event-faults.ts';
import { doneAtMsOf, eventFaultOf } from '#core/events/event-rules.ts';
import { tidyTexts } from '#core/events/event-texts.ts';
import type { Delivery, EventType, PersonEvent } from '#core/events/events.ts';
import { type IdentityDocument, normaliseDocument, type PersonKey } from '#core/field/identity.ts';
import { keyOfNamed } from '#core/field/person.ts';
import { shanghaiDayOf } from '#core/field/time.ts';
import { EVENT_FORMS, type EventJson } from '#exchange/formats/event-json.ts';
import { lazily } from '#platform/lazily.ts';
import { type Refusal, refusalOf } from '#platform/problems.ts';
import { eventFromJson, MalformedTime } from './event-from-json.ts';

export type Taken =
  | { readonly ok: true; readonly key: PersonKey; readonly event: PersonEvent }
  | { readonly ok: false; readonly refusal: Refusal };

export interface IntakeOptions {
  readonly secrets: readonly Buffer[];
  readonly clockSkewMs: number;
}

/** Who only reads events' names, as most commands do, compiles none. */
const ajv = lazily(() => {
  const made = new Ajv({ allErrors: false, strict: false });
  (addFormats as unknown as (instance: Ajv, formats: string[]) => void)(made, ['uuid']);
  return made;
});

const VALIDATORS = Object.fromEntries(
  Object.entries(EVENT_FORMS).map(([type, form]) => [type, lazily(() => ajv().compile<EventJson>(form))]),
) as Readonly<Record<EventType, () => ValidateFunction<EventJson>>>;

/** @param delivery what the producer adds; its event id gives way to one that the sender set */
export function takeEvent(raw: unknown, delivery: Delivery, { secrets, clockSkewMs }: IntakeOptions): Taken {
  const checked = checkForm(raw);
  if ('code' in checked) return refused(checked);
  const found = keyOfNamed(checked, secrets, delivery.acceptedAtMs);
  if (!found.ok) return refused(found.fault);
  const event = buildEvent(checked, { ...delivery, eventId: checked.eventId ?? delivery.eventId });
  if ('code' in event) return refused(event);
  const tidied = tidyTexts(event, checked.person?.documentNumber ?? null, shanghaiDayOf(delivery.acceptedAtMs));
  if (!tidied.ok) return refused(refusalOfFault(tidied.fault));
  const fault = eventFaultOf(tidied.event, delivery.acceptedAtMs, clockSkewMs) ?? doorFaultOf(tidied.event);
  if (fault !== null) return refused(refusalOfFault(fault));
  return checked.person !== undefined && isBornAfter(checked.person, tidied.event)
    ? refused({ pointer: '/person/documentNumber', code: 'impossible-birth-date', ...BORN_AFTER })
    : { ok: true, event: tidied.event, key: found.key };
}

const BORN_AFTER = {
  detail: 'digits 7 to 14 are a birth after what the event tells of',
  hint: 'read the number and the time again: one of them is another’s',
};

/** The number was judged on the day of acceptance already: what fails now fails for the day. */
function isBornAfter(person: IdentityDocument, event: PersonEvent): boolean {
  const doneAtMs = doneAtMsOf(event);
  return doneAtMs !== null && !normaliseDocument(person, shanghaiDayOf(doneAtMs)).ok;
}

/** Whether an event would erase what all publishers published, if it has that form. */
export function takesAll(raw: unknown): boolean {
  return (raw as { takes?: unknown } | null)?.takes === 'all';
}

/** The publisher that an event names, if it names one at all. */
export function provinceIn(raw: unknown): string | null {
  const province = (raw as { province?: unknown } | null)?.province;
  return typeof province === 'string' ? province : null;
}

export function refused(refusal: Refusal): Taken {
  return { ok: false, refusal };
}

/** What is wrong with an event's form, whoever would publish it. */
export function formFaultOf(raw: unknown): Refusal | null {
  const checked = checkForm(raw);
  return 'code' in checked ? checked : null;
}

function checkForm(raw: unknown): EventJson | Refusal {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return refusalOf('not-an-object', '');
  const type = (raw as { type?: unknown }).type;
  const validate = typeof type === 'string' && Object.hasOwn(VALIDATORS, type) ? VALIDATORS[type as EventType]() : null;
  if (validate === null)
    return refusalOf('unknown-type', '/type', { hint: `use ${Object.keys(VALIDATORS).join(', ')}` });
  return validate(raw) ? raw : formRefusal(validate.errors?.[0] as ErrorObject);
}

// Ajv's own messages speak of the schema and never repeat a value; a field's name that isn't in it might be one.
function formRefusal({ instancePath, keyword, params, message, schemaPath }: ErrorObject): Refusal {
  switch (keyword) {
    case 'required':
      return refusalOf('field-missing', `${instancePath}/${String(params['missingProperty'])}`);
    case 'additionalProperties':
      return refusalOf('unknown-field', instancePath, {
        hint: schemaPath.includes('/person/')
          ? 'check the spelling; a person has documentType, issuingCountry, documentNumber'
          : 'check the spelling; the fields are in the API documentation',
      });
    case 'enum':
      return refusalOf('wrong-form', instancePath, {
        detail: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`,
      });
    default:
      return refusalOf('wrong-form', instancePath, message === undefined ? {} : { detail: message });
  }
}

function buildEvent(json: EventJson, delivery: Delivery): PersonEvent | Refusal {
  try {
    return eventFromJson(json, delivery);
  } catch (error) {
    if (!(error instanceof MalformedTime)) throw error;
    return refusalOf('malformed-time', error.pointer, {
      detail: 'is not a time of the calendar with an offset',
      hint: 'use ISO 8601 with an offset, such as 2022-08-01T08:12:00+08:00',
    });
  }
}

function refusalOfFault({ field, code, detail, hint }: EventFault): Refusal {
  return { pointer: pointerOf(field), code, detail, hint };
}

const POINTERS: Readonly<Record<string, string>> = {
  accessionedOnDay: '/accessionedOn',
  sampledAtPrecision: '/sampledAt',
};

/** Of a field of an event, as its sender wrote it. */
export function pointerOf(field: string): string {
  return POINTERS[field] ?? `/${field.replace(/Ms$/, '')}`;
}
