/**
 * States and duties of people who have arrived, in every rule that ships and in rules made to collide, at one second
 * before, at and after each instant of the stay that matters: against a second implementation that shares no code.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleText } from '#core/rules/rule-text.ts';
import { anyStay } from '#test/support/any-rule.ts';
import { anyStayOf, decided } from '#test/support/arrived.ts';
import { ruleText } from '#test/support/lookup.ts';
import type { NaiveHistory } from '#test/support/naive-history.ts';
import { naiveDuties, naiveStates } from '#test/support/naive-rule.ts';
import type { Civil } from '#test/support/naive-time.ts';
import { shippedPolicies } from '#test/support/policies.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const { rules } = await shippedPolicies();
const texts = rules.map(({ rule }) => rule);
/** The rules' own provinces are 43 here. */
const at43 = (rule: RuleText): RuleText =>
  JSON.parse(JSON.stringify(rule).replaceAll(/"from":\["\d\d"\]/g, '"from":["43"]')) as RuleText;
const shipped = texts
  .filter(({ duties, states }) => duties !== undefined || JSON.stringify(states ?? []).includes('rriv'))
  .map(at43);

function same(
  rule: RuleText,
  { at, ...history }: NaiveHistory & { readonly arrived: Civil; readonly at: Civil },
): { readonly states: number; readonly duties: number } {
  const { states, duties } = decided(rule, history, at);
  expect([
    states.map(({ state }) => state),
    duties.filter(({ applies }) => applies === true).map(({ id, done }) => `${id} ${done ?? 0}`),
  ]).toEqual([naiveStates(rule, history, at), naiveDuties(rule, history, at)]);
  return { states: states.length, duties: duties.length };
}

describe('what a person is shown and owes after arriving', () => {
  it.each(shipped.map((rule) => [`${rule.id} ${rule.version}`, rule] as const))('%s', (_name, rule) => {
    fc.assert(
      fc.property(anyStayOf, (given) => void same(rule, given)),
      { numRuns: runs(200) },
    );
  });
  it('in any rule', () => {
    const seen = { states: 0, duties: 0 };
    fc.assert(
      fc.property(anyStay, anyStayOf, (rule, given) => {
        const { states, duties } = same(ruleText(rule), given);
        seen.states += states;
        seen.duties += duties;
      }),
      { numRuns: runs(4_000) },
    );
    if (!ARE_ALL_RUNS) return;
    expect(seen.states).toBeGreaterThan(500);
    expect(seen.duties).toBeGreaterThan(500);
  });
});
