/**
 * Properties of the decision for any view, any rule and any freshness, made by fast-check.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, recognise, type RecognitionInput } from '#core/answer/recognise.ts';
import { decide } from '#core/decision/decide.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { HOUR_MS, parseTime } from '#core/field/time.ts';
import type { Occasion } from '#core/question/occasion.ts';
import type { ExposureRegister, PersonView, TestRegister } from '#core/view/view.ts';
import { anyInput as input } from '#test/support/any-input.ts';
import { anyExposure, anyProvince as province, anyTest as test } from '#test/support/any-view.ts';
import { NOW_MS } from '#test/support/lookup.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const RUNS = { numRuns: runs(3_000) } as const;

/** The last millisecond at which a recognition that ends still holds. */
function lastInstantMs({ validUntil, validUntilInclusive }: Answer): number {
  return timeMs(validUntil) - (validUntilInclusive ? 0 : 1);
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
        const { outcome, reason, finding, validUntil, equalEffect, sentence, exchangeBehind, incomplete } = answer;
        seen.add(outcome).add(reason);
        expect(validUntil !== null && outcome !== 'recognised').toBe(false);
        expect(timeMs(answer.askAgainBy)).toBeGreaterThan(given.nowMs);
        JSON.stringify(answer);
        // Never where another result would change nothing.
        expect(
          equalEffect !== null &&
            (outcome === 'recognised' ||
              ![
                'too_old',
                'tests_missing',
                'nothing_on_record',
                'nothing_that_counts',
                'result_withdrawn',
                'not_yet_issued',
              ].includes(finding)),
        ).toBe(false);
        expect(sentence.en).not.toMatch(/undefined|NaN|null|\[object/);
        expect(sentence.en).toContain(equalEffect?.en ?? '');
        expect(exchangeBehind && outcome !== 'undetermined').toBe(false);
        expect(
          isPlainNo(answer) && (incomplete.person || incomplete.unknownProvince || incomplete.provinces.length > 0),
        ).toBe(false);
      }),
      RUNS,
    );
    // The generator reaches what it is meant to reach.
    if (!ARE_ALL_RUNS) return;
    for (const one of [
      'recognised',
      'not_recognised',
      'no_evidence',
      'undetermined',
      'newest_result_positive',
      'sampling_record',
      'presented_result',
      'history_cut',
      'stay_unclear',
      'corrected_since',
      'not_accepted_here',
      'tests_done',
      'carried_over',
      'exempt',
      'condition_met',
      'only_reminded',
      'tests_missing',
      'condition_not_met',
      'statement_missing',
      'other_instant',
      'newest_result_indeterminate',
    ])
      expect(seen).toContain(one);
  });

  it('a fresher watermark never takes a recognition away, nor a plain no', () => {
    fc.assert(
      fc.property(input, province, fc.integer({ min: 0, max: 100 }), (given, code, age) => {
        const before = recognise(given);
        const known =
          given.snapshot.freshness.watermarks.find((watermark) => watermark.province === code)?.throughMs ?? 0;
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
        return (
          implies(isPlainNo(after), () => after.outcome === before.outcome) &&
          implies(before.outcome === 'undetermined', () => after.outcome === 'undetermined')
        );
      }),
      RUNS,
    );
  });

  it('where clauses take records from all, a province behind leaves no plain no', () => {
    fc.assert(
      fc.property(input, province, (given, code) =>
        implies(given.policy.rule.provinces === null, () => !isPlainNo(recognise(withWatermark(given, code, null)))),
      ),
      RUNS,
    );
  });

  it('a recognition holds until it says, and no longer by the same evidence', () => {
    fc.assert(
      fc.property(input, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const answer = recognise(given);
        const { outcome } = answer;
        const lastMs = answer.validUntil === null ? given.atMs + 400 * HOUR_MS : lastInstantMs(answer);
        const recognisedAt = (atMs: number): boolean => recognise({ ...given, atMs }).outcome === 'recognised';
        return implies(outcome === 'recognised', () => {
          const later = recognise({ ...given, atMs: lastMs + 1 });
          const bySomethingElse = implies(
            later.outcome === 'recognised',
            () => later.validUntil === null || lastInstantMs(later) > lastMs,
          );
          return (
            lastMs >= given.atMs &&
            recognisedAt(lastMs) &&
            recognisedAt(given.atMs + Math.floor((lastMs - given.atMs) * share)) &&
            bySomethingElse
          );
        });
      }),
      RUNS,
    );
  });

  it('a stay that is on record counts as one that is stated', () => {
    let counted = 0;
    fc.assert(
      fc.property(
        input,
        anyExposure,
        fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
        fc.constantFrom('44', '440103', '11'),
        (given, base, level, riskArea) => {
          const { view } = given.snapshot;
          if (view === null) return true;
          const exposure: ExposureRegister = {
            ...base,
            status: 'final',
            level,
            riskArea,
            fromMs: Math.min(base.fromMs, given.atMs),
          };
          const stated = (visits: Occasion['visits']): Occasion => ({ ...given.occasion, visits });
          const others = given.occasion.visits ?? [];
          const recorded = decide({
            ...given,
            occasion: stated(others),
            snapshot: { ...given.snapshot, view: { ...view, exposures: [exposure, ...view.exposures] } },
          });
          const told = decide({
            ...given,
            occasion: stated([
              ...others,
              { place: riskArea, level, cameAtMs: exposure.fromMs, leftAtMs: exposure.toMs },
            ]),
          });
          if (decide({ ...given, occasion: stated(others) }).outcome !== told.outcome) counted += 1;
          return (
            recorded.outcome === told.outcome ||
            (recorded.reason === 'province_behind' && told.outcome !== 'recognised')
          );
        },
      ),
      RUNS,
    );
    if (ARE_ALL_RUNS) expect(counted).toBeGreaterThan(0);
  });

  it('no stay that was cut could turn what is said plainly', () => {
    fc.assert(
      fc.property(input, fc.array(anyExposure, { minLength: 1, maxLength: 2 }), (given, hidden) => {
        const { view } = given.snapshot;
        if (view === null) return true;
        const cut = { ...view, exposuresCuts: [{ province: null, newestDay: 20_000 }] };
        const before = decide({ ...given, snapshot: { ...given.snapshot, view: cut } });
        const after = decide({
          ...given,
          snapshot: { ...given.snapshot, view: { ...cut, exposures: [...cut.exposures, ...hidden] } },
        });
        // A stay by a province that is behind raises a doubt of its own.
        return (
          before.outcome === 'undetermined' || after.outcome === before.outcome || after.reason === 'province_behind'
        );
      }),
      RUNS,
    );
  });

  it('a later negative on record never takes a recognition away', () => {
    fc.assert(
      fc.property(input, test, (given, base) => {
        const { view: before } = given.snapshot;
        const negative: TestRegister = {
          ...base,
          status: 'final',
          result: 'negative',
          method: 'nucleic_acid',
          issuedAtMs: given.atMs,
          sampledAtMs: given.atMs - HOUR_MS,
          testedAtMs: given.atMs - HOUR_MS,
        };
        return implies(before !== null && recognise(given).outcome === 'recognised', () => {
          const after = { ...(before as PersonView), datedTests: [negative, ...(before as PersonView).datedTests] };
          return recognise({ ...given, snapshot: { ...given.snapshot, view: after } }).outcome === 'recognised';
        });
      }),
      RUNS,
    );
  });
});
