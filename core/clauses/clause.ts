/**
 * Clauses compiled to functions, once per version of a rule: what a clause says of a person at an instant, until when,
 * and on what evidence. Whether a positive refuses is decided before; what the clauses come to together, in decide.ts.
 */

import { compileCondition, type Condition, DOES_NOT_HOLD, NOT_STATED } from '#core/trial/condition.ts';
import { compileStays, type Stays } from '#core/trial/stays.ts';
import { better, both, CLAIMABLE, type Judge, missesAll, NO, TRUTH, type Verdict } from '#core/trial/trial.ts';
import { type ClauseText, isGroup } from './clause-text.ts';
import { kindOf, type OfRule } from './kinds.ts';

export function compileClause(text: ClauseText, rule: OfRule): Judge {
  const judge = isGroup(text)
    ? compileGroup(
        text.kind,
        text.id,
        text.of.map((one) => compileClause(one, rule)),
      )
    : kindOf(text).judge(text, rule);
  if (text.for === undefined) return judge;
  const { notVisited } = text.for;
  return onlyFor(compileCondition(text.for), notVisited === undefined ? null : compileStays(notVisited), judge);
}

function compileGroup(kind: 'all_of' | 'any_of', clauseId: string, parts: readonly Judge[]): Judge {
  if (kind === 'any_of') return anyOf(parts);
  return (known, notes) => {
    let whole: Verdict | null = null;
    // Every part is asked, also after one that fails: each may know of an instant at which it changes.
    for (const part of parts) whole = whole === null ? part(known, notes) : both(whole, part(known, notes));
    return whole === null ? NO : whole.truth === TRUTH.yes ? { ...whole, clauseId } : whole;
  };
}

export function anyOf(parts: readonly Judge[]): Judge {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return (known, notes) => {
    let best: Verdict = NO;
    for (const part of parts) best = better(best, part(known, notes));
    return best;
  };
}

/** @param excluded the stays that keep a person from it; what is only hidden of them leaves it unsure */
function onlyFor(condition: Condition, excluded: Stays | null, judge: Judge): Judge {
  return (known, notes) => {
    // What the condition misses is noted only where claiming it would change something.
    const missedBefore = notes.missing;
    notes.missing = null;
    const heldUntil = condition(known, notes);
    const ofCondition = notes.missing;
    notes.missing = missedBefore;
    if (heldUntil === DOES_NOT_HOLD) return NO;
    const verdict = judge(known, notes);
    if (heldUntil === NOT_STATED) {
      // Claiming it would change nothing where the clause itself fails.
      if (verdict.truth === TRUTH.no) return NO;
      missesAll(notes, ofCondition);
      return CLAIMABLE;
    }
    if (verdict.truth !== TRUTH.yes) return verdict;
    const sure = verdict.sure && !(excluded?.mayBeHidden(known, notes) ?? false);
    if (heldUntil > verdict.endMs) return sure === verdict.sure ? verdict : { ...verdict, sure };
    return { ...verdict, sure, endMs: heldUntil, endInclusive: false };
  };
}
