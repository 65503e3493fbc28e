/**
 * Holds what the provinces' files say is not known against what the rules say: each day on which no rule judges must be
 * told of, for each place that a rule is for and for elsewhere, and none on which a rule of the province does. No gap
 * may stay silent.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import { lies } from '#core/book/searched.ts';
import { judgedOf, type KindJudged, type Selected } from '#core/book/selected.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { formatTime, instantMs } from '#core/field/time.ts';
import { kindsApart } from '#core/rules/kinds-text.ts';
import {
  covers,
  kindIn,
  namedFor,
  PURPOSES,
  type Purpose,
  purposeOf,
  type Scope,
  scopeOf,
} from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import { type Interval, YEAR } from './covered.ts';
import { placesOf, placesWithRules, type ProvinceText } from './schema/province.ts';

/**
 * From the first day of which rules were searched until the nation asks for nothing anywhere. Of earlier days answers
 * say by themselves that no search is on record, for there is none.
 */
export const TOLD: Interval = {
  fromMs: instantMs('2021-12-01T00:00+08:00'),
  untilMs: instantMs('2023-01-08T00:00+08:00'),
};

/** What a province's file doesn't tell of. @param rules of all provinces */
export function silentOf(province: ProvinceText, rules: readonly RuleText[], book: PolicyBook): Fault[] {
  const own = rules.filter((rule) => rule.province === province.province);
  return [...gapFaults(province, own, book), ...contraryFaults(province, book)];
}

function gapFaults(province: ProvinceText, own: readonly RuleText[], book: PolicyBook): Fault[] {
  const unplaced = gapFaultsAt(null, province, own, book);
  const placed = placesToAsk(province.province, own).flatMap((place) => gapFaultsAt(place, province, own, book));
  // What is silent wherever it is needs saying once.
  const said = new Set(unplaced.map(({ detail }) => detail));
  return [...unplaced, ...placed.filter(({ detail }) => !said.has(detail.replace(/ in \d+ from/, ' from')))];
}

/** Each place that a rule is for, and one that lies in none of them. */
export function placesToAsk(province: ProvinceCode, own: readonly RuleText[]): string[] {
  const places = placesWithRules(own);
  return places.length === 0 ? [] : [...places, elsewhereIn(province)];
}

/** No place has such a code. */
function elsewhereIn(province: ProvinceCode): string {
  return `${province}99`;
}

function gapFaultsAt(
  place: string | null,
  { province, noneKnown }: ProvinceText,
  own: readonly RuleText[],
  book: PolicyBook,
): Fault[] {
  return gapsWithoutRule(book, province, place, TOLD).flatMap(({ scope, ...gap }) => {
    const told = noneKnown
      .filter((entry) => entry.for.some((one) => covers(one, scope)) && isTold(place, entry, own))
      .map(intervalOf);
    return without(gap, told).map((silent) => ({
      pointer: '/noneKnown',
      detail:
        `says nothing of ${scope}${place === null ? '' : ` in ${place}`} from ${textOf(silent)}, for which no rule ` +
        'is known',
      mend:
        'say there what was searched for it, with `place` where only places are meant (…99: elsewhere), and by ' +
        '`"searched": []` that no source was read; or add a rule',
    }));
  });
}

function isTold(place: string | null, entry: NoneKnown, own: readonly RuleText[]): boolean {
  const places = placesOf(entry, own);
  return places === null || (place !== null && lies(place, places));
}

type NoneKnown = ProvinceText['noneKnown'][number];

/** An own rule that judges is known. A national one may stand in meanwhile: it is none of the province's. */
function contraryFaults({ province, noneKnown }: ProvinceText, book: PolicyBook): Fault[] {
  return noneKnown.flatMap((entry, at) =>
    entry.for.flatMap((scope) => {
      const [purpose, kind] = [purposeOf(scope), kindIn(scope)];
      const places =
        entry.place === undefined ? [null] : entry.place === 'elsewhere' ? [elsewhereIn(province)] : entry.place;
      const own = places
        .flatMap((place) => judgedIn(book, { destination: province, purpose, kind, place }, intervalOf(entry)))
        .flatMap(({ selected, ...span }) => {
          const { policy } = ofRest(selected);
          return policy.rule === null || policy.rule.national ? [] : [{ ...span, rule: policy.rule }];
        })
        .at(0);
      return own === undefined
        ? []
        : [
            {
              pointer: `/noneKnown/${at}`,
              detail:
                `says that none is known for ${scope}, and ${own.rule.id} version ${own.rule.version} judges it from ` +
                textOf(own),
              mend: 'say it of the other days alone',
            },
          ];
    }),
  );
}

export interface GapWithoutRule extends Interval {
  readonly scope: Scope;
}

/**
 * What nothing judges, neither an own rule nor a national one.
 * @param place as it is stated; null: not
 */
export function gapsWithoutRule(
  book: PolicyBook,
  destination: ProvinceCode,
  place: string | null = null,
  within: Interval = YEAR,
): GapWithoutRule[] {
  return PURPOSES.flatMap((purpose) =>
    [null, ...apartAndNamed(book, destination, purpose)].flatMap((kind) =>
      gapsOfKind(book, { destination, purpose, kind, place }, within),
    ),
  );
}

/** Kinds that must be named to be meant: of those a province says nothing that has no rule for any of them. */
function apartAndNamed({ kinds, rules }: PolicyBook, destination: ProvinceCode, purpose: Purpose): readonly string[] {
  return kindsApart(kinds, purpose).filter((kind) =>
    rules.some((rule) => rule.owner === destination && namedFor(rule, scopeOf(purpose, kind)) === 'itself'),
  );
}

function gapsOfKind(
  book: PolicyBook,
  sought: { destination: ProvinceCode; purpose: Purpose; kind: string | null; place: string | null },
  within: Interval,
): GapWithoutRule[] {
  const { purpose } = sought;
  const gaps: GapWithoutRule[] = [];
  for (const { selected, ...span } of judgedIn(book, sought, within)) {
    for (const { kind, policy } of judgedOf(selected)) {
      if (policy.rule !== null) continue;
      const scope = scopeOf(purpose, sought.kind ?? kind);
      const last = gaps.findIndex((gap) => gap.scope === scope && gap.untilMs === span.fromMs);
      const before = gaps[last];
      if (before === undefined) gaps.push({ scope, ...span });
      else gaps[last] = { ...before, untilMs: span.untilMs };
    }
  }
  return gaps;
}

/** What judges from instant to instant. */
function judgedIn(
  book: PolicyBook,
  sought: Parameters<PolicyBook['select']>[0],
  { fromMs, untilMs }: Interval,
): (Interval & { readonly selected: Selected })[] {
  const spans: (Interval & { readonly selected: Selected })[] = [];
  for (let atMs = fromMs; atMs < untilMs;) {
    const selected = book.select(sought, atMs);
    const endMs = Math.min(selected.untilMs, untilMs);
    spans.push({ fromMs: atMs, untilMs: endMs, selected });
    atMs = endMs;
  }
  return spans;
}

function ofRest(selected: Selected): KindJudged {
  return judgedOf(selected).at(-1) as KindJudged;
}

function intervalOf({ from, until }: ProvinceText['noneKnown'][number]): Interval {
  return { fromMs: instantMs(from), untilMs: instantMs(until) };
}

/** What of an interval lies in none of the others. */
function without(interval: Interval, others: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let fromMs = interval.fromMs;
  for (const other of others.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (other.fromMs > fromMs) left.push({ fromMs, untilMs: Math.min(other.fromMs, interval.untilMs) });
    fromMs = Math.max(fromMs, other.untilMs);
    if (fromMs >= interval.untilMs) break;
  }
  if (fromMs < interval.untilMs) left.push({ fromMs, untilMs: interval.untilMs });
  return left;
}

function textOf({ fromMs, untilMs }: Interval): string {
  return `${formatTime(fromMs)} until ${formatTime(untilMs)}`;
}
