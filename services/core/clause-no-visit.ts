/**
 * The clause `no_visit`: no stay in such an area within so many days. That no record shows one proves nothing: where
 * nobody states it, the clause can't be judged.
 */

import { compileNotVisited, DOES_NOT_HOLD, NOT_STATED } from './condition.ts';
import { withoutEvidence } from './counting.ts';
import type { NoVisitClauseText } from './policy-clauses.ts';
import { compileStays } from './stays.ts';
import { type Judge, misses, NO, UNKNOWN } from './trial.ts';

export function judgeNoVisit(text: NoVisitClauseText): Judge {
  const stays = compileStays(text);
  const condition = compileNotVisited(stays);
  const held = withoutEvidence(text.id, 'condition');
  return (trial) => {
    const standing = condition(trial);
    if (standing === DOES_NOT_HOLD) return NO;
    if (standing === NOT_STATED) {
      misses(trial, 'visits');
      return UNKNOWN;
    }
    const sure = !stays.mayBeHidden(trial);
    return sure && standing === held.endMs ? held : { ...held, sure, endMs: standing };
  };
}
