/**
 * The clause `no_visit`: no stay in such an area within so many days. That no record shows one proves nothing: where
 * nobody states it, the clause can't be judged.
 */

import { compileNotVisited, DOES_NOT_HOLD, NOT_STATED } from '#core/trial/condition.ts';
import { compileStays } from '#core/trial/stays.ts';
import type { LooksAt } from '#core/trial/takers.ts';
import { type Judge, misses, NO, UNKNOWN } from '#core/trial/trial.ts';
import { withoutEvidence } from '#core/trial/validity.ts';
import type { NoVisitClauseText } from './schema.ts';

export const looksAt = (): LooksAt => ({ noStay: true });

export function judge(text: NoVisitClauseText): Judge {
  const stays = compileStays(text);
  const condition = compileNotVisited(stays);
  const held = withoutEvidence(text.id, 'condition');
  return (known, notes) => {
    const heldUntil = condition(known, notes);
    if (heldUntil === DOES_NOT_HOLD) return NO;
    if (heldUntil === NOT_STATED) {
      misses(notes, 'visits');
      return UNKNOWN;
    }
    const sure = !stays.mayBeHidden(known, notes);
    return sure && heldUntil === held.endMs ? held : { ...held, sure, endMs: heldUntil };
  };
}
