/**
 * What stands beside an outcome: the person's duties, and the states that are shown. Nothing of it may change the
 * outcome.
 */

import type { Rule, State } from '#core/book/rule.ts';
import { type DutyOwed, dutiesOwed, standingsOf } from '#core/trial/duties.ts';
import { emptyNotes, type Known, type Notes, TRUTH } from '#core/trial/trial.ts';

export interface Beside {
  readonly duties: readonly DutyOwed[];
  readonly states: readonly State[];
  /** When any of them may be otherwise. */
  readonly nextMs: number;
}

/** What is known of a person together with how he stands to the rule's duties, and when that may be otherwise. */
export interface WithDuties {
  readonly rule: Rule;
  readonly known: Known;
  readonly nextMs: number;
}

export function withDuties(rule: Rule, known: Known): WithDuties {
  if (rule.duties.length === 0) return { rule, known, nextMs: Number.POSITIVE_INFINITY };
  const notes = emptyNotes();
  const standings = standingsOf(rule.duties, known, notes);
  return { rule, known: { ...known, duties: standings }, nextMs: notes.nextMs };
}

/** What stands beside the outcome. A statement that is missing for it alone isn't asked for. */
export function besideOf({ rule: { duties, states }, known, nextMs }: WithDuties): Beside {
  const notes: Notes = { nextMs, missing: null };
  let shown = NONE;
  for (const state of states) if (isShown(state, known, notes)) shown = [...shown, state];
  return { duties: dutiesOwed(duties, known.duties), states: shown, nextMs: notes.nextMs };
}

const NONE: readonly State[] = [];
export const NOTHING_BESIDE: Beside = { duties: [], states: NONE, nextMs: Number.POSITIVE_INFINITY };

function isShown({ when, unless }: State, known: Known, notes: Notes): boolean {
  return (
    (when === null || when(known, notes).truth === TRUTH.yes) &&
    (unless === null || unless(known, notes).truth !== TRUTH.yes)
  );
}
