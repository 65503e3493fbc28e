/**
 * What is asked of the rules, and what they answer: one rule, none that is known, or one for each kind of place. It
 * chooses nothing.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Words } from '#core/terms/words.ts';
import type { Rule } from './rule.ts';

/** What is asked for, but for the instant. */
export interface Sought {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  /** Null: not stated. */
  readonly kind: string | null;
  readonly place: string | null;
  /** Trades and statuses that are claimed; without it none. */
  readonly classes?: readonly string[] | null;
}

/** Other rules in force there that have states which bar the purpose, and until when these are the ones. */
export interface Barring {
  readonly rules: readonly Rule[];
  readonly untilMs: number;
}

/** National rules by which somebody of a claimed class is recognised too, and until when these are the ones. */
export interface Alongside {
  readonly rules: readonly Rule[];
  readonly untilMs: number;
}

/** A rule, and until when it stays the one that applies. */
export interface RuleInForce {
  readonly rule: Rule;
  readonly untilMs: number;
  /** What takes its place then, and until then reminds only: from its `inForceFromMs` on it is announced. */
  readonly announced?: Rule | undefined;
  readonly barring?: Barring | undefined;
  readonly alongside?: Alongside | undefined;
  readonly kinds?: undefined;
}

/** Nothing was announced for it then that is known here. */
export interface NoneKnown {
  readonly rule: null;
  readonly announced?: undefined;
  /** Until when none is known. */
  readonly untilMs: number;
  readonly barring?: Barring | undefined;
  readonly alongside?: Alongside | undefined;
  readonly kinds?: undefined;
}

export interface KindJudged {
  /** Null: any kind that isn't named. */
  readonly kind: string | null;
  readonly title: Words | null;
  /** Kinds for which it comes to the same have one and the same. */
  readonly policy: RuleInForce | NoneKnown;
}

/** No kind was stated, and different rules judge the kinds. The last is for any that isn't named. */
export interface Several {
  readonly kinds: readonly KindJudged[];
  readonly untilMs: number;
  readonly alongside?: Alongside | undefined;
}

export type Selected = RuleInForce | NoneKnown | Several;

/** What judges each kind of place; where nothing judges them apart, one for any kind. */
export function judgedOf(selected: Selected): readonly KindJudged[] {
  return selected.kinds ?? [{ kind: null, title: null, policy: selected }];
}

/** The rules that judge, one or several; without those kinds for which none is known. */
export function rulesIn(selected: Selected): RuleInForce[] {
  return judgedOf(selected)
    .map(({ policy }) => policy)
    .filter((one): one is RuleInForce => one.rule !== null);
}
