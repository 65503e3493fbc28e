/**
 * Which rules have states that bar a scope, beside the one that judges it: those of any rule that decides something
 * at the same place then. It never decides whether a state is the person's.
 */

import { covers, type Scope } from '#core/rules/purpose.ts';
import type { Decided } from './decides.ts';
import type { Rule } from './rule.ts';

interface Interval {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface BarringSpan extends Interval {
  readonly rules: readonly Rule[];
}

export type BarringFor = (scope: Scope, judging: Rule | null, span: Interval) => readonly BarringSpan[];

/** @param decided of each question at the place, which rule decides when */
export function barringOf(rules: readonly Rule[], decided: readonly (readonly Decided[])[]): BarringFor {
  const able = rules
    .filter(({ states }) => states.some(({ bars }) => bars.length > 0))
    .map((rule) => ({ rule, decides: decided.flatMap((list) => intervalsOf(rule, list)) }));
  return (scope, judging, { fromMs, untilMs }) => {
    const barring = able.filter(
      ({ rule }) =>
        rule !== judging &&
        // A national end takes the states of the provinces with it.
        (rule.national || judging?.takesPlaceOfProvinces !== true) &&
        rule.states.some(({ bars }) => bars.some((one) => covers(one, scope))),
    );
    if (barring.length === 0) return [{ fromMs, untilMs, rules: [] }];
    const breaks = barring.flatMap(({ decides }) => decides.flatMap((one) => [one.fromMs, one.untilMs]));
    const starts = [...new Set([fromMs, ...breaks])].filter((ms) => ms >= fromMs && ms < untilMs).sort((a, b) => a - b);
    return starts.map((start, at) => ({
      fromMs: start,
      untilMs: starts[at + 1] ?? untilMs,
      rules: barring
        .filter(({ decides }) => decides.some((one) => one.fromMs <= start && start < one.untilMs))
        .map(({ rule }) => rule),
    }));
  };
}

function intervalsOf(rule: Rule, list: readonly Decided[]): Interval[] {
  return list.flatMap((one, at) =>
    one.rule === rule ? [{ fromMs: one.fromMs, untilMs: list[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY }] : [],
  );
}
