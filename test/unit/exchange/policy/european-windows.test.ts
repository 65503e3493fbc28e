/**
 * The format says what the European certificate rules say: windows from sampling, of 72, 48 or 24 hours, whose end
 * counts in some countries and doesn't in others, so that at exactly 72:00:00 neighbours disagree; and the Union's
 * window over vaccinations in days. None of it was ever a rule of this exchange.
 */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '#core/field/time.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { at, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { ask, inForce, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';

/** `before` the limit, or `not after` it. */
const STRICT = ['AT', 'CH', 'FI', 'FR', 'IE', 'PL'] as const;
const INCLUSIVE = ['CZ', 'DE', 'ES', 'HR', 'LU', 'RO'] as const;
const HOURS: readonly (readonly [method: string, hours: number])[] = [
  ['nucleic_acid', 72],
  ['antigen', 48],
  ['antigen', 24],
];

const test = (method: string, hours: number, end: 'exclusive' | 'inclusive'): ClauseText => ({
  id: `${method}_${hours}h`,
  kind: 'result',
  methods: [method],
  from: 'all',
  countFrom: ['sampled'],
  window: { length: hours, unit: 'hours', end },
});
const rule = (...clauses: readonly ClauseText[]): RuleText => ruleText({ clauses });

const SAMPLED_MS = at('2021-07-10T10:00:00+02:00');
const view = (method: string) =>
  viewOf(testReported({ method, sampledAtMs: SAMPLED_MS, reportIssuedAtMs: SAMPLED_MS + 5 * HOUR_MS }));

function verdicts(text: RuleText, method: string, hours: number): boolean[] {
  return [-1, 0, 1].map((seconds) => {
    const atMs = SAMPLED_MS + hours * HOUR_MS + seconds * SECOND_MS;
    const given = view(method);
    return ask(given, { policy: inForce(text), snapshot: snapshot(given), atMs }).outcome === 'recognised';
  });
}

describe.each(HOURS)('%s, %i hours from sampling', (method, hours) => {
  it.each(STRICT)('%s: before the limit', (_country) => {
    expect(verdicts(rule(test(method, hours, 'exclusive')), method, hours)).toEqual([true, false, false]);
  });
  it.each(INCLUSIVE)('%s: not after the limit', (_country) => {
    expect(verdicts(rule(test(method, hours, 'inclusive')), method, hours)).toEqual([true, true, false]);
  });
});

describe('both kinds of test in one rule', () => {
  it.each([
    ['AT', 'exclusive', ['nucleic_acid'], 71.5, true],
    ['AT', 'exclusive', ['antigen'], 25, false],
    ['DE', 'inclusive', ['antigen'], 24, true],
    ['DE', 'inclusive', ['antigen'], 48, false],
  ] as const)('%s, end %s: %j after %d hours', (_country, end, [method], hours, recognised) => {
    const text = rule(test('nucleic_acid', 72, end), test('antigen', 24, end));
    const given = view(method);
    expect(ask(given, { policy: inForce(text), atMs: SAMPLED_MS + hours * HOUR_MS }).outcome === 'recognised').toBe(
      recognised,
    );
  });
});

describe('the Union’s window over vaccinations: from 14 days after the last dose, for 270 days', () => {
  const text = rule({
    id: 'full_course',
    kind: 'vaccination',
    doses: 2,
    atLeastDaysAgo: 14,
    window: { length: 270, unit: 'calendar_days', end: 'inclusive' },
  });
  const givenAtMs = at('2021-06-06');
  const doses = viewOf(
    vaccinationAdministered({ doseId: 'D1', doseNumber: 1, givenAtMs: givenAtMs - 30 * DAY_MS }),
    vaccinationAdministered({ doseId: 'D2', doseNumber: 2, givenAtMs }),
  );
  it.each([
    [14 * DAY_MS - SECOND_MS, false],
    [14 * DAY_MS, true],
    [271 * DAY_MS - SECOND_MS, true],
    [271 * DAY_MS, false],
  ])('%i ms after it: %s', (afterMs, recognised) => {
    expect(ask(doses, { policy: inForce(text), atMs: givenAtMs + afterMs }).outcome === 'recognised').toBe(recognised);
  });
});

describe('days where others count hours', () => {
  it.each([
    ['exclusive', [true, false]],
    ['inclusive', [true, true]],
  ] as const)('three days, %s: around the third midnight', (end, expected) => {
    const text = rule({
      id: 'd',
      kind: 'result',
      methods: ['nucleic_acid'],
      from: 'all',
      countFrom: ['sampled'],
      window: { length: 3, unit: 'calendar_days', end },
    });
    const midnightMs = at('2021-07-13T00:00:00+08:00');
    const given = view('nucleic_acid');
    expect(
      [midnightMs - SECOND_MS, midnightMs].map(
        (atMs) => ask(given, { policy: inForce(text), atMs }).outcome === 'recognised',
      ),
    ).toEqual(expected);
  });
});
