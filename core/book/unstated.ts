/**
 * What judges where no place is stated and several cities stand for a province: at each instant and for each question
 * the first of them that has a rule for it then. It never mixes the rules of two cities in one answer.
 */

import type { NoneKnown, RuleInForce } from './selected.ts';

/** From an instant until the next of its list, which begins before all. */
export interface OneSpan {
  readonly fromMs: number;
  readonly selected: RuleInForce | NoneKnown;
  /** Whether a rule of the place, not of the whole province, is there for the question. */
  readonly isOfPlace: boolean;
}

/** @param ofCities for one and the same question, in the order in which they stand for the province */
export function firstThatHas(ofCities: readonly (readonly OneSpan[])[]): OneSpan[] {
  const [first = [], ...others] = ofCities;
  if (others.length === 0) return [...first];
  const starts = [...new Set(ofCities.flatMap((spans) => spans.map(({ fromMs }) => fromMs)))].sort((a, b) => a - b);
  const chosen = starts.map((fromMs) => {
    const then = ofCities.map((spans) => spans.findLast((span) => span.fromMs <= fromMs) as OneSpan);
    return { ...((then.find(({ isOfPlace }) => isOfPlace) ?? then[0]) as OneSpan), fromMs };
  });
  return chosen.map((span, at) => {
    const next = chosen.slice(at + 1).find(({ selected }) => selected.rule !== span.selected.rule);
    const untilMs = next?.fromMs ?? Number.POSITIVE_INFINITY;
    return { ...span, selected: { ...span.selected, untilMs } };
  });
}
