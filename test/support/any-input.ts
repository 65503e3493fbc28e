/** Questions: any view, any rule, whatever is stated and presented, and provinces that are behind. */

import fc from 'fast-check';
import type { RecognitionInput } from '#core/answer/recognise.ts';
import type { RuleInForce } from '#core/book/selected.ts';
import { NO_CODE_TABLES } from '#core/codes/conversion.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { MINUTE_MS, shanghaiDayOf } from '#core/field/time.ts';
import { CHANNELS, type Presented } from '#core/question/evidence.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { place } from './any-clause.ts';
import { anyRule } from './any-rule.ts';
import { anyInstantMs, anyMethod, anyPrecision, anyProvince, anyResult, anyView } from './any-view.ts';
import { inForce, NOW_MS, POSITION } from './lookup.ts';

const statements: fc.Arbitrary<Occasion> = fc
  .record(
    {
      instant: fc.constantFrom('boarding' as const, 'checkpoint' as const),
      delayedFromMs: anyInstantMs,
      stayedInside: fc.boolean(),
      residence: fc.constantFrom('resident' as const, 'visitor' as const),
      entry: fc.constantFrom('first' as const, 'later' as const),
      ageYears: fc.constantFrom(2, 3, 40, 70),
      accompanyingAdult: fc.constantFrom('recognised' as const, 'not_recognised' as const),
      recoveredOnDay: anyInstantMs.map(shanghaiDayOf),
      commuter: fc.boolean(),
      classes: fc.constantFrom([], ['lorry_driver'], ['pupil']),
      stayHours: fc.constantFrom(3, 24, 80),
      transferHours: fc.constantFrom(3, 24, 80),
      arrivedAtMs: anyInstantMs,
      place,
      registeredIn: place,
      visits: fc.array(
        fc.record({
          place,
          level: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
          cameAtMs: fc.option(anyInstantMs),
          leftAtMs: fc.option(anyInstantMs),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  )
  .map((stated) => ({ ...NOTHING_STATED, ...stated }));
export const anyOccasion = fc.oneof(
  { weight: 1, arbitrary: fc.constant(NOTHING_STATED) },
  { weight: 1, arbitrary: statements },
);

const presented: fc.Arbitrary<Presented> = fc.oneof(
  fc.record({
    kind: fc.constant('result' as const),
    channel: fc.constantFrom(...CHANNELS),
    province: fc.option(anyProvince),
    laboratory: fc.constant(null),
    method: anyMethod,
    result: anyResult,
    sampledAtMs: fc.option(anyInstantMs),
    sampledAtPrecision: fc.constant('minute' as const),
    testedAtMs: fc.option(anyInstantMs),
    issuedAtMs: anyInstantMs,
  }),
  fc.record({
    kind: fc.constant('sampling' as const),
    channel: fc.constantFrom(...CHANNELS),
    province: fc.option(anyProvince),
    laboratory: fc.constant(null),
    sampledAtMs: anyInstantMs,
    sampledAtPrecision: anyPrecision,
  }),
);

/** Seconds that each province is behind; null: not registered. Mostly fresh, or little would ever be recognised. */
const ages = fc.oneof(
  { weight: 3, arbitrary: fc.constant(PROVINCE_CODES.map(() => 0 as number | null)) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom<(number | null)[]>(0, 0, 0, 0, 29, 30, 31, 4_000, null), {
      minLength: 32,
      maxLength: 32,
    }),
  },
);

/** Any question about any view by any rule; mostly fresh. */
/** One rule judges. */
export type ByOneRule = RecognitionInput & { readonly policy: RuleInForce };

export const anyInput: fc.Arbitrary<ByOneRule> = fc
  .record({
    view: fc.option(anyView, { freq: 8 }).map((one) => one),
    rule: anyRule,
    ages,
    occasion: anyOccasion,
    presented: fc.array(presented, { maxLength: 2 }),
    minutes: fc.integer({ min: -4_000, max: 60 }),
    unread: fc.constantFrom<(ProvinceCode | null)[][]>([], [], [], ['43'], [null]),
    started: fc.constantFrom(true, true, true, false),
  })
  .map(({ view: one, rule: text, ages: seconds, presented: shown, minutes, unread, started, occasion }) => ({
    destination: '44',
    purpose: 'entry',
    codeBook: NO_CODE_TABLES,
    policy: inForce(text),
    presented: shown,
    occasion,
    atMs: NOW_MS + minutes * MINUTE_MS,
    nowMs: NOW_MS,
    snapshot: {
      edition: 1,
      partition: 0,
      view: one,
      position: started ? POSITION : null,
      freshness: {
        watermarks: watermarksOf(seconds),
        incompleteProvinces: unread,
        withdrawals: [],
        acceptedUpToMs: 0,
        leaks: [],
      },
    },
  }));

function watermarksOf(seconds: readonly (number | null)[]): Snapshot['freshness']['watermarks'] {
  return PROVINCE_CODES.flatMap((code, index) => {
    const age = seconds[index];
    return age === null || age === undefined
      ? []
      : [{ province: code, instance: `${code}-a`, throughMs: NOW_MS - age * 1_000 }];
  });
}
