/**
 * The parts of FHIR R4 resources that are read, as schemas and as types. Whatever else a resource has may be as it
 * likes: no profile is asked for. It must never judge what a part means.
 *
 * Source: HL7 FHIR R4 (4.0.1). `@types/fhir` would be types alone, and what comes in has to be checked anyway.
 */

import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Ajv, type ValidateFunction } from 'ajv';

const text = Type.Optional(Type.String());
/** Parts of a list that is looked through for each record, and of one that holds records. */
const LIST_MAX = 100;
const LONG_LIST_MAX = 10_000;
const listOf = <T extends TSchema>(part: T) => Type.Optional(Type.Array(part, { maxItems: LIST_MAX }));
const longListOf = <T extends TSchema>(part: T) => Type.Optional(Type.Array(part, { maxItems: LONG_LIST_MAX }));
const some = <T extends TSchema>(part: T) => Type.Optional(part);

const Coding = Type.Object({ system: text, code: text, display: text });
const Concept = Type.Object({ coding: listOf(Coding), text });
/** Not `Reference`'s own identifier, which would go round in a circle. */
const Assigner = Type.Object({ reference: text, display: text });
const Identifier = Type.Object({
  use: text,
  type: some(Concept),
  system: text,
  value: text,
  assigner: some(Assigner),
});
const Reference = Type.Object({ reference: text, type: text, identifier: some(Identifier), display: text });
const Period = Type.Object({ start: text, end: text });
const Extension = Type.Object({
  url: text,
  valueString: text,
  valueCode: text,
  valueInteger: some(Type.Number()),
  valuePositiveInt: some(Type.Number()),
  valueUnsignedInt: some(Type.Number()),
  valueQuantity: some(Type.Object({ value: some(Type.Number()) })),
  extension: listOf(Type.Unknown()),
});
const Meta = Type.Object({ tag: listOf(Coding), security: listOf(Coding) });

/** Of every resource. */
const common = {
  meta: some(Meta),
  extension: listOf(Extension),
  modifierExtension: listOf(Type.Unknown()),
  implicitRules: text,
  identifier: listOf(Identifier),
};
/** Of an observation and of each of its components. A value of another kind is no result. */
const valued = {
  code: some(Concept),
  valueCodeableConcept: some(Concept),
  valueString: text,
  valueInteger: some(Type.Number()),
  valueBoolean: some(Type.Boolean()),
  interpretation: listOf(Concept),
  dataAbsentReason: some(Concept),
};
const effective = {
  effectiveDateTime: text,
  effectiveInstant: text,
  effectivePeriod: some(Period),
};

const Component = Type.Object(valued);

const SCHEMAS = {
  Observation: Type.Object({
    ...common,
    ...valued,
    ...effective,
    status: text,
    issued: text,
    subject: some(Reference),
    specimen: some(Reference),
    performer: listOf(Reference),
    hasMember: longListOf(Reference),
    component: longListOf(Component),
  }),
  DiagnosticReport: Type.Object({
    ...common,
    ...effective,
    status: text,
    code: some(Concept),
    issued: text,
    subject: some(Reference),
    specimen: listOf(Reference),
    performer: listOf(Reference),
    result: longListOf(Reference),
  }),
  Specimen: Type.Object({
    ...common,
    accessionIdentifier: some(Identifier),
    status: text,
    type: some(Concept),
    subject: some(Reference),
    receivedTime: text,
    parent: longListOf(Reference),
    collection: some(Type.Object({ collectedDateTime: text, collectedPeriod: some(Period) })),
  }),
  Patient: Type.Object({ ...common, gender: text, birthDate: text }),
  Organization: Type.Object({ ...common, name: text }),
  PractitionerRole: Type.Object({ ...common, organization: some(Reference) }),
  MessageHeader: Type.Object({ meta: some(Meta), sender: some(Reference) }),
  Immunization: Type.Object({
    ...common,
    status: text,
    vaccineCode: some(Concept),
    patient: some(Reference),
    occurrenceDateTime: text,
    isSubpotent: some(Type.Boolean()),
    occurrenceString: text,
    recorded: text,
    manufacturer: some(Reference),
    performer: listOf(Type.Object({ actor: some(Reference) })),
    protocolApplied: listOf(
      Type.Object({
        doseNumberPositiveInt: some(Type.Number()),
        doseNumberString: text,
        targetDisease: listOf(Concept),
      }),
    ),
  }),
} as const;

export type ResourceType = keyof typeof SCHEMAS;
export type Resource<T extends ResourceType> = Static<(typeof SCHEMAS)[T]>;
export type Coding = Static<typeof Coding>;
export type Concept = Static<typeof Concept>;
export type Identifier = Static<typeof Identifier>;
export type Reference = Static<typeof Reference>;
export type Extension = Static<typeof Extension>;
export type Meta = Static<typeof Meta>;
export type Component = Static<typeof Component>;

/** The elements of a resource that may be read; none of one that isn't read at all. */
export function elementsOf(type: string): readonly string[] {
  return Object.hasOwn(SCHEMAS, type) ? Object.keys(SCHEMAS[type as ResourceType].properties) : [];
}

const ajv = new Ajv({ strict: false, validateSchema: false });
const compiled = new Map<ResourceType, ValidateFunction>();

/** @returns where in the resource a part has another form than R4 gives it, as FHIRPath behind it; null: nowhere */
export function formFaultOf(type: ResourceType, resource: unknown): string | null {
  const validate = compiled.get(type) ?? ajv.compile(SCHEMAS[type]);
  compiled.set(type, validate);
  return validate(resource) ? null : fhirPathOf(validate.errors?.[0]?.instancePath ?? '');
}

/** `/code/coding/0` → `.code.coding[0]` */
export function fhirPathOf(pointer: string): string {
  return pointer.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.');
}
