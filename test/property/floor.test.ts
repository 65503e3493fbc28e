/**
 * What the floor of 29 July 2022 lets pass recognises everyone who holds nucleic-acid negatives, and what it refuses
 * turns somebody away: judged by what rules do to people, not by what they look like.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ClauseText, clausesIn } from '#core/clauses/clause-text.ts';
import { decide } from '#core/decision/decide.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { HOUR_MS, MINUTE_MS, shanghaiDayOf } from '#core/field/time.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import { floorFaults } from '#core/rules/floor.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { HISTORY_DAYS_KEPT, type WindowText } from '#core/terms/window-text.ts';
import { EMPTY_VIEW, type PersonView, type TestRegister } from '#core/view/view.ts';
import { anyClause } from '#test/support/any-clause.ts';
import { anyOccasion } from '#test/support/any-input.ts';
import { anyRule } from '#test/support/any-rule.ts';
import { anyProvince } from '#test/support/any-view.ts';
import { inForce, NOW_MS, ruleText, snapshot } from '#test/support/lookup.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const RUNS = { numRuns: runs(4_000) } as const;

/** With what every rule must write after the notice: so that what is left to find is who is turned away. */
function equal(clause: ClauseText, methods: readonly string[] | null): ClauseText {
  if (clause.kind === 'all_of' || clause.kind === 'any_of')
    return { ...clause, of: clause.of.map((one) => equal(one, methods)) };
  return clause.kind === 'result' || clause.kind === 'tests'
    ? {
        ...clause,
        from: 'all',
        countFrom: ['report_issued'],
        methods: methods ?? clause.methods,
        ...(clause.alsoWithin === undefined
          ? {}
          : { alsoWithin: clause.alsoWithin.map(({ window }) => ({ countFrom: ['report_issued'], window })) }),
      }
    : clause;
}
/** No longer than the history that is kept. */
const kept = (clause: ClauseText): ClauseText =>
  JSON.parse(JSON.stringify(clause), (key, value: WindowText) =>
    key === 'window' && value.unit !== 'hours'
      ? { ...value, unit: 'calendar_days', length: Math.min(value.length, HISTORY_DAYS_KEPT) }
      : value,
  ) as ClauseText;
/** Each with an id of its own. */
function named(clause: ClauseText, id: string): ClauseText {
  return clause.kind === 'all_of' || clause.kind === 'any_of'
    ? { ...clause, id, of: clause.of.map((one, at) => named(one, `${id}_${at}`)) }
    : { ...clause, id };
}
/** Groups more often than by chance, and in each other. */
const nested: fc.Arbitrary<ClauseText> = fc.record({
  id: fc.constant('g'),
  kind: fc.constantFrom('all_of' as const, 'any_of' as const),
  of: fc.array(anyClause, { minLength: 2, maxLength: 3 }),
});
const clauses = fc
  .tuple(
    fc.array(fc.oneof(anyClause, nested), { minLength: 1, maxLength: 3 }),
    fc.constantFrom(null, null, null, null, ['antigen']),
  )
  .map(([list, methods]) => list.map((clause, at) => named(kept(equal(clause, methods)), `c${at}`)));
const rule = fc
  .tuple(anyRule, clauses)
  .map(
    ([
      { id: _id, states: _states, duties: _duties, comparedWith: _comparedWith, pooled: _pooled, ...given },
      list,
    ]): RuleText => ruleText({ ...given, clauses: list }),
  );

const negative = (province: TestRegister['province'], atMs: number): TestRegister => ({
  status: 'final',
  contentHash: Buffer.alloc(8),
  issuedAtMs: atMs,
  alsoKept: null,
  province,
  laboratory: 'L',
  sampleId: String(atMs),
  result: 'negative',
  method: 'nucleic_acid',
  run: null,
  day: shanghaiDayOf(atMs),
  sampledAtMs: atMs,
  sampledAtPrecision: 'millisecond',
  testedAtMs: null,
  isPooled: false,
});
const withTests = (...datedTests: readonly TestRegister[]): PersonView => ({ ...EMPTY_VIEW, datedTests });
/** Tested so often that any number of tests so far apart are among them. */
const hourly = withTests(
  ...Array.from({ length: 4 * 24 }, (_, hours) =>
    negative(PROVINCE_CODES[hours % PROVINCE_CODES.length] ?? '43', NOW_MS - hours * HOUR_MS),
  ),
);

function outcome(text: RuleText, view: PersonView, occasion: Occasion): string {
  return decide({
    policy: inForce(text),
    snapshot: snapshot(view),
    presented: [],
    occasion,
    atMs: NOW_MS,
    nowMs: NOW_MS,
  }).outcome;
}
const asksForSeveral = ({ clauses: list }: RuleText): boolean =>
  list.some((outer) => [...clausesIn(outer)].some(({ clause }) => clause.kind === 'tests'));

it('whatever passes recognises everyone who holds negatives inside its window, whatever is stated', () => {
  let passed = 0;
  fc.assert(
    fc.property(rule, anyOccasion, anyProvince, fc.integer({ min: 0, max: 59 }), (text, stated, province, minutes) => {
      if (faultsOfBook([text]).length > 0) return;
      passed += 1;
      const view = asksForSeveral(text) ? hourly : withTests(negative(province, NOW_MS - minutes * MINUTE_MS));
      expect(outcome(text, view, { ...stated, instant: null, visits: [] })).toBe('recognised');
      expect(outcome(text, view, { ...stated, instant: null, visits: null })).toMatch(/^(recognised|undetermined)$/);
    }),
    RUNS,
  );
  if (ARE_ALL_RUNS) expect(passed).toBeGreaterThan(RUNS.numRuns / 10);
});

it('whatever it refuses turns somebody away who holds one', () => {
  let refused = 0;
  fc.assert(
    fc.property(rule, anyProvince, (text, province) => {
      if (floorFaults(text, []).length === 0) return;
      refused += 1;
      expect(
        outcome(
          { ...text, inForce: { from: '2019-12-01T00:00+08:00', until: null } },
          withTests(negative(province, NOW_MS)),
          NOTHING_STATED,
        ),
      ).not.toBe('recognised');
    }),
    RUNS,
  );
  if (ARE_ALL_RUNS) expect(refused).toBeGreaterThan(RUNS.numRuns / 5);
});
