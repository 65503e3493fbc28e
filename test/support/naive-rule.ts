/**
 * What a rule comes to, a second time: over the civil time of naive-time.ts, by trying every choice of tests. Slow and
 * plain on purpose; it must never use the core's time, windows or evaluation.
 */

import type { ClauseText } from '#core/clauses/clause-text.ts';
import type { DutyText, RuleText } from '#core/rules/rule-text.ts';
import type { SpanText } from '#core/terms/duty-tests.ts';
import type { ForText, VisitText } from '#core/terms/for-text.ts';
import { type Civil, civilOf, dayNumber, isInside, isThere, lastSecondOf, secondNumber } from './naive-time.ts';

export interface NaiveResult {
  readonly issued: Civil;
  readonly sampled: Civil | null;
  readonly tested: Civil | null;
  readonly province: string;
}

export interface NaiveStay {
  readonly from: Civil;
  /** Null: still there. */
  readonly to: Civil | null;
  readonly area: string;
  readonly level: string;
}

export interface NaiveHistory {
  readonly results: readonly NaiveResult[];
  readonly samplings: readonly { readonly sampled: Civil; readonly province: string }[];
  readonly doses?: readonly { readonly given: Civil; readonly doseNumber: number }[];
  /** On record. */
  readonly stays?: readonly NaiveStay[];
  /** Whether the person says that there were none. */
  readonly saysNoStays?: boolean;
  readonly arrived?: Civil;
}

function anchorOf(countFrom: readonly string[], { issued, sampled, tested }: NaiveResult): Civil | null {
  for (const name of countFrom) {
    if (name === 'report_issued') return issued;
    if (name === 'sampled' && sampled !== null) return sampled;
    if (name === 'tested' && tested !== null) return tested;
    if (name === 'day_before_night_report' && Number(issued.slice(11, 13)) < 6)
      return civilOf((dayNumber(issued) - 1) * 86_400);
  }
  return null;
}

const takes = (from: 'all' | readonly string[], province: string): boolean => from === 'all' || from.includes(province);

/**
 * The stays that count still, by how surely: `surely` those that are what is asked for, `perhaps` those of which that
 * can't be told.
 */
function staysOf(
  { places, levels, window }: VisitText,
  { stays = [] }: NaiveHistory,
  at: Civil,
): { readonly surely: number; readonly perhaps: number } {
  const found = { surely: 0, perhaps: 0 };
  for (const { from, to, area, level } of stays) {
    if (!isThere(from, at) || (to !== null && !isInside(window, to, at))) continue;
    const isCode = [...area].every((one) => '0123456789'.includes(one));
    const within = places?.some((place) => area.slice(0, place.length) === place) ?? true;
    const around = places?.some((place) => !isCode || place.slice(0, area.length) === area) ?? true;
    const named = levels?.some((one) => one === level) ?? true;
    const unknown = !['high', 'medium', 'low'].includes(level);
    if (within && named) found.surely += 1;
    else if ((within || around) && (named || unknown)) found.perhaps += 1;
  }
  return found;
}

function isWithout(text: VisitText, history: NaiveHistory, at: Civil): boolean {
  const { surely, perhaps } = staysOf(text, history, at);
  return history.saysNoStays === true && surely + perhaps === 0;
}

/** For whom it is, where nothing is stated but the arrival and that there were no stays. */
function isFor({ visited, notVisited, arrivedWithin, ...stated }: ForText, history: NaiveHistory, at: Civil): boolean {
  if (Object.keys(stated).length > 0) return false;
  const { arrived } = history;
  if (
    arrivedWithin !== undefined &&
    (arrived === undefined || !isThere(arrived, at) || !isInside(arrivedWithin, arrived, at))
  )
    return false;
  return (
    (visited === undefined || staysOf(visited, history, at).surely > 0) &&
    (notVisited === undefined || isWithout(notVisited, history, at))
  );
}

/** Whether a clause holds for somebody of whom nothing else is stated. */
function holds(clause: ClauseText, rule: RuleText, history: NaiveHistory, at: Civil): boolean {
  const { arrived } = history;
  if (clause.for !== undefined && !isFor(clause.for, history, at)) return false;
  if ('atArrival' in clause && clause.atArrival === true) {
    const { atArrival: _, ...then } = clause;
    if (arrived === undefined) return false;
    const isKnownThen = (civil: Civil): boolean => isThere(civil, arrived) && isThere(civil, at);
    return holds(
      then,
      rule,
      {
        ...history,
        results: history.results.filter(({ issued }) => isKnownThen(issued)),
        samplings: history.samplings.filter(({ sampled }) => isKnownThen(sampled)),
      },
      arrived,
    );
  }
  if ('sinceDayOfStay' in clause && clause.sinceDayOfStay !== undefined) {
    const { sinceDayOfStay, ...since } = clause;
    if (arrived === undefined) return false;
    const isSince = (taken: Civil): boolean =>
      isThere(arrived, taken) && dayNumber(taken) - dayNumber(arrived) + 1 >= sinceDayOfStay;
    return holds(
      since,
      rule,
      {
        ...history,
        results: history.results.filter((one) => isSince(takenOf(one))),
        samplings: history.samplings.filter(({ sampled }) => isSince(sampled)),
      },
      at,
    );
  }
  const counts = (one: Extract<ClauseText, { countFrom: unknown }>, result: NaiveResult, then: Civil): boolean => {
    const anchor = anchorOf(one.countFrom, result);
    return (
      takes(one.from, result.province) &&
      isThere(result.issued, then) &&
      anchor !== null &&
      isInside(one.window, anchor, then)
    );
  };
  switch (clause.kind) {
    case 'all_of':
      return clause.of.every((one) => holds(one, rule, history, at));
    case 'any_of':
      return clause.of.some((one) => holds(one, rule, history, at));
    case 'exempt':
      return true;
    case 'result':
      return history.results.some((result) => counts(clause, result, at));
    case 'sampling':
      return history.samplings.some(({ sampled, province }) => {
        if (!takes(clause.from, province) || !isThere(sampled, at) || !isInside(clause.window, sampled, at))
          return false;
        return (
          clause.carriesOver !== true ||
          rule.clauses.some(
            (one) =>
              one.kind === 'result' &&
              history.results.some(
                (result) =>
                  counts(one, result, sampled) &&
                  dayNumber(sampled) === dayNumber(lastSecondOf(one.window, anchorOf(one.countFrom, result) as Civil)),
              ),
          )
        );
      });
    case 'tests':
      return choices(
        history.results.filter((result) => counts(clause, result, at)),
        clause.count,
      ).some((chosen) => areApart(chosen, clause.apart));
    case 'no_visit':
      return isWithout(clause, history, at);
    case 'duty': {
      const duty = rule.duties?.find(({ id }) => id === clause.duty);
      if (duty === undefined || history.arrived === undefined || !isOwed(duty, rule, history, at)) return false;
      const { done, required, missed } = naiveProgress(duty, history, at);
      return clause.is === 'done' ? done === required : missed;
    }
    case 'vaccination':
      return (history.doses ?? []).some(
        ({ given, doseNumber }) =>
          doseNumber >= clause.doses &&
          isThere(civilOf(secondNumber(given) + (clause.atLeastDaysAgo ?? 0) * 86_400), at) &&
          (clause.window === undefined || isInside(clause.window, given, at)),
      );
    default:
      throw new RangeError('a kind that is not written a second time');
  }
}

const takenOf = ({ sampled, tested, issued }: NaiveResult): Civil => sampled ?? tested ?? issued;

function choices<T>(all: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return all.flatMap((one, index) => choices(all.slice(index + 1), count - 1).map((rest) => [one, ...rest]));
}

function areApart(chosen: readonly NaiveResult[], apart: DutyApart = {}): boolean {
  const taken = chosen.map((one) => secondNumber(takenOf(one))).sort((a, b) => a - b);
  return taken.every((second, index) => {
    const gap = second - (taken[index - 1] ?? Number.NEGATIVE_INFINITY);
    return (
      index === 0 ||
      (gap >= (apart.atLeastHours ?? 0) * 3_600 && gap <= (apart.atMostHours ?? Number.POSITIVE_INFINITY) * 3_600)
    );
  });
}

/** Whether the rule recognises somebody who has only negative results, and of whom nothing is stated but stays. */
export function naivelyRecognised(rule: RuleText, history: NaiveHistory, at: Civil): boolean {
  const { enforcedFrom } = rule.inForce;
  if (enforcedFrom !== undefined && !isThere(`${enforcedFrom.slice(0, 10)} ${enforcedFrom.slice(11, 16)}:00`, at))
    return true;
  return rule.clauses.some((clause) => holds(clause, rule, history, at));
}

/** The states that are shown to somebody who has only negative results and of whom the arrival is known. */
export function naiveStates(rule: RuleText, history: NaiveHistory, at: Civil): string[] {
  const shown = (rule.states ?? []).filter(
    ({ when, unless }) =>
      (when === undefined || holds(when, rule, history, at)) &&
      (unless === undefined || !holds(unless, rule, history, at)),
  );
  return shown.map(({ state }) => state);
}

/** The duties of somebody of whom the arrival is known, each with how many of its tests are done. */
export function naiveDuties(rule: RuleText, history: NaiveHistory, at: Civil): string[] {
  return (rule.duties ?? [])
    .filter((duty) => isOwed(duty, rule, history, at))
    .map((duty) => `${duty.id} ${naiveProgress(duty, history, at).done}`);
}

function isOwed(duty: DutyText, rule: RuleText, history: NaiveHistory, at: Civil): boolean {
  const isTheirs = ({ for: who, when, unless }: DutyText): boolean =>
    (who === undefined || isFor(who, history, at)) &&
    (when === undefined || holds(when, rule, history, at)) &&
    (unless === undefined || !holds(unless, rule, history, at));
  return (
    isTheirs(duty) &&
    !(rule.duties ?? []).some((other) => other.supersedes?.includes(duty.id) === true && isTheirs(other))
  );
}

function naiveProgress(
  { tests }: DutyText,
  { results, samplings, arrived }: NaiveHistory,
  at: Civil,
): { readonly done: number; readonly required: number; readonly missed: boolean } {
  if (tests === undefined || arrived === undefined) return { done: 0, required: 0, missed: false };
  const taken = new Set([
    ...results.filter(({ issued }) => isThere(issued, at)).map(takenOf),
    ...(tests.takes === 'samplings'
      ? samplings.map(({ sampled }) => sampled).filter((sampled) => isThere(sampled, at))
      : []),
  ]);
  const since = [...taken].filter((one) => isThere(arrived, one)).sort();
  const counting = tests.landing === 'excluded' ? since.slice(1) : since;
  const due = tests.spans.flatMap((span) => Array.from({ length: span.count }, () => span));
  const over = due.filter((span) => passedOf(span, arrived, at) > span.to);
  return {
    done: mostDone(due, counting, tests.apart, arrived),
    required: due.length,
    missed: mostDone(over, counting, tests.apart, arrived) < over.length,
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
    const gap = before === null ? null : (secondNumber(one) - secondNumber(before)) / 3_600;
    if (gap !== null && (gap < (apart?.atLeastHours ?? 0) || gap > (apart?.atMostHours ?? Number.POSITIVE_INFINITY)))
      return most;
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
