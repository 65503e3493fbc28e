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

/** What stands beside the outcome. A statement that is missing for it alone isn't asked for. */
export function besideOf({ duties, states }: Rule, known: Known): Beside {
  if (duties.length === 0 && states.length === 0) return NOTHING_BESIDE;
  const notes = emptyNotes();
  const standings = standingsOf(duties, known, notes);
  const knownOfDuties = duties.length === 0 ? known : { ...known, duties: standings };
  return {
    duties: dutiesOwed(duties, standings),
    states: states.filter((state) => isShown(state, knownOfDuties, notes)),
    nextMs: notes.nextMs,
  };
}

const NOTHING_BESIDE: Beside = { duties: [], states: [], nextMs: Number.POSITIVE_INFINITY };

function isShown({ when, unless }: State, known: Known, notes: Notes): boolean {
  return (
    (when === null || when(known, notes).truth === TRUTH.yes) &&
    (unless === null || unless(known, notes).truth !== TRUTH.yes)
  );
}
