/** One event of each type as a sender writes it, and the intake at a fixed moment. */

import type { Delivery } from '#core/events/events.ts';
import { residentCheckDigit } from '#core/field/identity.ts';
import { takeEvent } from '#exchange/intake/intake.ts';
import { at } from '#exercises/town/events.ts';
import { SECRETS } from '#test/unit/services/producer/support.ts';

export const NOW_MS = at('2022-08-10T09:00+08:00');
export const SKEW_MS = 300_000;
export const FIRST17 = '11010519491231002';
export const NUMBER = FIRST17 + residentCheckDigit(FIRST17);
export const PERSON = { documentType: 'resident_identity_card', documentNumber: NUMBER };
export const DELIVERY: Delivery = {
  eventId: '01900000-0000-7000-8000-000000000009',
  acceptedAtMs: NOW_MS,
  producerInstance: '43-a',
};

export type Json = Record<string, unknown>;
export const TEST: Json = {
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
export const SAMPLING: Json = {
  type: 'SamplingRecorded',
  person: PERSON,
  province: '43',
  site: 'P1',
  sampleId: 'S1',
  sampledAt: '2022-08-09T18:00+08:00',
};
export const DOSE: Json = {
  type: 'VaccinationAdministered',
  person: PERSON,
  province: '66',
  doseId: 'D1',
  product: 'CoronaVac',
  manufacturer: 'Sinovac',
  doseNumber: 1,
  givenAt: '2021-06-06',
};
export const CODE: Json = {
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
export const GREEN: Json = {
  type: 'CodeAssigned',
  person: PERSON,
  province: '43',
  decisionId: 'K2',
  state: 'green',
  assignedAt: '2022-08-09T18:00+08:00',
};
export const EXPOSURE: Json = {
  type: 'ExposureRecorded',
  person: PERSON,
  province: '43',
  exposureId: 'E1',
  riskArea: '430105',
  level: 'high',
  from: '2022-08-07T09:00+08:00',
  to: '2022-08-08T12:00+08:00',
};
export const ERASURE: Json = {
  type: 'PersonErased',
  person: PERSON,
  province: '43',
  erasureId: 'R1',
  authority: 'Changsha CDC',
  legalBasis: 'article 47',
  decidedAt: '2022-08-09T18:00+08:00',
};
export const EVENTS = { TEST, SAMPLING, DOSE, CODE, EXPOSURE } as const;

export const take = (json: unknown) => takeEvent(json, DELIVERY, { secrets: SECRETS, clockSkewMs: SKEW_MS });
export function refusalOf(json: unknown) {
  const taken = take(json);
  if (taken.ok) throw new Error('it was taken');
  return taken.refusal;
}
export function eventOf(json: unknown) {
  const taken = take(json);
  if (!taken.ok) throw new Error(JSON.stringify(taken.refusal));
  return taken.event;
}
export const without = (json: Json, field: string): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => name !== field));
