/**
 * A question about a person, and what it comes to: the types that all decisions share. Nothing is decided here.
 */

import type { Rule, State } from '#core/book/rule.ts';
import type { Selected } from '#core/book/selected.ts';
import type { Presented } from '#core/question/evidence.ts';
import type { Occasion, Statement } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Words } from '#core/terms/words.ts';
import type { DutyOwed } from '#core/trial/duties.ts';
import type { Vaccinated } from '#core/trial/vaccinated-at.ts';
import type { DataState } from '#core/view/freshness.ts';
import type { KeyHolder } from '#core/view/leaks.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import type { Incomplete } from './doubt.ts';
import type { Finding, Lasting } from './finding.ts';
import type { Outcome, Reason } from './outcome.ts';

export interface Question {
  readonly policy: Selected;
  /** What the person wants to do; without it no state bars. */
  readonly purpose?: Purpose;
  readonly snapshot: Snapshot;
  readonly presented: readonly Presented[];
  readonly occasion: Occasion;
  /** The instant of the occasion. */
  readonly atMs: number;
  /** The clock, which freshness is held against. */
  readonly nowMs: number;
}

export interface Decision {
  readonly outcome: Outcome;
  /** The finding, or what keeps it from being settled. */
  readonly reason: Reason;
  readonly finding: Finding;
  /**
   * True only where it is recognised and no state bars, or could by what isn't stated or seen; false where the answer
   * is no, or a state bars; else null.
   */
  readonly mayGoIn: boolean | null;
  /**
   * The version whose clauses judged: another than the one in force only in a transition. Null: no rule is known, or
   * the rules of several kinds of place come out differently.
   */
  readonly rule: Rule | null;
  /** The clause that recognises by the visible data. */
  readonly clauseId: string | null;
  readonly evidence: readonly Lasting[];
  /** Null unless recognised; Infinity where nothing known ends it. */
  readonly validUntilMs: number | null;
  readonly validUntilInclusive: boolean;
  /** On the clock of `atMs`; Infinity: never by the clock alone. */
  readonly nextChangeMs: number;
  /** On the clock of `nowMs`; null: asking again tells nothing more. */
  readonly askAgainByMs: number | null;
  /** Statements that could make a difference. */
  readonly missing: readonly Statement[];
  readonly duties: readonly DutyOwed[];
  readonly states: readonly State[];
  /** Null where the rule doesn't show it. */
  readonly vaccinated: Vaccinated | null;
  readonly daysSinceTest: number | null;
  readonly data: DataState;
  readonly incomplete: Incomplete;
  /** Whose word in the view may be somebody else's, for their key had leaked. */
  readonly leaked: readonly KeyHolder[];
  /** What each kind of place would get, where they differ and none was stated; empty otherwise. */
  readonly kinds: readonly KindDecided[];
}

/** Null as the kind: any that isn't named. */
export interface KindDecided {
  readonly kind: string | null;
  readonly title: Words | null;
  readonly decision: Decision;
}
