/**
 * Of rules that are for the same question, which decides when: the narrowest of the province's own, in its place a
 * national one that takes it, and where there is none of either a national one. Never two at once.
 */

import { isWithin } from '#core/field/place.ts';
import { isApart, type KindTable } from '#core/rules/kinds-text.ts';
import { kindIn, namedFor, type Scope } from '#core/rules/purpose.ts';
import type { Rule } from './rule.ts';

/** From an instant on, until the next of its kind. */
export interface Decided {
  readonly fromMs: number;
  /** Null: none is known. */
  readonly rule: Rule | null;
  /** What reminds only yet, and will take its place. */
  readonly announced: Rule | null;
  /** Whether a rule of the place, not of the whole province, is there for the question. */
  readonly isOfPlace: boolean;
}

/** A rule that is for the question, and how narrowly. */
interface Candidate {
  readonly rule: Rule;
  readonly rank: number;
  /** Longer than it is in force where the one after it only reminds at first. */
  readonly untilMs: number;
}

/** A kind comes before a place: an announcement for bars everywhere is nearer to a bar than one for the whole city. */
const KIND_RANK = 100;

/**
 * @param rules confirmed, and all that hold at the place
 * @param place the code of the place; empty: where no rule of a place holds
 */
export function decidedFor(rules: readonly Rule[], scope: Scope, place: string, table: KindTable): Decided[] {
  const mustBeNamed = isApart(table, scope);
  const meant = rules.filter((rule) => {
    const named = namedFor(rule, scope);
    return named === 'itself' || (named === 'around' && !mustBeNamed);
  });
  const candidates = meant
    .map((rule): Candidate => ({ rule, rank: rankOf(rule, scope, place), untilMs: lastsUntilMs(rule, meant) }))
    .sort((a, b) => b.rank - a.rank);
  const decided: Decided[] = [];
  for (const fromMs of breaksOf(candidates)) {
    const { rule, announced, isOfPlace } = decidedAt(candidates, fromMs);
    const last = decided.at(-1);
    if (
      last !== undefined &&
      last.rule === rule &&
      last.isOfPlace === isOfPlace &&
      (last.announced === null || announced === null || last.announced === announced)
    )
      decided[decided.length - 1] = { ...last, announced: last.announced ?? announced };
    else decided.push({ fromMs, rule, announced, isOfPlace });
  }
  return decided;
}

function rankOf(rule: Rule, scope: Scope, place: string): number {
  const namesKind = kindIn(scope) !== null && namedFor(rule, scope) === 'itself';
  const within = (rule.place ?? []).filter((code) => isWithin(code, place));
  return (namesKind ? KIND_RANK : 0) + Math.max(0, ...within.map(({ length }) => length));
}

/** The instants at which another may decide; the first is before all. */
function breaksOf(candidates: readonly Candidate[]): number[] {
  const instants = candidates.flatMap(({ rule, untilMs }) => [rule.inForceFromMs, untilMs, rule.enforcedFromMs]);
  return [...new Set([Number.NEGATIVE_INFINITY, ...instants])]
    .filter((ms) => ms !== Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
}

/** Where one follows another and only reminds yet, the other goes on deciding until it is enforced. */
function lastsUntilMs(rule: Rule, meant: readonly Rule[]): number {
  let untilMs = rule.inForceUntilMs;
  for (const next of meant)
    if (
      next.owner === rule.owner &&
      next.inForceFromMs === rule.inForceUntilMs &&
      next.enforcedFromMs > next.inForceFromMs
    )
      untilMs = Math.max(untilMs, next.enforcedFromMs);
  return untilMs;
}

function decidedAt(candidates: readonly Candidate[], atMs: number): Omit<Decided, 'fromMs'> {
  const active = candidates.filter(({ rule, untilMs }) => rule.inForceFromMs <= atMs && atMs < untilMs);
  const isEnforced = ({ rule }: Candidate): boolean => atMs >= rule.enforcedFromMs;
  const own = active.filter(({ rule }) => !rule.national);
  const national = active.filter(({ rule }) => rule.national);
  const taking = national.filter((one) => one.rule.takesPlaceOfProvinces && isEnforced(one));
  const [group = []] = [taking, own, national].filter(({ length }) => length > 0);
  const chosen = group.find(isEnforced) ?? group[0];
  const isOfPlace = own.some(({ rule }) => rule.place !== null);
  if (chosen === undefined) return { rule: null, announced: null, isOfPlace };
  const announced = group.find((one) => one !== chosen && one.rank >= chosen.rank && !isEnforced(one));
  return { rule: chosen.rule, announced: announced?.rule ?? null, isOfPlace };
}
