/**
 * The form of what a province sends: the events of `POST /v1/events` as JSON, with times as ISO 8601 and the person as
 * an identity document. This is what the API documentation shows; nothing in it reaches Kafka as it is.
 */

import { type Static, Type } from '@sinclair/typebox';
import { CODE_REASONS, ERASURE_TAKES, EVENT_LIMITS, METHODS, STATUSES, TEST_RESULTS } from '#core/events/events.ts';
import { DAY_MS } from '#core/field/time.ts';
import { choice, closed, nullable } from '#platform/schema.ts';
import { PersonDocumentSchema } from './person-document-schema.ts';

const text = (description: string) => Type.String({ minLength: 1, maxLength: EVENT_LIMITS.textCharsMax, description });
// In lower case, so that an open list doesn't grow by spelling: GREEN would be a state of its own that clears nothing.
const name = (description: string) =>
  Type.String({
    maxLength: EVENT_LIMITS.textCharsMax,
    pattern: '^[a-z][a-z0-9_]*(:\\S.*)?$',
    description: `${description}: an open list of names in lower case`,
  });
const time = (description: string) =>
  Type.String({ maxLength: 40, description: `${description}; ISO 8601 with offset, such as 2022-08-01T08:12+08:00` });
const timeOrDate = (description: string) =>
  Type.String({
    maxLength: 40,
    description: `${description}; ISO 8601 with offset, or a date alone, which counts from 00:00 in Asia/Shanghai`,
  });

const common = {
  eventId: Type.Optional(Type.String({ format: 'uuid', description: 'made by the producer where it is left out' })),
  person: PersonDocumentSchema,
  province: Type.String({ description: 'two-digit code of the publisher, 66 for the Corps' }),
};
const status = choice(STATUSES, 'a later status replaces an earlier one; a retraction is a version too');

export const TestReportedJson = Type.Object(
  {
    type: Type.Literal('TestReported'),
    ...common,
    laboratory: text('name or licence number of the laboratory'),
    sampleId: text('the laboratory’s number of the sample; the same in every version'),
    tubeId: nullable(text('tube, where samples were pooled')),
    run: nullable(text('the laboratory’s name of the run; by it its results may be withdrawn together')),
    status,
    method: text(`${METHODS.join(', ')}, or one that no rule knows yet, behind other:`),
    specimen: nullable(text('nasopharyngeal_swab, oropharyngeal_swab, …: an open list')),
    poolSize: nullable(
      Type.Integer({ minimum: 1, maximum: EVENT_LIMITS.poolSizeMax, description: 'samples in the tube' }),
    ),
    sampledAt: nullable(timeOrDate('when the sample was taken')),
    accessionedOn: nullable(
      Type.String({
        maxLength: 10,
        description:
          'day (YYYY-MM-DD) on which the laboratory filed the specimen; orders a sample whose sampling ' +
          'time is unknown, and must be the same in every version',
      }),
    ),
    testedAt: nullable(time('when the test was done')),
    reportIssuedAt: time('when this version of the report was issued'),
    result: choice(TEST_RESULTS, 'result of this person’s sample'),
  },
  {
    ...closed,
    title: 'TestReported',
    description:
      'A laboratory’s report on one sample. Register: province, laboratory, sampleId and sampling day; a ' +
      'corrected day is a retraction and a new register.',
  },
);

export type TestReportedJson = Static<typeof TestReportedJson>;

export const SamplingRecordedJson = Type.Object(
  {
    type: Type.Literal('SamplingRecorded'),
    ...common,
    site: text('sampling site'),
    sampleId: text('number of the sample'),
    tubeId: nullable(text('tube, where samples are pooled')),
    status: Type.Optional(status),
    sampledAt: timeOrDate('when the sample was taken'),
    recordedAt: nullable(time('when this version was written; the sampling time where it is left out')),
  },
  { ...closed, title: 'SamplingRecorded', description: 'That a sample was taken.' },
);

export const VaccinationAdministeredJson = Type.Object(
  {
    type: Type.Literal('VaccinationAdministered'),
    ...common,
    doseId: text('the publisher’s number of the dose'),
    status: Type.Optional(status),
    product: text('an open list'),
    manufacturer: text('an open list'),
    doseNumber: Type.Integer({ minimum: 1, maximum: EVENT_LIMITS.doseNumberMax, description: '1 is the first dose' }),
    givenAt: timeOrDate('when the dose was given'),
    recordedAt: nullable(time('when this version was written; the time of the dose where it is left out')),
  },
  { ...closed, title: 'VaccinationAdministered', description: 'A dose given.' },
);

const REASONS = Object.keys(CODE_REASONS) as (keyof typeof CODE_REASONS)[];
const meanings = REASONS.map((reason) => `${reason}: ${CODE_REASONS[reason]}`).join('; ');
const VALID_DAYS_MAX = EVENT_LIMITS.codeValidityMsMax / DAY_MS;

export type VaccinationAdministeredJson = Static<typeof VaccinationAdministeredJson>;

export const CodeAssignedJson = Type.Object(
  {
    type: Type.Literal('CodeAssigned'),
    ...common,
    decisionId: text('the province’s number of the decision; the same in every version'),
    status: Type.Optional(status),
    state: name('green, yellow, orange, red, grey, blue, black_and_white, pop_up, label:…'),
    reason: nullable(choice(REASONS, `why; ${meanings}`)),
    authority: nullable(text('who decided')),
    legalBasis: nullable(text('under which rule')),
    assignedAt: time('from when it is in force'),
    expiresAt: nullable(
      time(`from when it is no longer in force; at most ${VALID_DAYS_MAX} days after the assignment`),
    ),
    appealContact: nullable(text('where the person may appeal')),
    recordedAt: nullable(time('when this version was written; the time of assignment where it is left out')),
  },
  {
    ...closed,
    title: 'CodeAssigned',
    description:
      'That a province gave the person’s code a state. Any state but green needs reason, authority, ' +
      'legalBasis and expiresAt. Register: day of assignment, province and decisionId. Only the ' +
      'assigning province clears it: by a later green of its own, or a retraction.',
  },
);

export const ExposureRecordedJson = Type.Object(
  {
    type: Type.Literal('ExposureRecorded'),
    ...common,
    exposureId: text('the publisher’s number of the exposure; the same in every version'),
    status: Type.Optional(status),
    riskArea: text('name or code of the area'),
    level: name('high, medium, low, …'),
    from: time('since when the person was there'),
    to: nullable(time('until when; left out or null while the person is still there')),
    recordedAt: nullable(time('when this version was written; `to`, else `from`, where it is left out')),
  },
  {
    ...closed,
    title: 'ExposureRecorded',
    description:
      'That the person was in an area of risk. Register: day of `from`, province and exposureId; a ' +
      'corrected day is a retraction and a new register.',
  },
);

export const PersonErasedJson = Type.Object(
  {
    type: Type.Literal('PersonErased'),
    eventId: common.eventId,
    person: Type.Optional(PersonDocumentSchema),
    personKey: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{32}$', description: 'instead of the person: the 16 bytes of the key, in hex' }),
    ),
    province: common.province,
    erasureId: text('the publisher’s number of the decision'),
    authority: text('who decided'),
    legalBasis: text('under which rule'),
    decidedAt: time('when'),
    takes: Type.Optional(
      choice(
        ERASURE_TAKES,
        'own, as where it is left out: what this province published; all: whoever published it, for the national role',
      ),
    ),
  },
  {
    ...closed,
    title: 'PersonErased',
    description:
      'That what a province published of a person no longer counts: all that was accepted before, and up to a ' +
      'minute after. From the national role it takes what all published. It hides at once and in every view; it ' +
      'can’t be taken back. What the log holds stays there.',
  },
);

export const EVENT_FORMS = {
  TestReported: TestReportedJson,
  SamplingRecorded: SamplingRecordedJson,
  VaccinationAdministered: VaccinationAdministeredJson,
  CodeAssigned: CodeAssignedJson,
  ExposureRecorded: ExposureRecordedJson,
  PersonErased: PersonErasedJson,
} as const;

export type EventJson = Static<(typeof EVENT_FORMS)[keyof typeof EVENT_FORMS]>;
