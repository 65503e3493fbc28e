/**
 * All kinds of clauses, each a folder of its own. Whoever does something with a clause asks its kind here: nothing
 * outside a kind's folder may depend on which kind it is, and no kind knows another.
 */

import type { TObject } from '@sinclair/typebox';
import type { Around } from '#core/terms/around.ts';
import type { Boundaries } from '#core/terms/boundaries.ts';
import type { ClassNames } from '#core/terms/condition-words.ts';
import type { Fault } from '#core/terms/fault.ts';
import type { Read } from '#core/terms/form.ts';
import type { Words } from '#core/terms/words.ts';
import type { Duty } from '#core/trial/duties.ts';
import type { LooksAt, ResultTaker } from '#core/trial/takers.ts';
import type { Judge } from '#core/trial/trial.ts';
import { duty } from './duty/kind.ts';
import { exempt } from './exempt/kind.ts';
import { noVisit } from './no-visit/kind.ts';
import { result } from './result/kind.ts';
import { sampling } from './sampling/kind.ts';
import { tests } from './tests/kind.ts';
import { vaccination } from './vaccination/kind.ts';

/** What a clause may ask of the rule that it stands in. */
export interface OfRule {
  /** The rule's result clauses: what a sampling may carry over. */
  readonly carriers: readonly ResultTaker[];
  /** The rule's duties, where the clause may ask how the person stands to one. */
  readonly duties: readonly Duty[];
  /** Whether the clause takes a state or duty away: what it has taken away stays so while days pass. */
  readonly clears: boolean;
}

/** What a kind of clause must say of one that is written so. */
export interface ClauseKind<T> {
  /** How it is written; the type comes from it. */
  readonly schema: TObject;
  /** From what is known of a person to a verdict, compiled once. */
  judge(text: T, rule: OfRule): Judge;
  /** What of a person it looks at. @param conditional whether it stands within a clause that is for some only */
  looksAt(text: T, conditional?: boolean): LooksAt;
  /** What it asks for, whoever it is for. */
  words(text: T): Words;
  /** The same as a condition of a state or duty, where that is said otherwise. */
  wordsAsCondition?(text: T, classes?: ClassNames): Words;
  /** What of it can never hold, or may not stand where it does; `for` is looked at before. */
  faults(text: T, pointer: string, around: Around): readonly Fault[];
  /** What of it may turn somebody away who holds a nucleic-acid negative; `for` is looked at before. */
  obstacles(text: T, pointer: string): readonly Fault[];
  /** What of it takes one negative and not another. */
  unequal?(text: T, pointer: string): readonly Fault[];
  /** Histories at whose instants it may come out otherwise: where the tests look. Empty: it takes no test records. */
  boundaries(text: T): readonly Boundaries[];
}

/** In the order in which they are shown to who names one that there isn't. */
export const KINDS = {
  result,
  sampling,
  tests,
  vaccination,
  no_visit: noVisit,
  duty,
  exempt,
} as const;

type Table = typeof KINDS;
KINDS satisfies {
  readonly [K in keyof Table]: ClauseKind<Read<Table[K]['schema']>> & {
    readonly schema: { readonly properties: { readonly kind: { readonly const: K } } };
  };
};

/** Any clause but a group. */
export type LeafClauseText = Read<Table[keyof Table]['schema']>;

export function kindOf(text: LeafClauseText): ClauseKind<LeafClauseText> {
  return KINDS[text.kind];
}
