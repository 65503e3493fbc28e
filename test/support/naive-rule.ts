/**
 * What a rule comes to, a second time: over the civil time of naive-time.ts, by trying every choice of tests. Slow and
 * plain on purpose; it must never use the core's time, windows or evaluation.
 */

import type { ClauseText } from '#core/clauses/clause-text.ts';
import type { DutyText, RuleText } from '#core/rules/rule-text.ts';
import type { ForText, VisitText } from '#core/terms/for-text.ts';
import type { AnchorText } from '#core/terms/window-text.ts';
import { areApart, naiveProgress } from './naive-duty.ts';
import { type NaiveHistory, type NaiveResult, takenOf } from './naive-history.ts';
import {
  type Civil,
  civilOf,
  dayNumber,
  isInside,
  isThere,
  lastSecondOf,
  later,
  monthsAfter,
  secondNumber,
} from './naive-time.ts';

function anchorOf(countFrom: readonly AnchorText[], result: NaiveResult): Civil | null {
  const { issued, sampled, tested } = result;
  for (const name of countFrom) {
    if (typeof name !== 'string') {
      const unmoved = anchorOf([name.anchor], result);
      if (unmoved !== null) return later(unmoved, -name.minusHours * 3_600);
    }
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
  { places, levels, longerThanHours, window }: VisitText,
  { stays = [] }: NaiveHistory,
  at: Civil,
): { readonly surely: number; readonly perhaps: number } {
  const found = { surely: 0, perhaps: 0 };
  for (const { from, to, area, level } of stays) {
    if (!isThere(from, at) || (to !== null && !isInside(window, to, at))) continue;
    const lasted = secondNumber(to === null || isThere(at, to) ? at : to) - secondNumber(from);
    if (longerThanHours !== undefined && lasted <= longerThanHours * 3_600) continue;
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

/** The negatives that no positive outweighs by then. */
function negativesAt({ positive }: RuleText, { results }: NaiveHistory, at: Civil): NaiveResult[] {
  const outweighing =
    positive === 'no_effect' ? [] : results.filter((one) => one.positive === true && isThere(one.issued, at));
  return results.filter(
    (one) => one.positive !== true && !outweighing.some(({ issued }) => isThere(one.issued, issued)),
  );
}

/**
 * Whether a clause holds for somebody of whom nothing else is stated. @param clears whether what has held since the
 * arrival holds on, as in `unless`
 */
function holds(clause: ClauseText, rule: RuleText, history: NaiveHistory, at: Civil, clears = false): boolean {
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
      clears,
    );
  }
  if ('sinceDayOfStay' in clause && clause.sinceDayOfStay !== undefined) {
    const { sinceDayOfStay, ...since } = clause;
    if (arrived === undefined) return false;
    const isSince = (taken: Civil): boolean =>
      isThere(arrived, taken) && dayNumber(taken) - dayNumber(arrived) + 1 >= sinceDayOfStay;
    const ofStay = {
      ...history,
      results: negativesAt(rule, history, at).filter((one) => isSince(takenOf(one))),
      samplings: history.samplings.filter(({ sampled }) => isSince(sampled)),
    };
    const instants = [...ofStay.results.map(({ issued }) => issued), ...ofStay.samplings.map(({ sampled }) => sampled)];
    return [at, ...(clears ? instants.filter((one) => isThere(one, at)) : [])].some((then) =>
      holds(since, rule, ofStay, then),
    );
  }
  const counts = (one: Extract<ClauseText, { countFrom: unknown }>, result: NaiveResult, then: Civil): boolean => {
    const anchor = anchorOf(one.countFrom, result);
    return (
      one.methods.includes(result.method ?? 'nucleic_acid') &&
      takes(one.from, result.province) &&
      isThere(result.issued, then) &&
      anchor !== null &&
      isInside(one.window, anchor, then) &&
      (one.alsoWithin ?? []).every((also) => {
        const other = anchorOf(also.countFrom, result);
        return other !== null && isInside(also.window, other, then);
      })
    );
  };
  const negatives = negativesAt(rule, history, at);
  switch (clause.kind) {
    case 'all_of':
      return clause.of.every((one) => holds(one, rule, history, at, clears));
    case 'any_of':
      return clause.of.some((one) => holds(one, rule, history, at, clears));
    case 'exempt':
      return true;
    case 'result':
      return negatives.some((result) => counts(clause, result, at));
    case 'sampling':
      return history.samplings.some(({ sampled, province }) => {
        if (!takes(clause.from, province) || !isThere(sampled, at) || !isInside(clause.window, sampled, at))
          return false;
        return (
          clause.carriesOver !== true ||
          rule.clauses.some(
            (one) =>
              one.kind === 'result' &&
              negatives.some(
                (result) =>
                  counts(one, result, sampled) &&
                  [one, ...(one.alsoWithin ?? [])]
                    .map((counted) =>
                      dayNumber(lastSecondOf(counted.window, anchorOf(counted.countFrom, result) as Civil)),
                    )
                    .sort((a, b) => a - b)[0] === dayNumber(sampled),
              ),
          )
        );
      });
    case 'tests':
      return choices(
        negatives.filter((result) => counts(clause, result, at)),
        clause.count,
      ).some((chosen) => areApart(chosen.map(takenOf), clause.apart));
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
          (clause.atLeastMonthsAgo === undefined || dayNumber(at) >= monthsAfter(given, clause.atLeastMonthsAgo)) &&
          (clause.window === undefined || isInside(clause.window, given, at)),
      );
    default:
      throw new RangeError('a kind that is not written a second time');
  }
}

function choices<T>(all: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return all.flatMap((one, index) => choices(all.slice(index + 1), count - 1).map((rest) => [one, ...rest]));
}

/** Whether a positive refuses that nothing lifts. */
function refuses({ positive, pooled }: RuleText, { results }: NaiveHistory, at: Civil): boolean {
  const known = results.filter(({ issued }) => isThere(issued, at));
  const lifting = known.filter((one) => one.positive !== true && (pooled === undefined || one.pooled !== true));
  return (
    positive !== 'no_effect' &&
    known.some((one) => one.positive === true && lifting.every(({ issued }) => isThere(issued, one.issued)))
  );
}

/** Whether the rule recognises somebody of whom nothing is stated but stays. */
export function naivelyRecognised(rule: RuleText, history: NaiveHistory, at: Civil): boolean {
  const { enforcedFrom } = rule.inForce;
  if (enforcedFrom !== undefined && !isThere(`${enforcedFrom.slice(0, 10)} ${enforcedFrom.slice(11, 16)}:00`, at))
    return true;
  return !refuses(rule, history, at) && rule.clauses.some((clause) => holds(clause, rule, history, at));
}

/** The states that are shown to somebody of whom the arrival is known. */
export function naiveStates(rule: RuleText, history: NaiveHistory, at: Civil): string[] {
  const shown = (rule.states ?? []).filter(
    ({ when, unless }) =>
      (when === undefined || holds(when, rule, history, at)) &&
      (unless === undefined || !holds(unless, rule, history, at, true)),
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
    (unless === undefined || !holds(unless, rule, history, at, true));
  return (
    isTheirs(duty) &&
    !(rule.duties ?? []).some((other) => other.supersedes?.includes(duty.id) === true && isTheirs(other))
  );
}
