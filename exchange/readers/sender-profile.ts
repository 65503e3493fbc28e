/**
 * A sender's profile: what its files never say of themselves, and what its words mean. It belongs to the identity that
 * sends and is written once by who knows that sender. No file may bring its own, for it would then say what it means.
 */

import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { EVENT_LIMITS, METHODS, TEST_RESULTS } from '#core/events/events.ts';
import { DOCUMENT_TYPES } from '#core/field/identity.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { parseTime } from '#core/field/time.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { type MappingSettings, RUN_SEGMENTS, type RunField } from '#exchange/formats/reader.ts';
import { isScreening } from '#exchange/formats/result-codes.ts';
import { readMapping, type SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { choice, closed } from '#platform/schema.ts';

const SenderProfileSchema = Type.Object(
  {
    province: choice(PROVINCE_CODES, 'that publishes what it sends'),
    timeZone: Type.String({ pattern: '^[+-]\\d{2}:\\d{2}$', description: 'of times that state none, such as +08:00' }),
    laboratory: Type.Optional(
      Type.String({ minLength: 1, maxLength: EVENT_LIMITS.textCharsMax, description: 'where a message names none' }),
    ),
    documentType: Type.Optional(choice(DOCUMENT_TYPES, 'of numbers whose type a message doesn’t say')),
    issuingCountry: Type.Optional(Type.String({ minLength: 2, maxLength: 3, description: 'of passports' })),
    runFrom: Type.Optional(
      Type.String({ pattern: `^(${RUN_SEGMENTS.join('|')})-[1-9]\\d?(\\.[1-9]\\d?)?$`, description: 'such as OBR-20' }),
    ),
    testCodes: Type.Optional(Type.Record(Type.String(), choice(METHODS, 'by which method a local code’s test is'))),
    resultWords: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), choice(TEST_RESULTS, 'what the sender’s word or number means')),
    ),
    training: Type.Optional(
      Type.Boolean({ description: 'on a training exchange: what MSH-11 calls not live is taken' }),
    ),
    sheet: Type.Optional(Type.Unknown({ description: 'what its spreadsheets mean' })),
  },
  closed,
);

export interface SenderProfile {
  /** Of its messages, HL7 and FHIR. */
  readonly settings: MappingSettings;
  /** Null: it sends no spreadsheets. */
  readonly sheet: SheetMapping | null;
}

const validate = new Ajv({ allErrors: false, strict: false }).compile<Static<typeof SenderProfileSchema>>(
  SenderProfileSchema,
);

/** @param value of a profile's file, as JSON */
export function readProfile(value: unknown): Reading<SenderProfile> {
  if (!validate(value)) {
    const { instancePath = '', message = 'has another form', params = {} } = validate.errors?.[0] ?? {};
    const which = Object.values(params as Record<string, unknown>).filter((one) => typeof one === 'string');
    return fault(instancePath, [message, ...which].join(': '), 'write it as exchange/readers/sender-profile.ts says');
  }
  const { sheet, runFrom, training, ...said } = value;
  if (parseTime(`2020-01-01T00:00${said.timeZone}`) === null)
    return fault('/timeZone', 'is no offset', 'write one such as +08:00');
  if (Object.entries(said.resultWords ?? {}).some(([word, is]) => is === 'positive' && isScreening(word)))
    return fault('/resultWords', 'makes a positive of a first screening (初筛)', 'leave the word out');
  const mapping = sheet === undefined ? null : readMapping(sheet);
  if (mapping?.ok === false) return fault(`/sheet${mapping.fault.field}`, mapping.fault.reason, mapping.fault.hint);
  if (mapping !== null && mapping.value.province !== said.province)
    return fault('/sheet/province', 'is another than the sender’s', 'a sender sends for one province');
  const settings = {
    ...said,
    isTraining: training === true,
    ...(runFrom === undefined ? {} : { runFrom: runField(runFrom) }),
  };
  return taken({ settings, sheet: mapping?.value ?? null });
}

function runField(text: string): RunField {
  const [segment = '', field = '1', component = '1'] = text.split(/[-.]/);
  return { segment: segment as RunField['segment'], field: Number(field), component: Number(component) };
}
