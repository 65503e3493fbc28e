/**
 * Clauses compiled to functions, once per version of a rule: what a clause says of a person at an instant, until when,
 * and on what evidence. Whether a positive refuses is decided before; what the clauses come to together, in decide.ts.
 */

import type { ClauseText, LeafClauseText } from '#core/rules/clause-text.ts';
import { compileCondition, type Condition, DOES_NOT_HOLD, NOT_STATED } from '#core/trial/condition.ts';
import { withoutEvidence } from '#core/trial/counting.ts';
import type { Duty } from '#core/trial/duties.ts';
import { compileStays, type Stays } from '#core/trial/stays.ts';
import type { ResultTaker } from '#core/trial/takers.ts';
import {
  better,
  both,
  changesAt,
  CLAIMABLE,
  emptyNotes,
  type Judge,
  misses,
  NO,
  TRUTH,
  type Verdict,
} from '#core/trial/trial.ts';
import { ofArrival } from './arrival.ts';
import { judgeDuty } from './duty.ts';
import { judgeNoVisit } from './no-visit.ts';
import { judgeResult } from './result.ts';
import { judgeSampling } from './sampling.ts';
import { judgeTests } from './tests.ts';
import { judgeVaccination } from './vaccination.ts';

/**
 * @param carriers the rule's result clauses: what a sampling may carry over
 * @param duties the rule's, where the clause may ask how the person stands to one
 */
export function compileClause(text: ClauseText, carriers: readonly ResultTaker[], duties: readonly Duty[] = []): Judge {
  const judge =
    text.kind === 'all_of' || text.kind === 'any_of'
      ? compileGroup(
          text.kind,
          text.id,
          text.of.map((one) => compileClause(one, carriers, duties)),
        )
      : compileLeaf(text, carriers, duties);
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
    const ofCondition = emptyNotes();
    const standing = condition(known, ofCondition);
    changesAt(known, notes, ofCondition.nextMs);
    if (standing === DOES_NOT_HOLD) return NO;
    const verdict = judge(known, notes);
    if (standing === NOT_STATED) {
      // Claiming it would change nothing where the clause itself fails.
      if (verdict.truth === TRUTH.no) return NO;
      for (const statement of ofCondition.missing ?? []) misses(notes, statement);
      return CLAIMABLE;
    }
    if (verdict.truth !== TRUTH.yes) return verdict;
    const sure = verdict.sure && !(excluded?.mayBeHidden(known, notes) ?? false);
    if (standing > verdict.endMs) return sure === verdict.sure ? verdict : { ...verdict, sure };
    return { ...verdict, sure, endMs: standing, endInclusive: false };
  };
}

function compileLeaf(text: LeafClauseText, carriers: readonly ResultTaker[], duties: readonly Duty[]): Judge {
  switch (text.kind) {
    case 'result':
      return ofArrival(text, judgeResult(text));
    case 'sampling':
      return ofArrival(text, judgeSampling(text, carriers));
    case 'tests':
      return ofArrival(text, judgeTests(text));
    case 'duty':
      return judgeDuty(text, duties);
    case 'vaccination':
      return judgeVaccination(text);
    case 'no_visit':
      return judgeNoVisit(text);
    case 'exempt': {
      const held = withoutEvidence(text.id, 'exempt');
      return () => held;
    }
  }
}
