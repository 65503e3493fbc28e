/**
 * Views made to collide: times in whole minutes around now, few methods, cuts and marks. For properties that must hold
 * of all of them.
 */

import fc from 'fast-check';
import { STATUSES, TEST_RESULTS } from '#core/events/events.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { MINUTE_MS, shanghaiDayOf } from '#core/field/time.ts';
import type { DoseRegister, ExposureRegister, PersonView, SamplingRegister, TestRegister } from '#core/view/view.ts';
import { NOW_MS } from './lookup.ts';

export const anyProvince = fc.constantFrom(...PROVINCE_CODES);
/** Whole minutes around now, so that ends and equal times are hit often. */
export const anyInstantMs = fc.integer({ min: -100 * 60, max: 120 }).map((minutes) => NOW_MS + minutes * MINUTE_MS);
export const anyMethod = fc.constantFrom('nucleic_acid', 'nucleic_acid', 'nucleic_acid', 'antigen');
export const anyResult = fc.constantFrom(...TEST_RESULTS, 'negative', 'negative');
export const anyPrecision = fc.constantFrom('day', 'minute', 'millisecond');
const version = {
  status: fc.constantFrom(...STATUSES),
  contentHash: fc.constant(Buffer.alloc(8)),
  alsoKept: fc.constant(null),
};
/** Whose it was makes no difference to an answer. */
const mostlyNone = <C>(cut: fc.Arbitrary<C>, weight: number) =>
  fc.oneof(
    { weight, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(cut, { minLength: 1, maxLength: 2 }) },
  );
const cutDay = { province: fc.constantFrom(null, '44' as const), newestDay: anyInstantMs.map(shanghaiDayOf) };

export const anyTest: fc.Arbitrary<TestRegister> = fc
  .record({
    ...version,
    issuedAtMs: anyInstantMs,
    province: anyProvince,
    laboratory: fc.constant('L'),
    sampleId: fc.constant('S'),
    result: anyResult,
    method: anyMethod,
    sampledAtMs: fc.option(anyInstantMs),
    sampledAtPrecision: anyPrecision,
    testedAtMs: fc.option(anyInstantMs),
    isPooled: fc.constantFrom(false, false, true),
    run: fc.constantFrom(null, 'R1', 'R2'),
  })
  .map((register) => ({
    ...register,
    day: register.sampledAtMs === null ? null : shanghaiDayOf(register.sampledAtMs),
    sampledAtPrecision: register.sampledAtMs === null ? null : register.sampledAtPrecision,
  }));
const sampling: fc.Arbitrary<SamplingRegister> = fc
  .record({
    ...version,
    issuedAtMs: anyInstantMs,
    province: anyProvince,
    site: fc.constant('P'),
    sampleId: fc.constant('S'),
    sampledAtMs: anyInstantMs,
    sampledAtPrecision: anyPrecision,
  })
  .map((register) => ({ ...register, day: shanghaiDayOf(register.sampledAtMs) }));
const dose: fc.Arbitrary<DoseRegister> = fc.record({
  ...version,
  issuedAtMs: anyInstantMs,
  province: anyProvince,
  doseId: fc.constant('D'),
  product: fc.constant('P'),
  manufacturer: fc.constant('M'),
  doseNumber: fc.integer({ min: 1, max: 3 }),
  givenAtMs: anyInstantMs,
  givenAtPrecision: anyPrecision,
});
/** By code, narrower and wider than rules ask, and by names that no rule knows. */
export const anyExposure: fc.Arbitrary<ExposureRegister> = fc
  .record({
    ...version,
    issuedAtMs: anyInstantMs,
    province: anyProvince,
    exposureId: fc.constant('E'),
    riskArea: fc.constantFrom('44', '440103', '440103001', '11', '4', '广州南站'),
    level: fc.constantFrom('high', 'medium', 'low', 'locked_down'),
    fromMs: anyInstantMs,
    hours: fc.option(fc.integer({ min: 0, max: 60 })),
  })
  .map(({ hours, ...register }) => ({
    ...register,
    day: shanghaiDayOf(register.fromMs),
    toMs: hours === null ? null : register.fromMs + hours * 60 * MINUTE_MS,
  }));
export const anyView: fc.Arbitrary<PersonView> = fc.record({
  datedTests: fc.array(anyTest, { maxLength: 4 }),
  datedTestsCuts: mostlyNone(fc.record({ ...cutDay, issuedAtMaxMs: anyInstantMs }), 4),
  undatedTests: fc.array(anyTest, { maxLength: 2 }),
  undatedTestsCuts: mostlyNone(fc.record({ ...cutDay, newestDay: fc.constant(null), issuedAtMaxMs: anyInstantMs }), 8),
  samplings: fc.array(sampling, { maxLength: 3 }),
  samplingsCuts: mostlyNone(fc.record(cutDay), 8),
  doses: fc.array(dose, { maxLength: 2 }),
  dosesCuts: fc.constantFrom([], [{ province: null }]),
  codes: fc.constant([]),
  codesCuts: fc.constant([]),
  exposures: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(anyExposure, { minLength: 1, maxLength: 3 }) },
  ),
  exposuresCuts: mostlyNone(fc.record(cutDay), 8),
  unreadable: fc.oneof(
    { weight: 8, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        [{ topic: 'tests', offset: 1, isSettled: false }],
        [{ topic: 'tests', offset: 1, isSettled: true }],
      ),
    },
  ),
  unreadableBounds: fc.constant([]),
  erasedThroughMs: fc.constant(null),
  publisherErasures: fc.constant([]),
});
