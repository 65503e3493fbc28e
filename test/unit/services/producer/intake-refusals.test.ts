/** What the intake refuses: each refusal points at the fault and repeats nothing of what was sent. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import {
  CODE,
  DOSE,
  EVENTS,
  EXPOSURE,
  GREEN,
  NOW_MS,
  NUMBER,
  PERSON,
  refusalOf,
  SAMPLING,
  SKEW_MS,
  take,
  TEST,
  without,
} from './intake-events.ts';

const REFUSALS: readonly (readonly [what: string, json: unknown, pointer: string, code: string])[] = [
  ['text', 'TestReported', '', 'NOT_AN_OBJECT'],
  ['a list', [TEST], '', 'NOT_AN_OBJECT'],
  ['null', null, '', 'NOT_AN_OBJECT'],
  ['no type', without(TEST, 'type'), '/type', 'UNKNOWN_TYPE'],
  ['a type that doesn’t exist', { ...TEST, type: 'toString' }, '/type', 'UNKNOWN_TYPE'],
  ['a missing field', without(TEST, 'result'), '/result', 'FIELD_MISSING'],
  [
    'a missing field of the person',
    { ...TEST, person: without(PERSON, 'documentNumber') },
    '/person/documentNumber',
    'FIELD_MISSING',
  ],
  ['a missing person', without(DOSE, 'person'), '/person', 'FIELD_MISSING'],
  ['an unknown field', { ...TEST, reslut: 'negative' }, '', 'UNKNOWN_FIELD'],
  ['an unknown field of the person', { ...TEST, person: { ...PERSON, name: '张三' } }, '/person', 'UNKNOWN_FIELD'],
  ['a result that is none', { ...TEST, result: 'neg' }, '/result', 'WRONG_FORM'],
  [
    'a document type that is none',
    { ...TEST, person: { ...PERSON, documentType: 'library_card' } },
    '/person/documentType',
    'WRONG_FORM',
  ],
  ['a number for a text', { ...TEST, sampleId: 7 }, '/sampleId', 'WRONG_FORM'],
  ['an empty text', { ...TEST, laboratory: '' }, '/laboratory', 'WRONG_FORM'],
  ['a text that is too long', { ...TEST, laboratory: 'x'.repeat(65) }, '/laboratory', 'WRONG_FORM'],
  ['a tube with too many samples', { ...TEST, poolSize: 51 }, '/poolSize', 'WRONG_FORM'],
  ['no dose number', { ...DOSE, doseNumber: 0 }, '/doseNumber', 'WRONG_FORM'],
  ['an event id that is no UUID', { ...TEST, eventId: NUMBER }, '/eventId', 'WRONG_FORM'],
  ['a province that is none', { ...TEST, province: '99' }, '/province', 'UNKNOWN_PROVINCE'],
  [
    'a number with a wrong check digit',
    { ...TEST, person: { ...PERSON, documentNumber: NUMBER.slice(0, 17) + (NUMBER.endsWith('1') ? '2' : '1') } },
    '/person/documentNumber',
    'WRONG_CHECK_DIGIT',
  ],
  [
    'a number that is too short',
    { ...TEST, person: { ...PERSON, documentNumber: '12345' } },
    '/person/documentNumber',
    'MALFORMED_NUMBER',
  ],
  [
    'a passport of no country',
    { ...TEST, person: { documentType: 'passport', documentNumber: 'E12345678' } },
    '/person/issuingCountry',
    'UNKNOWN_COUNTRY',
  ],
  [
    'a resident card of another country',
    { ...TEST, person: { ...PERSON, issuingCountry: 'JPN' } },
    '/person/issuingCountry',
    'WRONG_COUNTRY',
  ],
  ['a day that is in no calendar', { ...TEST, sampledAt: '2022-02-30' }, '/sampledAt', 'MALFORMED_TIME'],
  ['a time without an offset', { ...TEST, sampledAt: '2022-08-09T18:00' }, '/sampledAt', 'MALFORMED_TIME'],
  ['a date for the time of issue', { ...TEST, reportIssuedAt: '2022-08-10' }, '/reportIssuedAt', 'MALFORMED_TIME'],
  ['a date for the time of a test', { ...TEST, testedAt: '2022-08-10' }, '/testedAt', 'MALFORMED_TIME'],
  ['a date for the time of a record', { ...DOSE, recordedAt: '2021-06-07' }, '/recordedAt', 'MALFORMED_TIME'],
  ['a time for the day of accession', { ...TEST, accessionedOn: '2022-08-9' }, '/accessionedOn', 'MALFORMED_TIME'],
  ['a time of a dose that is none', { ...DOSE, givenAt: 'yesterday' }, '/givenAt', 'MALFORMED_TIME'],
  [
    'a time beyond what clocks may differ',
    { ...TEST, reportIssuedAt: formatTime(NOW_MS + SKEW_MS + 1) },
    '/reportIssuedAt',
    'TIME_IN_FUTURE',
  ],
  [
    'a sampling in the future',
    { ...SAMPLING, sampledAt: formatTime(NOW_MS + HOUR_MS) },
    '/sampledAt',
    'TIME_IN_FUTURE',
  ],
  ['a time before the disease', { ...DOSE, givenAt: '2012-06-06' }, '/givenAt', 'TIME_BEFORE_2019'],
  [
    'a report before its sampling',
    { ...TEST, sampledAt: '2022-08-10T03:00+08:00', testedAt: null },
    '/reportIssuedAt',
    'REPORT_BEFORE_SAMPLING',
  ],
  [
    'a report before its test',
    { ...TEST, testedAt: '2022-08-10T03:00+08:00' },
    '/reportIssuedAt',
    'REPORT_BEFORE_TEST',
  ],
  ['a test before its sampling', { ...TEST, testedAt: '2022-08-09T17:59+08:00' }, '/testedAt', 'TEST_BEFORE_SAMPLING'],
  [
    'an accession before the sampling',
    { ...TEST, accessionedOn: '2022-08-08' },
    '/accessionedOn',
    'ACCESSION_BEFORE_SAMPLING',
  ],
  ['an accession after the report', { ...TEST, accessionedOn: '2022-08-11' }, '/accessionedOn', 'TIME_IN_FUTURE'],
  ['a code without a state', without(CODE, 'state'), '/state', 'FIELD_MISSING'],
  ['a state in capitals', { ...CODE, state: 'RED' }, '/state', 'WRONG_FORM'],
  ['a reason that is none of the list', { ...CODE, reason: 'petition' }, '/reason', 'WRONG_FORM'],
  ['a code without a reason', { ...CODE, reason: null }, '/reason', 'CODE_WITHOUT_GROUNDS'],
  [
    'a code that ends as it begins',
    { ...CODE, expiresAt: CODE['assignedAt'] },
    '/expiresAt',
    'EXPIRY_BEFORE_ASSIGNMENT',
  ],
  [
    'a green that ended before it began',
    { ...GREEN, expiresAt: '2022-08-09T17:00+08:00' },
    '/expiresAt',
    'EXPIRY_BEFORE_ASSIGNMENT',
  ],
  ['a code for too long', { ...CODE, expiresAt: '2022-09-09T18:00:00.001+08:00' }, '/expiresAt', 'VALIDITY_TOO_LONG'],
  ['a date for the end of a code', { ...CODE, expiresAt: '2022-08-16' }, '/expiresAt', 'MALFORMED_TIME'],
  [
    'a code assigned in the future',
    { ...CODE, assignedAt: formatTime(NOW_MS + HOUR_MS) },
    '/assignedAt',
    'TIME_IN_FUTURE',
  ],
  [
    'a code recorded before it was assigned',
    { ...CODE, recordedAt: '2022-08-09T17:00+08:00' },
    '/recordedAt',
    'RECORD_BEFORE_ACT',
  ],
  ['a name that is too long', { ...EXPOSURE, riskArea: 'x'.repeat(65) }, '/riskArea', 'WRONG_FORM'],
  ['an exposure without a level', without(EXPOSURE, 'level'), '/level', 'FIELD_MISSING'],
  [
    'an exposure that ended before it began',
    { ...EXPOSURE, to: '2022-08-07T08:59+08:00' },
    '/to',
    'DEPARTURE_BEFORE_ARRIVAL',
  ],
  ['an exposure yet to come', { ...EXPOSURE, to: formatTime(NOW_MS + HOUR_MS) }, '/to', 'TIME_IN_FUTURE'],
  ['a date for the begin of an exposure', { ...EXPOSURE, from: '2022-08-07' }, '/from', 'MALFORMED_TIME'],
  [
    'a record before what it records',
    { ...SAMPLING, recordedAt: '2022-08-09T17:00+08:00' },
    '/recordedAt',
    'RECORD_BEFORE_ACT',
  ],
];

describe('a refusal', () => {
  it.each(REFUSALS)('of %s points at it', (_what, json, pointer, code) => {
    expect(refusalOf(json)).toMatchObject({
      pointer,
      code,
      detail: expect.stringMatching(/\S/),
      hint: expect.stringMatching(/\S/),
    });
  });

  const CANARY = 'CANARY7';
  const wrong = fc.oneof(
    fc.constant(CANARY),
    fc.constant(`${CANARY}${NUMBER}`),
    fc.constant([CANARY]),
    fc.constant({ [CANARY]: CANARY }),
    fc.constant(CANARY.repeat(20)),
    fc.constant(4_242_424_242),
    fc.constant('4242-42-42'),
    fc.constant(null),
  );
  const event = fc.constantFrom(...Object.values(EVENTS));
  const field = fc.constantFrom(
    ...new Set(Object.values(EVENTS).flatMap(Object.keys)),
    'eventId',
    'tubeId',
    'poolSize',
    'specimen',
    'accessionedOn',
    'recordedAt',
    CANARY,
  );
  const personField = fc.constantFrom('documentType', 'issuingCountry', 'documentNumber', CANARY);
  it('never repeats the document’s number, nor the value of any field, nor the name of one that doesn’t exist', () => {
    fc.assert(
      fc.property(
        event,
        fc.dictionary(field, wrong, { maxKeys: 2 }),
        fc.option(fc.dictionary(personField, wrong, { maxKeys: 2 })),
        (json, changed, person) => {
          const taken = take({ ...json, ...changed, ...(person === null ? {} : { person: { ...PERSON, ...person } }) });
          if (!taken.ok)
            expect(JSON.stringify(taken)).not.toMatch(
              new RegExp(`${CANARY}|${NUMBER}|4242|Sinovac|CoronaVac|Changsha|430105|0731|2022-08-0[79]|2021-06-06`),
            );
        },
      ),
      { numRuns: 600 },
    );
  });
  it('is what becomes of anything else: nothing makes it throw', () => {
    fc.assert(
      fc.property(
        event,
        fc.dictionary(field, fc.jsonValue(), { maxKeys: 3 }),
        fc.jsonValue(),
        (json, changed, other) => {
          expect(take({ ...json, ...changed })).toHaveProperty('ok');
          expect(take(other)).toMatchObject({ ok: false });
        },
      ),
      { numRuns: 300 },
    );
  });
});
