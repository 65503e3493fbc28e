/** One JSON event to one keyed event, or a refusal that points at the fault and repeats nothing of what was sent. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_REASONS, type Delivery } from '#core/events.ts';
import { normaliseDocument, personKeyOf, residentCheckDigit } from '#core/identity.ts';
import { formatTime, HOUR_MS } from '#core/time.ts';
import { at } from '#test/support/events.ts';
import { newEventId, takeEvent } from '../../../services/producer/intake.ts';
import { SECRETS } from './support.ts';

const NOW_MS = at('2022-08-10T09:00+08:00');
const SKEW_MS = 300_000;
const FIRST17 = '11010519491231002';
const NUMBER = FIRST17 + residentCheckDigit(FIRST17);
const PERSON = { documentType: 'resident_identity_card', documentNumber: NUMBER };
const DELIVERY: Delivery = {
  eventId: '01900000-0000-7000-8000-000000000009',
  acceptedAtMs: NOW_MS,
  producerInstance: '43-a',
};

type Json = Record<string, unknown>;
const TEST: Json = {
  type: 'TestReported',
  person: PERSON,
  province: '43',
  laboratory: 'L1',
  sampleId: 'S1',
  status: 'final',
  method: 'nucleic_acid',
  sampledAt: '2022-08-09T18:00+08:00',
  testedAt: '2022-08-09T22:00:01+08:00',
  reportIssuedAt: '2022-08-10T02:00:00.250+08:00',
  result: 'negative',
};
const SAMPLING: Json = {
  type: 'SamplingRecorded',
  person: PERSON,
  province: '43',
  site: 'P1',
  sampleId: 'S1',
  sampledAt: '2022-08-09T18:00+08:00',
};
const DOSE: Json = {
  type: 'VaccinationAdministered',
  person: PERSON,
  province: '66',
  doseId: 'D1',
  product: 'CoronaVac',
  manufacturer: 'Sinovac',
  doseNumber: 1,
  givenAt: '2021-06-06',
};
const CODE: Json = {
  type: 'CodeAssigned',
  person: PERSON,
  province: '43',
  decisionId: 'K1',
  state: 'red',
  reason: 'close_contact',
  authority: 'Changsha CDC',
  legalBasis: 'article 4',
  assignedAt: '2022-08-09T18:00+08:00',
  expiresAt: '2022-08-16T18:00+08:00',
  appealContact: '0731-12345',
};
const GREEN: Json = {
  type: 'CodeAssigned',
  person: PERSON,
  province: '43',
  decisionId: 'K2',
  state: 'green',
  assignedAt: '2022-08-09T18:00+08:00',
};
const EXPOSURE: Json = {
  type: 'ExposureRecorded',
  person: PERSON,
  province: '43',
  exposureId: 'E1',
  riskArea: '430105',
  level: 'high',
  from: '2022-08-07T09:00+08:00',
  to: '2022-08-08T12:00+08:00',
};
const EVENTS = { TEST, SAMPLING, DOSE, CODE, EXPOSURE } as const;

const take = (json: unknown) => takeEvent(json, DELIVERY, { secrets: SECRETS, clockSkewMs: SKEW_MS });
function refusalOf(json: unknown) {
  const taken = take(json);
  if (taken.ok) throw new Error('it was taken');
  return taken.refusal;
}
function eventOf(json: unknown) {
  const taken = take(json);
  if (!taken.ok) throw new Error(JSON.stringify(taken.refusal));
  return taken.event;
}
const without = (json: Json, field: string): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => name !== field));

describe('an event that is taken', () => {
  it('is keyed by its person, under the newest key version, whatever the document’s spelling', () => {
    const normalised = normaliseDocument({ documentType: 'resident_identity_card', documentNumber: NUMBER });
    if (!normalised.ok) throw new Error('not a number');
    const secrets = [...SECRETS, Buffer.alloc(32, 2)];
    const key = personKeyOf(secrets, { documentType: 'resident_identity_card', ...normalised });
    for (const person of [
      PERSON,
      { ...PERSON, issuingCountry: 'cn' },
      { ...PERSON, issuingCountry: 'CHN', documentNumber: ` ${NUMBER.slice(0, 6)}-${NUMBER.slice(6).toLowerCase()}` },
    ]) {
      expect(takeEvent({ ...TEST, person }, DELIVERY, { secrets, clockSkewMs: SKEW_MS })).toMatchObject({
        ok: true,
        key,
      });
    }
  });
  it('holds what was stated, in epoch milliseconds and as precisely, and nothing of the document', () => {
    const event = eventOf({ ...TEST, tubeId: 'T1', poolSize: 20, accessionedOn: '2022-08-09' });
    expect(event).toEqual({
      ...DELIVERY,
      type: 'TestReported',
      province: '43',
      laboratory: 'L1',
      sampleId: 'S1',
      tubeId: 'T1',
      status: 'final',
      method: 'nucleic_acid',
      specimen: null,
      poolSize: 20,
      sampledAtMs: at('2022-08-09T18:00+08:00'),
      sampledAtPrecision: 'minute',
      accessionedOnDay: 19_213,
      testedAtMs: at('2022-08-09T22:00:01+08:00'),
      reportIssuedAtMs: at('2022-08-10T02:00:00.250+08:00'),
      result: 'negative',
    });
    expect(JSON.stringify(event)).not.toContain(NUMBER);
  });
  it('has the time of the act as the time of its record where that is left out, and counts as final', () => {
    expect(eventOf(SAMPLING)).toMatchObject({
      status: 'final',
      recordedAtMs: at('2022-08-09T18:00+08:00'),
      sampledAtPrecision: 'minute',
    });
    expect(eventOf(CODE)).toMatchObject({ status: 'final', recordedAtMs: at('2022-08-09T18:00+08:00') });
    expect(eventOf(EXPOSURE)).toMatchObject({ status: 'final', recordedAtMs: at('2022-08-08T12:00+08:00') });
    expect(eventOf({ ...EXPOSURE, to: null })).toMatchObject({
      toMs: null,
      recordedAtMs: at('2022-08-07T09:00+08:00'),
    });
    expect(eventOf(DOSE)).toMatchObject({
      status: 'final',
      givenAtMs: at('2021-06-06'),
      recordedAtMs: at('2021-06-06'),
      givenAtPrecision: 'day',
    });
  });
  it('has null for what is left out or null', () => {
    expect(eventOf({ ...TEST, sampledAt: null, testedAt: null, tubeId: null })).toMatchObject({
      sampledAtMs: null,
      sampledAtPrecision: null,
      testedAtMs: null,
      tubeId: null,
      accessionedOnDay: null,
    });
    expect(eventOf(without(without(TEST, 'sampledAt'), 'testedAt'))).toMatchObject({
      sampledAtMs: null,
      testedAtMs: null,
    });
  });
  it.each([
    ['2022-08-09', 'day', '2022-08-09T00:00+08:00'],
    ['2022-08-09T10:00Z', 'minute', '2022-08-09T18:00+08:00'],
    ['2022-08-09T18:00:07+08:00', 'second', '2022-08-09T18:00:07+08:00'],
    ['2022-08-09T18:00:07.5+08:00', 'millisecond', '2022-08-09T18:00:07.500+08:00'],
  ])('keeps how precisely %s was given', (sampledAt, precision, same) => {
    expect(eventOf({ ...TEST, sampledAt })).toMatchObject({ sampledAtMs: at(same), sampledAtPrecision: precision });
  });
  it('keeps the sender’s event id, and has one of the producer’s own where there is none', () => {
    const eventId = newEventId();
    expect(eventOf({ ...TEST, eventId }).eventId).toBe(eventId);
    expect(eventOf(TEST).eventId).toBe(DELIVERY.eventId);
    expect(newEventId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });
  it('may lie as far in the future as clocks may differ', () => {
    expect(eventOf({ ...TEST, reportIssuedAt: formatTime(NOW_MS + SKEW_MS) })).toMatchObject({
      reportIssuedAtMs: NOW_MS + SKEW_MS,
    });
  });
});

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

describe('the assignment of a code', () => {
  it('holds who decided what, why, by which rule, until when and where to appeal', () => {
    expect(eventOf(CODE)).toEqual({
      ...DELIVERY,
      type: 'CodeAssigned',
      province: '43',
      decisionId: 'K1',
      status: 'final',
      state: 'red',
      reason: 'close_contact',
      authority: 'Changsha CDC',
      legalBasis: 'article 4',
      assignedAtMs: at('2022-08-09T18:00+08:00'),
      expiresAtMs: at('2022-08-16T18:00+08:00'),
      appealContact: '0731-12345',
      recordedAtMs: at('2022-08-09T18:00+08:00'),
    });
  });
  it('needs no grounds when it is green: it takes nothing from anyone', () => {
    expect(eventOf(GREEN)).toMatchObject({
      state: 'green',
      reason: null,
      authority: null,
      legalBasis: null,
      expiresAtMs: null,
      appealContact: null,
    });
  });
  it.each(['yellow', 'orange', 'grey', 'blue', 'black_and_white', 'pop_up', 'label:需3天2检', 'purple'])(
    'to %s may be in any state of an open list, and needs its grounds in each',
    (state) => {
      expect(eventOf({ ...CODE, state })).toMatchObject({ state });
      for (const ground of ['reason', 'authority', 'legalBasis', 'expiresAt']) {
        for (const json of [without({ ...CODE, state }, ground), { ...CODE, state, [ground]: null }]) {
          expect(refusalOf(json)).toMatchObject({
            pointer: `/${ground}`,
            code: 'CODE_WITHOUT_GROUNDS',
            hint: expect.stringMatching(/March 2021.*July 2022/),
          });
        }
      }
    },
  );
  it('lasts 31 days at most, and may have any reason of the list', () => {
    expect(eventOf({ ...CODE, expiresAt: '2022-09-09T18:00+08:00' })).toMatchObject({
      expiresAtMs: at('2022-09-09T18:00+08:00'),
    });
    for (const reason of Object.keys(CODE_REASONS)) expect(eventOf({ ...CODE, reason })).toMatchObject({ reason });
  });
});

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
