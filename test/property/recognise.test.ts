/**
 * Properties of the decision for any view, any rule and any freshness, made by fast-check.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUSES, TEST_RESULTS } from '#core/events.ts';
import { CHANNELS, type Presented } from '#core/evidence.ts';
import { ANCHORS, type ClauseText, POSITIVE_EFFECTS, type RuleText, WINDOW_ENDS, WINDOW_UNITS } from '#core/policy.ts';
import { type Answer, recognise, type RecognitionInput } from '#core/recognise.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/regions.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { HOUR_MS, MINUTE_MS, parseTime, shanghaiDayOf } from '#core/time.ts';
import type { PersonView, SamplingRegister, TestRegister } from '#core/view.ts';
import { inForce, NOW_MS, POSITION, ruleText } from '#test/support/lookup.ts';

const RUNS = { numRuns: 3_000 } as const;

const province = fc.constantFrom(...PROVINCE_CODES);
/** Whole minutes around now, so that ends and equal times are hit often. */
const instantMs = fc.integer({ min: -100 * 60, max: 120 }).map((minutes) => NOW_MS + minutes * MINUTE_MS);
const method = fc.constantFrom('nucleic_acid', 'nucleic_acid', 'nucleic_acid', 'antigen');
const result = fc.constantFrom(...TEST_RESULTS, 'negative', 'negative');
const precision = fc.constantFrom('day', 'minute', 'millisecond');
const version = { status: fc.constantFrom(...STATUSES), contentHash: fc.constant(Buffer.alloc(8)) };

const test: fc.Arbitrary<TestRegister> = fc
  .record({ ...version, issuedAtMs: instantMs, province, laboratory: fc.constant('L'), sampleId: fc.constant('S'), result, method, sampledAtMs: fc.option(instantMs), sampledAtPrecision: precision, testedAtMs: fc.option(instantMs) })
  .map((register) => ({ ...register, issuedAtMaxMs: register.issuedAtMs, day: register.sampledAtMs === null ? null : shanghaiDayOf(register.sampledAtMs), sampledAtPrecision: register.sampledAtMs === null ? null : register.sampledAtPrecision }));
const sampling: fc.Arbitrary<SamplingRegister> = fc
  .record({ ...version, issuedAtMs: instantMs, province, site: fc.constant('P'), sampleId: fc.constant('S'), sampledAtMs: instantMs, sampledAtPrecision: precision })
  .map((register) => ({ ...register, day: shanghaiDayOf(register.sampledAtMs) }));
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 8 }).map((one) => one);

const view: fc.Arbitrary<PersonView> = fc.record({
  datedTests: fc.array(test, { maxLength: 4 }),
  datedTestsCut: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.record({ newestDay: instantMs.map(shanghaiDayOf), issuedAtMaxMs: instantMs }) }),
  undatedTests: fc.array(test, { maxLength: 2 }),
  undatedTestsCut: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.record({ newestDay: fc.constant(null), issuedAtMaxMs: instantMs }) }),
  samplings: fc.array(sampling, { maxLength: 3 }),
  samplingsCut: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.record({ newestDay: instantMs.map(shanghaiDayOf) }) }),
  doses: fc.constant([]),
  dosesCut: fc.boolean(),
  codes: fc.constant([]),
  codesCut: fc.constant(null),
  exposures: fc.constant([]),
  exposuresCut: fc.constant(null),
  unreadable: fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.constant([{ topic: 'tests', offset: 1 }]) }),
  unreadableCut: fc.constant(false),
});

const from = fc.oneof(fc.constant('all' as const), fc.uniqueArray(province, { minLength: 1, maxLength: 20 }));
const window = fc.record({ length: fc.integer({ min: 1, max: 72 }), unit: fc.constantFrom(...WINDOW_UNITS), end: fc.constantFrom(...WINDOW_ENDS) });
const clause: fc.Arbitrary<ClauseText> = fc.oneof(
  fc.record({ id: fc.constant('r'), kind: fc.constant('result' as const), methods: fc.constantFrom(['nucleic_acid'], ['nucleic_acid', 'antigen']), from, countFrom: fc.uniqueArray(fc.constantFrom(...ANCHORS), { minLength: 1 }), window }),
  fc.record({ id: fc.constant('s'), kind: fc.constant('sampling' as const), from, window }),
);
const rule: fc.Arbitrary<RuleText> = fc
  .record({ clauses: fc.array(clause, { minLength: 1, maxLength: 3 }), positive: fc.constantFrom(...POSITIVE_EFFECTS), freshnessBoundSeconds: fc.constantFrom(1, 30, 3_600) })
  .map((given) => ruleText(given));

const presented: fc.Arbitrary<Presented> = fc.oneof(
  fc.record({ kind: fc.constant('result' as const), channel: fc.constantFrom(...CHANNELS), province: fc.option(province), laboratory: fc.constant(null), method, result, sampledAtMs: fc.option(instantMs), sampledAtPrecision: fc.constant('minute' as const), testedAtMs: fc.option(instantMs), issuedAtMs: instantMs }),
  fc.record({ kind: fc.constant('sampling' as const), channel: fc.constantFrom(...CHANNELS), province: fc.option(province), laboratory: fc.constant(null), sampledAtMs: instantMs, sampledAtPrecision: precision }),
);

/** Seconds that each province is behind; null: not registered. Mostly fresh, or little would ever be recognised. */
const ages = fc.oneof(
  { weight: 3, arbitrary: fc.constant(PROVINCE_CODES.map(() => 0 as number | null)) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom<(number | null)[]>(0, 0, 0, 0, 29, 30, 31, 4_000, null), { minLength: 32, maxLength: 32 }) },
);

const input: fc.Arbitrary<RecognitionInput> = fc
  .record({ view: seldom(view), rule, ages, presented: fc.array(presented, { maxLength: 2 }), minutes: fc.integer({ min: -4_000, max: 60 }), unread: fc.constantFrom<(ProvinceCode | null)[][]>([], [], [], ['43'], [null]), started: fc.constantFrom(true, true, true, false) })
  .map(({ view: one, rule: text, ages: seconds, presented: shown, minutes, unread, started }) => ({
    destination: '44',
    purpose: 'entry',
    policy: inForce(text),
    presented: shown,
    atMs: NOW_MS + minutes * MINUTE_MS,
    nowMs: NOW_MS,
    snapshot: { partition: 0, view: one, position: started ? POSITION : null, freshness: { watermarks: watermarksOf(seconds), incompleteProvinces: unread } },
  }));

function watermarksOf(seconds: readonly (number | null)[]): Snapshot['freshness']['watermarks'] {
  return PROVINCE_CODES.flatMap((code, index) => {
    const age = seconds[index];
    return age === null || age === undefined ? [] : [{ province: code, instance: `${code}-a`, throughMs: NOW_MS - age * 1_000 }];
  });
}

/** The same with one province's watermark set. */
function withWatermark(given: RecognitionInput, code: ProvinceCode, throughMs: number | null): RecognitionInput {
  const others = given.snapshot.freshness.watermarks.filter((watermark) => watermark.province !== code);
  const watermarks = throughMs === null ? others : [...others, { province: code, instance: `${code}-a`, throughMs }];
  return { ...given, snapshot: { ...given.snapshot, freshness: { ...given.snapshot.freshness, watermarks } } };
}

const isPlainNo = ({ outcome }: Answer): boolean => outcome === 'not_recognised' || outcome === 'no_evidence';
const timeMs = (text: string | null): number => (text === null ? Number.NaN : (parseTime(text)?.atMs ?? Number.NaN));
const implies = (premise: boolean, conclusion: () => boolean): boolean => !premise || conclusion();

describe('any view, any rule', () => {
  it('an answer, never an exception, and whole', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(input, (given) => {
        const answer = recognise(given);
        const { outcome, reason, validUntil, equalEffect, sentence, exchangeBehind, incomplete } = answer;
        seen.add(outcome).add(reason);
        expect(validUntil === null).toBe(outcome !== 'recognised');
        expect(equalEffect === null).toBe(outcome === 'recognised');
        expect(sentence.en).not.toMatch(/undefined|NaN|null|\[object/);
        expect(sentence.en).toContain(equalEffect?.en ?? '');
        expect(exchangeBehind && outcome !== 'undetermined').toBe(false);
        expect(isPlainNo(answer) && (incomplete.person || incomplete.unknownProvince || incomplete.provinces.length > 0)).toBe(false);
      }),
      RUNS,
    );
    // The generator reaches what it is meant to reach.
    for (const one of ['recognised', 'not_recognised', 'no_evidence', 'undetermined', 'newest_result_positive', 'sampling_record', 'presented_result', 'history_cut', 'corrected_since', 'not_accepted_here']) expect(seen).toContain(one);
  });

  it('a fresher watermark never takes a recognition away, nor a plain no', () => {
    fc.assert(
      fc.property(input, province, fc.integer({ min: 0, max: 100 }), (given, code, age) => {
        const before = recognise(given);
        const known = given.snapshot.freshness.watermarks.find((watermark) => watermark.province === code)?.throughMs ?? 0;
        const after = recognise(withWatermark(given, code, Math.max(known, NOW_MS - age * 1_000)));
        return implies(before.outcome !== 'undetermined', () => after.outcome === before.outcome);
      }),
      RUNS,
    );
  });

  it('a province that falls behind never makes a no plain', () => {
    fc.assert(
      fc.property(input, province, fc.constantFrom(null, NOW_MS - 4_000_000), (given, code, throughMs) => {
        const before = recognise(given);
        const after = recognise(withWatermark(given, code, throughMs));
        return implies(isPlainNo(after), () => after.outcome === before.outcome) && implies(before.outcome === 'undetermined', () => after.outcome === 'undetermined');
      }),
      RUNS,
    );
  });

  it('where clauses take records from all, a province behind leaves no plain no', () => {
    fc.assert(
      fc.property(input, province, (given, code) => implies(given.policy.rule.provinces === null, () => !isPlainNo(recognise(withWatermark(given, code, null))))),
      RUNS,
    );
  });

  it('a recognition holds until it says, and no longer by the same evidence', () => {
    fc.assert(
      fc.property(input, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const { outcome, validUntil, validUntilInclusive } = recognise(given);
        const untilMs = timeMs(validUntil);
        const lastMs = validUntilInclusive ? untilMs : untilMs - 1;
        const recognisedAt = (atMs: number): boolean => recognise({ ...given, atMs }).outcome === 'recognised';
        return implies(outcome === 'recognised', () => {
          const later = recognise({ ...given, atMs: lastMs + 1 });
          const bySomethingElse = implies(later.outcome === 'recognised', () => timeMs(later.validUntil) > untilMs);
          return lastMs >= given.atMs && recognisedAt(lastMs) && recognisedAt(given.atMs + Math.floor((lastMs - given.atMs) * share)) && bySomethingElse;
        });
      }),
      RUNS,
    );
  });

  it('a later negative on record never takes a recognition away', () => {
    fc.assert(
      fc.property(input, test, (given, base) => {
        const { view: before } = given.snapshot;
        const negative: TestRegister = { ...base, status: 'final', result: 'negative', method: 'nucleic_acid', issuedAtMs: given.atMs, sampledAtMs: given.atMs - HOUR_MS, testedAtMs: given.atMs - HOUR_MS };
        return implies(before !== null && recognise(given).outcome === 'recognised', () => {
          const after = { ...(before as PersonView), datedTests: [negative, ...(before as PersonView).datedTests] };
          return recognise({ ...given, snapshot: { ...given.snapshot, view: after } }).outcome === 'recognised';
        });
      }),
      RUNS,
    );
  });
});
