/**
 * How far a person has come with the tests of a duty, a second time: by trying every way of giving tests to spans. Slow
 * and plain on purpose; it must never use the core's time or counting.
 */

import type { DutyText } from '#core/rules/rule-text.ts';
import type { SpanText } from '#core/terms/duty-tests.ts';
import { type NaiveHistory, takenOf } from './naive-history.ts';
import { type Civil, dayNumber, isThere, secondNumber } from './naive-time.ts';

export function naiveProgress(
  { tests }: DutyText,
  { results, samplings, arrived }: NaiveHistory,
  at: Civil,
): { readonly done: number; readonly required: number; readonly missed: boolean } {
  if (tests === undefined || arrived === undefined) return { done: 0, required: 0, missed: false };
  const known = results.filter(({ issued }) => isThere(issued, at));
  const reported = new Set(known.map(takenOf));
  const unreported = samplings.map(({ sampled }) => sampled).filter((one) => isThere(one, at) && !reported.has(one));
  const landed = [...reported, ...unreported].filter((one) => isThere(arrived, one)).sort()[0];
  const counting = (taken: readonly Civil[]): Civil[] =>
    [...new Set(taken)]
      .filter((one) => isThere(arrived, one) && (tests.landing === 'counted' || one !== landed))
      .sort();
  const negative = known.filter((one) => one.positive !== true).map(takenOf);
  const done = counting([...negative, ...(tests.takes === 'samplings' ? unreported : [])]);
  const tried = counting([...(tests.takes === 'negatives' ? negative : reported), ...unreported]);
  const due = tests.spans.flatMap((span) => Array.from({ length: span.count }, () => span));
  const over = due.filter((span) => passedOf(span, arrived, at) > span.to);
  return {
    done: mostDone(due, done, tests.apart, arrived),
    required: due.length,
    missed: mostDone(over, tried, tests.apart, arrived) < over.length,
  };
}

/** Hours since the arrival, or the day of the stay. */
const passedOf = ({ unit }: SpanText, arrived: Civil, at: Civil): number =>
  unit === 'hours' ? (secondNumber(at) - secondNumber(arrived)) / 3_600 : dayNumber(at) - dayNumber(arrived) + 1;

/** Every way of giving tests to spans is tried, whatever their order. */
function mostDone(spans: readonly SpanText[], taken: readonly Civil[], apart: DutyApart, arrived: Civil): number {
  const [test, ...rest] = taken;
  const assign = (
    one: Civil | undefined,
    others: readonly Civil[],
    open: readonly SpanText[],
    before: Civil | null,
  ): number => {
    if (one === undefined) return 0;
    const [next, ...more] = others;
    let most = assign(next, more, open, before);
    if (before !== null && !areApart([before, one], apart)) return most;
    for (const [index, span] of open.entries()) {
      const passed = passedOf(span, arrived, one);
      const others = open.filter((_, at) => at !== index);
      if (passed >= span.from && passed <= span.to) most = Math.max(most, 1 + assign(next, more, others, one));
    }
    return most;
  };
  return assign(test, rest, spans, null);
}

type DutyApart = NonNullable<DutyText['tests']>['apart'];

export function areApart(taken: readonly Civil[], apart: DutyApart = {}): boolean {
  const sorted = [...taken].sort();
  return sorted.every((one, index) => {
    const before = sorted[index - 1];
    if (before === undefined) return true;
    const gap = secondNumber(one) - secondNumber(before);
    return (
      gap >= (apart.atLeastHours ?? 0) * 3_600 &&
      gap <= (apart.atMostHours ?? Number.POSITIVE_INFINITY) * 3_600 &&
      (apart.onConsecutiveDays !== true || dayNumber(one) - dayNumber(before) === 1)
    );
  });
}
