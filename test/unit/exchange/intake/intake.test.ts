/** One JSON event to one keyed event: under which key, with which defaults, and codes with their grounds. */

import { describe, expect, it } from 'vitest';
import { CODE_REASONS } from '#core/events/events.ts';
import { normaliseDocument, personKeyOf, residentCheckDigit } from '#core/field/identity.ts';
import { formatTime } from '#core/field/time.ts';
import { takeEvent } from '#exchange/intake/intake.ts';
import { at } from '#exercises/town/events.ts';
import { SECRETS } from '#test/unit/services/producer/support.ts';
import {
  CODE,
  DELIVERY,
  DOSE,
  ERASURE,
  eventOf,
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

describe('an event that is taken', () => {
  it('may be a correction of long after, a method that says it is another, and of somebody born that day', () => {
    const sampledAt = '2022-07-01T18:00+08:00';
    for (const status of ['corrected', 'retracted']) expect(take({ ...TEST, status, sampledAt }).ok).toBe(true);
    expect(take({ ...TEST, sampledAt: '2022-07-27T20:00+08:00' }).ok).toBe(true);
    expect(take({ ...TEST, method: 'other:lamp' }).ok).toBe(true);
    const documentNumber = `11010520220809002${residentCheckDigit('11010520220809002')}`;
    expect(take({ ...TEST, person: { ...PERSON, documentNumber } }).ok).toBe(true);
  });
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
    const event = eventOf({ ...TEST, tubeId: 'T1', run: 'R1', poolSize: 20, accessionedOn: '2022-08-09' });
    expect(event).toEqual({
      ...DELIVERY,
      type: 'TestReported',
      province: '43',
      laboratory: 'L1',
      sampleId: 'S1',
      tubeId: 'T1',
      run: 'R1',
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
    const eventId = '01900000-0000-7000-8000-000000000042';
    expect(eventOf({ ...TEST, eventId }).eventId).toBe(eventId);
    expect(eventOf(TEST).eventId).toBe(DELIVERY.eventId);
  });
  it('may lie as far in the future as clocks may differ', () => {
    expect(eventOf({ ...TEST, reportIssuedAt: formatTime(NOW_MS + SKEW_MS) })).toMatchObject({
      reportIssuedAtMs: NOW_MS + SKEW_MS,
    });
  });
});

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
            code: 'code-without-grounds',
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

describe('an erasure', () => {
  const takesOf = (taken: ReturnType<typeof take>) =>
    taken.ok && taken.event.type === 'PersonErased' ? taken.event.takes : taken;
  it('takes what its own province published, where it says nothing else', () => {
    expect(takesOf(take(ERASURE))).toBe('own');
    expect(takesOf(take({ ...ERASURE, takes: 'own' }))).toBe('own');
  });
  it('takes what all published where it says so: who may is asked before', () => {
    expect(takesOf(take({ ...ERASURE, takes: 'all' }))).toBe('all');
    expect(refusalOf({ ...ERASURE, takes: 'some' })).toMatchObject({ pointer: '/takes', code: 'wrong-form' });
  });
});
