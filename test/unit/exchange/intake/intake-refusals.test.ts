/** What the intake refuses: each refusal points at the fault and repeats nothing of what was sent. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { residentCheckDigit } from '#core/field/identity.ts';
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

const card = (first17: string) => first17 + residentCheckDigit(first17);

const REFUSALS: readonly (readonly [what: string, json: unknown, pointer: string, code: string])[] = [
  ['text', 'TestReported', '', 'not-an-object'],
  ['a list', [TEST], '', 'not-an-object'],
  ['null', null, '', 'not-an-object'],
  ['no type', without(TEST, 'type'), '/type', 'unknown-type'],
  ['a type that doesn’t exist', { ...TEST, type: 'toString' }, '/type', 'unknown-type'],
  ['a missing field', without(TEST, 'result'), '/result', 'field-missing'],
  [
    'a missing field of the person',
    { ...TEST, person: without(PERSON, 'documentNumber') },
    '/person/documentNumber',
    'field-missing',
  ],
  ['a missing person', without(DOSE, 'person'), '/person', 'field-missing'],
  ['an unknown field', { ...TEST, reslut: 'negative' }, '', 'unknown-field'],
  ['an unknown field of the person', { ...TEST, person: { ...PERSON, name: '张三' } }, '/person', 'unknown-field'],
  ['a result that is none', { ...TEST, result: 'neg' }, '/result', 'wrong-form'],
  [
    'a document type that is none',
    { ...TEST, person: { ...PERSON, documentType: 'library_card' } },
    '/person/documentType',
    'wrong-form',
  ],
  ['a number for a text', { ...TEST, sampleId: 7 }, '/sampleId', 'wrong-form'],
  ['an empty text', { ...TEST, laboratory: '' }, '/laboratory', 'wrong-form'],
  ['a text that is too long', { ...TEST, laboratory: 'x'.repeat(65) }, '/laboratory', 'wrong-form'],
  ['a tube with too many samples', { ...TEST, poolSize: 51 }, '/poolSize', 'wrong-form'],
  ['no dose number', { ...DOSE, doseNumber: 0 }, '/doseNumber', 'wrong-form'],
  ['an event id that is no UUID', { ...TEST, eventId: NUMBER }, '/eventId', 'wrong-form'],
  ['a province that is none', { ...TEST, province: '99' }, '/province', 'unknown-province'],
  [
    'a number with a wrong check digit',
    { ...TEST, person: { ...PERSON, documentNumber: NUMBER.slice(0, 17) + (NUMBER.endsWith('1') ? '2' : '1') } },
    '/person/documentNumber',
    'wrong-check-digit',
  ],
  [
    'a number that is too short',
    { ...TEST, person: { ...PERSON, documentNumber: '12345' } },
    '/person/documentNumber',
    'malformed-number',
  ],
  [
    'a passport of no country',
    { ...TEST, person: { documentType: 'passport', documentNumber: 'E12345678' } },
    '/person/issuingCountry',
    'unknown-country',
  ],
  [
    'a resident card of another country',
    { ...TEST, person: { ...PERSON, issuingCountry: 'JPN' } },
    '/person/issuingCountry',
    'wrong-country',
  ],
  [
    'a card of somebody who isn’t born yet',
    { ...TEST, person: { ...PERSON, documentNumber: card('11010520300101002') } },
    '/person/documentNumber',
    'impossible-birth-date',
  ],
  [
    'a card of somebody born in the year 1000',
    { ...TEST, person: { ...PERSON, documentNumber: card('11010510000101002') } },
    '/person/documentNumber',
    'impossible-birth-date',
  ],
  [
    'a card of no region',
    { ...TEST, person: { ...PERSON, documentNumber: card('99010519491231002') } },
    '/person/documentNumber',
    'impossible-region',
  ],
  [
    'an accession in the year 1000',
    { ...without(TEST, 'sampledAt'), accessionedOn: '1000-01-01' },
    '/accessionedOn',
    'time-before-2019',
  ],
  ['a sample without a number', { ...TEST, sampleId: ' ' }, '/sampleId', 'text-blank'],
  [
    'a laboratory’s name that turns the line around',
    { ...TEST, laboratory: 'L\u202e1' },
    '/laboratory',
    'text-with-marks',
  ],
  ['a red code on blank grounds', { ...CODE, authority: ' ', legalBasis: '-' }, '/authority', 'code-without-grounds'],
  ['the person’s number as the sample’s', { ...TEST, sampleId: NUMBER }, '/sampleId', 'number-in-text'],
  ['a day that is in no calendar', { ...TEST, sampledAt: '2022-02-30' }, '/sampledAt', 'malformed-time'],
  ['a time without an offset', { ...TEST, sampledAt: '2022-08-09T18:00' }, '/sampledAt', 'malformed-time'],
  ['a date for the time of issue', { ...TEST, reportIssuedAt: '2022-08-10' }, '/reportIssuedAt', 'malformed-time'],
  ['a date for the time of a test', { ...TEST, testedAt: '2022-08-10' }, '/testedAt', 'malformed-time'],
  ['a date for the time of a record', { ...DOSE, recordedAt: '2021-06-07' }, '/recordedAt', 'malformed-time'],
  ['a time for the day of accession', { ...TEST, accessionedOn: '2022-08-9' }, '/accessionedOn', 'malformed-time'],
  ['a time of a dose that is none', { ...DOSE, givenAt: 'yesterday' }, '/givenAt', 'malformed-time'],
  [
    'a time beyond what clocks may differ',
    { ...TEST, reportIssuedAt: formatTime(NOW_MS + SKEW_MS + 1) },
    '/reportIssuedAt',
    'time-in-future',
  ],
  [
    'a sampling in the future',
    { ...SAMPLING, sampledAt: formatTime(NOW_MS + HOUR_MS) },
    '/sampledAt',
    'time-in-future',
  ],
  ['a time before the disease', { ...DOSE, givenAt: '2012-06-06' }, '/givenAt', 'time-before-2019'],
  [
    'a report before its sampling',
    { ...TEST, sampledAt: '2022-08-10T03:00+08:00', testedAt: null },
    '/reportIssuedAt',
    'report-before-sampling',
  ],
  [
    'a report before its test',
    { ...TEST, testedAt: '2022-08-10T03:00+08:00' },
    '/reportIssuedAt',
    'report-before-test',
  ],
  ['a test before its sampling', { ...TEST, testedAt: '2022-08-09T17:59+08:00' }, '/testedAt', 'test-before-sampling'],
  [
    'an accession before the sampling',
    { ...TEST, accessionedOn: '2022-08-08' },
    '/accessionedOn',
    'accession-before-sampling',
  ],
  ['an accession after the report', { ...TEST, accessionedOn: '2022-08-11' }, '/accessionedOn', 'time-in-future'],
  ['a method as a laboratory says it', { ...TEST, method: 'PCR' }, '/method', 'unknown-method'],
  ['a method in Chinese', { ...TEST, method: '核酸' }, '/method', 'unknown-method'],
  [
    'a sampling of the year before',
    { ...TEST, sampledAt: '2021-08-09T18:00+08:00' },
    '/reportIssuedAt',
    'report-too-late',
  ],
  [
    'a person who was born after the sampling',
    { ...TEST, person: { ...PERSON, documentNumber: card('11010520220810002') } },
    '/person/documentNumber',
    'impossible-birth-date',
  ],
  [
    'a person who was born after the dose',
    { ...DOSE, person: { ...PERSON, documentNumber: card('11010520220801002') } },
    '/person/documentNumber',
    'impossible-birth-date',
  ],
  ['a code without a state', without(CODE, 'state'), '/state', 'field-missing'],
  ['a state in capitals', { ...CODE, state: 'RED' }, '/state', 'wrong-form'],
  ['a reason that is none of the list', { ...CODE, reason: 'petition' }, '/reason', 'wrong-form'],
  ['a code without a reason', { ...CODE, reason: null }, '/reason', 'code-without-grounds'],
  [
    'a code that ends as it begins',
    { ...CODE, expiresAt: CODE['assignedAt'] },
    '/expiresAt',
    'expiry-before-assignment',
  ],
  [
    'a green that ended before it began',
    { ...GREEN, expiresAt: '2022-08-09T17:00+08:00' },
    '/expiresAt',
    'expiry-before-assignment',
  ],
  ['a code for too long', { ...CODE, expiresAt: '2022-09-09T18:00:00.001+08:00' }, '/expiresAt', 'validity-too-long'],
  ['a date for the end of a code', { ...CODE, expiresAt: '2022-08-16' }, '/expiresAt', 'malformed-time'],
  [
    'a code assigned in the future',
    { ...CODE, assignedAt: formatTime(NOW_MS + HOUR_MS) },
    '/assignedAt',
    'time-in-future',
  ],
  [
    'a code recorded before it was assigned',
    { ...CODE, recordedAt: '2022-08-09T17:00+08:00' },
    '/recordedAt',
    'record-before-act',
  ],
  ['a name that is too long', { ...EXPOSURE, riskArea: 'x'.repeat(65) }, '/riskArea', 'wrong-form'],
  ['an exposure without a level', without(EXPOSURE, 'level'), '/level', 'field-missing'],
  [
    'an exposure that ended before it began',
    { ...EXPOSURE, to: '2022-08-07T08:59+08:00' },
    '/to',
    'departure-before-arrival',
  ],
  ['an exposure yet to come', { ...EXPOSURE, to: formatTime(NOW_MS + HOUR_MS) }, '/to', 'time-in-future'],
  ['a date for the begin of an exposure', { ...EXPOSURE, from: '2022-08-07' }, '/from', 'malformed-time'],
  [
    'a record before what it records',
    { ...SAMPLING, recordedAt: '2022-08-09T17:00+08:00' },
    '/recordedAt',
    'record-before-act',
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
