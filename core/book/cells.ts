/**
 * What judges each question of a destination, worked out beforehand: for each place that a rule of its own is for,
 * each purpose and each kind of place the spans of time in which one and the same rule does. A look-up only searches
 * them.
 */

import { isWithin } from '#core/field/place.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { isApart, type KindTable, kindsApart, kindsOf, titleOfKind } from '#core/rules/kinds-text.ts';
import { kindsNamed, PURPOSES, type Purpose, scopeOf } from '#core/rules/purpose.ts';
import { type BarringSpan, barringOf } from './barring.ts';
import { type Decided, decidedFor } from './decides.ts';
import type { Rule } from './rule.ts';
import type { KindJudged, NoneKnown, RuleInForce, Selected } from './selected.ts';
import { firstThatHas, type OneSpan } from './unstated.ts';

/** From an instant until the next of its list. */
export interface Span {
  readonly fromMs: number;
  readonly selected: Selected;
}

export interface CellsOfPurpose {
  /** Where no kind is stated: all but those that must be. */
  readonly anyKind: readonly Span[];
  /** For the kinds that some rule tells apart, and those that must be stated. */
  readonly byKind: ReadonlyMap<string, readonly OneSpan[]>;
  /** For all others. */
  readonly rest: readonly OneSpan[];
}

export type CellsOfPlace = Readonly<Record<Purpose, CellsOfPurpose>>;

export interface CellsOfDestination {
  /** @param place as it is stated; null: not */
  readonly cellsAt: (place: string | null) => CellsOfPlace;
}

/**
 * @param rules all that are confirmed
 * @param standsFor the places whose rules hold where none is stated, in order; empty: that of the only one there is
 */
export function spansOfDestination(
  rules: readonly Rule[],
  destination: ProvinceCode,
  standsFor: readonly string[],
  kinds: KindTable,
): CellsOfDestination {
  const known = rules.filter(({ owner, national }) => national || owner === destination);
  // The narrowest first: it is the one that is meant.
  const places = [...new Set(known.flatMap(({ place }) => place ?? []))].sort((a, b) => b.length - a.length);
  const spansElsewhere = spansOfPlace(known, '', kinds);
  const elsewhere = cellsOf(spansElsewhere, kinds);
  if (places.length === 0) return { cellsAt: () => elsewhere };
  const spans = new Map(places.map((place) => [place, spansOfPlace(known, place, kinds)]));
  const cells = new Map([...spans].map(([place, ofPlace]) => [place, cellsOf(ofPlace, kinds)]));
  const placeAround = (stated: string): string => places.find((place) => isWithin(place, stated)) ?? '';
  const within = (stated: string): CellsOfPlace => cells.get(placeAround(stated)) ?? elsewhere;
  const standing = standsFor.length > 0 || places.length > 1 ? standsFor : places;
  const [first = '', ...more] = standing.map(placeAround);
  const unstated =
    more.length === 0
      ? within(first)
      : cellsOf(spansTogether([first, ...more].map((place) => spans.get(place) ?? spansElsewhere)), kinds);
  return { cellsAt: (place) => (place === null || place.length <= PROVINCE_DIGITS ? unstated : within(place)) };
}

const PROVINCE_DIGITS = 2;

/** By purpose and kind of place; the rest under null. */
type SpansOfPlace = ReadonlyMap<Purpose, ReadonlyMap<string | null, readonly OneSpan[]>>;

function spansOfPlace(known: readonly Rule[], place: string, table: KindTable): SpansOfPlace {
  const rules = known.filter((rule) => rule.place === null || rule.place.some((code) => isWithin(code, place)));
  const decided = new Map(PURPOSES.map((purpose) => [purpose, decidedOf(rules, purpose, place, table)]));
  const barringFor = barringOf(
    rules,
    [...decided.values()].flatMap((of) => [...of.values()]),
  );
  return new Map(
    PURPOSES.map((purpose) => [
      purpose,
      new Map(
        [...(decided.get(purpose) ?? [])].map(([kind, list]) => [
          kind,
          spansOf(list, (judging, span) => barringFor(scopeOf(purpose, kind), judging, span)),
        ]),
      ),
    ]),
  );
}

/** Of several cities, where no place is stated; a kind that a city doesn't tell apart is among its rest. */
function spansTogether(ofCities: readonly SpansOfPlace[]): SpansOfPlace {
  return new Map(
    PURPOSES.map((purpose) => {
      const ofPurpose = ofCities.map((spans) => spans.get(purpose) ?? new Map<null, OneSpan[]>());
      const kinds = new Set(ofPurpose.flatMap((spans) => [...spans.keys()]));
      return [
        purpose,
        new Map(
          [...kinds].map((kind) => [
            kind,
            firstThatHas(ofPurpose.map((spans) => spans.get(kind) ?? spans.get(null) ?? [])),
          ]),
        ),
      ];
    }),
  );
}

function cellsOf(spansOfPurposes: SpansOfPlace, table: KindTable): CellsOfPlace {
  const cells = PURPOSES.map((purpose): [Purpose, CellsOfPurpose] => {
    const spans = spansOfPurposes.get(purpose) ?? new Map<null, OneSpan[]>();
    const rest = spans.get(null) ?? [];
    const byKind = new Map([...spans].filter((entry): entry is [string, OneSpan[]] => entry[0] !== null));
    const meant = new Map([...byKind].filter(([kind]) => !isApart(table, scopeOf(purpose, kind))));
    return [purpose, { rest, byKind, anyKind: meant.size === 0 ? rest : together(rest, meant, purpose, table) }];
  });
  return Object.fromEntries(cells) as Record<Purpose, CellsOfPurpose>;
}

/** By kind, in the order of the table; null: any that no rule names. */
function decidedOf(
  rules: readonly Rule[],
  purpose: Purpose,
  place: string,
  table: KindTable,
): Map<string | null, Decided[]> {
  const named = new Set([
    ...kindsApart(table, purpose),
    ...rules.flatMap((rule) => [
      ...kindsNamed(rule, purpose),
      ...rule.states.flatMap(({ bars }) => kindsNamed({ purposes: bars }, purpose)),
    ]),
  ]);
  const inOrder = [...new Set([...kindsOf(table, purpose), ...named])].filter((kind) => named.has(kind));
  return new Map(
    [...inOrder, null].map((kind) => [kind, decidedFor(rules, scopeOf(purpose, kind), place, table)] as const),
  );
}

type BarringWithin = (judging: Rule | null, span: { fromMs: number; untilMs: number }) => readonly BarringSpan[];

function spansOf(list: readonly Decided[], barringWithin: BarringWithin): OneSpan[] {
  return list.flatMap(({ fromMs, rule, announced, isOfPlace }, at) => {
    const endMs = list[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const untilMs = list.slice(at + 1).find((later) => later.rule !== rule)?.fromMs ?? Number.POSITIVE_INFINITY;
    const parts = barringWithin(rule, { fromMs, untilMs: endMs });
    const isBarred = parts.some(({ rules }) => rules.length > 0);
    return parts.map((part) => {
      const barring = isBarred ? { rules: part.rules, untilMs: part.untilMs } : undefined;
      // All of one shape: every look-up reads them.
      const selected: RuleInForce | NoneKnown =
        rule === null
          ? { rule, untilMs, announced: undefined, barring, kinds: undefined }
          : { rule, untilMs, announced: announced ?? undefined, barring, kinds: undefined };
      return { fromMs: part.fromMs, selected, isOfPlace };
    });
  });
}

/** What a question gets that states no kind: one rule where all kinds have the same, else each by itself. */
function together(
  rest: readonly OneSpan[],
  byKind: ReadonlyMap<string, readonly OneSpan[]>,
  purpose: Purpose,
  table: KindTable,
): Span[] {
  const starts = new Set([rest, ...byKind.values()].flatMap((list) => list.map(({ fromMs }) => fromMs)));
  return [...starts]
    .sort((a, b) => a - b)
    .map((fromMs) => {
      const ofRest = selectedAt(rest, fromMs);
      const ofKinds = [...byKind].map(([kind, list]) => ({ kind, policy: selectedAt(list, fromMs) }));
      const all = [ofRest, ...ofKinds.map(({ policy }) => policy)];
      const untilMs = Math.min(...all.map((one) => one.untilMs));
      const differing = ofKinds.filter(({ policy }) => !isSame(policy, ofRest));
      if (differing.length === 0) {
        const barringUntilMs = Math.min(...all.map((one) => one.barring?.untilMs ?? Number.POSITIVE_INFINITY));
        const { barring } = ofRest;
        return {
          fromMs,
          selected: { ...ofRest, untilMs, ...(barring && { barring: { ...barring, untilMs: barringUntilMs } }) },
        };
      }
      const judged: readonly KindJudged[] = [
        ...differing.map(({ kind, policy }) => ({
          kind,
          title: titleOfKind(table, purpose, kind),
          policy: all.find((one) => isInterchangeable(one, policy)) ?? policy,
        })),
        { kind: null, title: null, policy: ofRest },
      ];
      return { fromMs, selected: { kinds: judged, untilMs } };
    });
}

/** A list begins before all. */
function selectedAt(list: readonly OneSpan[], atMs: number): RuleInForce | NoneKnown {
  return list.findLast(({ fromMs }) => fromMs <= atMs)?.selected ?? NONE;
}

const NONE: NoneKnown = { rule: null, untilMs: Number.POSITIVE_INFINITY };

/** Whether both come to the same for everybody, whatever the kind: no state may bar from one kind alone. */
function isInterchangeable(a: RuleInForce | NoneKnown, b: RuleInForce | NoneKnown): boolean {
  return !mayBar(a) && !mayBar(b) && a.untilMs === b.untilMs && isSame(a, b);
}

function mayBar({ rule, barring }: RuleInForce | NoneKnown): boolean {
  return barring !== undefined || (rule !== null && (rule.hasBars || rule.transition?.rule.hasBars === true));
}

function isSame(a: RuleInForce | NoneKnown, b: RuleInForce | NoneKnown): boolean {
  const [mine, others] = [a.barring?.rules ?? [], b.barring?.rules ?? []];
  const announced = (one: RuleInForce | NoneKnown): Rule | undefined => (one.rule === null ? undefined : one.announced);
  return (
    a.rule === b.rule &&
    announced(a) === announced(b) &&
    mine.length === others.length &&
    mine.every((rule, at) => rule === others[at])
  );
}
