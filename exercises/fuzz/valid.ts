/** Right requests to both doors, as JSON values: what the fuzzer spoils. It must never read the clock itself. */

import { type IdentityDocument, residentCheckDigit } from '#core/field/identity.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { DAY_MS, formatTime, HOUR_MS } from '#core/field/time.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import type { Random } from '#exercises/town/random.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** People whose numbers are looked for everywhere afterwards: canaries. */
export function canaries(count: number): (IdentityDocument & { documentNumber: string })[] {
  return Array.from({ length: count }, (_, index) => {
    const first17 = `110105197${index % 10}0${1 + (index % 9)}1${index % 10}${String(301 + index).padStart(3, '0')}`;
    return {
      documentType: 'resident_identity_card',
      issuingCountry: 'CHN',
      documentNumber: first17 + residentCheckDigit(first17),
    };
  });
}

export interface Town {
  readonly people: readonly IdentityDocument[];
  readonly nowMs: number;
}

export function validEvent({ people, nowMs }: Town, random: Random): Json {
  const person = { ...random.pick(people) } as unknown as Json;
  const province = random.pick(PROVINCE_CODES);
  const id = `f-${random.below(1_000_000_000)}`;
  const ago = (hours: number): string => formatTime(nowMs - hours * HOUR_MS);
  return random.pick<() => Json>([
    () => ({
      type: 'TestReported',
      person,
      province,
      laboratory: 'laboratory 1',
      sampleId: id,
      status: random.pick(['preliminary', 'final', 'corrected', 'retracted']),
      method: 'nucleic_acid',
      sampledAt: ago(8),
      reportIssuedAt: ago(1),
      result: random.pick(['negative', 'positive', 'indeterminate', 'invalid']),
      poolSize: random.pick([1, 5, 10]),
    }),
    () => ({ type: 'SamplingRecorded', person, province, site: 'site 1', sampleId: id, sampledAt: ago(2) }),
    () => ({
      type: 'VaccinationAdministered',
      person,
      province,
      doseId: id,
      product: 'CoronaVac',
      manufacturer: 'Sinovac',
      doseNumber: 1 + random.below(4),
      givenAt: '2021-05-01',
    }),
    () => ({
      type: 'CodeAssigned',
      person,
      province,
      decisionId: id,
      state: random.pick(['green', 'yellow', 'red']),
      reason: 'exposure',
      authority: 'Changsha CDC',
      legalBasis: 'Hunan 2022-31, article 4',
      assignedAt: ago(1),
      expiresAt: formatTime(nowMs + 7 * DAY_MS),
      appealContact: '0731-12345',
    }),
    () => ({
      type: 'ExposureRecorded',
      person,
      province,
      exposureId: id,
      riskArea: '330106',
      level: 'high',
      from: ago(48),
      to: null,
    }),
    () => ({
      type: 'PersonErased',
      person,
      province,
      erasureId: id,
      authority: 'Changsha CDC',
      legalBasis: 'PIPL, article 47',
      decidedAt: ago(1),
    }),
  ])();
}

export function validQuestion({ people, nowMs }: Town, random: Random): { [name: string]: Json } {
  return {
    destination: random.pick(PROVINCE_CODES),
    purpose: random.pick(PURPOSES),
    person: { ...random.pick(people) } as unknown as Json,
    authorisation: { consent: 'the person, by showing the document' },
    at: formatTime(nowMs),
    occasion: { residence: 'visitor', ageYears: random.below(90), visits: [], arrivedAt: formatTime(nowMs - HOUR_MS) },
    presented: [
      { kind: 'result', province: '44', result: 'negative', reportIssuedAt: formatTime(nowMs - HOUR_MS) },
      { kind: 'sampling', province: '44', sampledAt: formatTime(nowMs - HOUR_MS) },
    ],
  };
}
