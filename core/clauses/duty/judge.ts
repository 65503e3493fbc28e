/**
 * The clause `duty`, of a state: how the person stands to one of the rule's duties. What is done of a duty is counted
 * in duties.ts, never here.
 */

import type { Duty } from '#core/trial/duties.ts';
import type { LooksAt } from '#core/trial/takers.ts';
import { type DutyStanding, type Judge, NO, UNKNOWN } from '#core/trial/trial.ts';
import { withoutEvidence } from '#core/trial/validity.ts';
import type { DutyClauseText } from './schema.ts';

export const looksAt = (): LooksAt => ({});

/** Whether a duty that is the person's is done, or can't be done in time any more. */
export function judge({ id, duty: name, is }: DutyClauseText, { duties }: { readonly duties: readonly Duty[] }): Judge {
  const index = duties.findIndex((one) => one.id === name && one.progress !== null);
  if (index < 0) throw new RangeError(`no duty ${name} asks for tests`);
  const held = withoutEvidence(id, 'condition');
  return ({ duties: standings, occasion }) => {
    const { isOwed: applies, done, required, missed } = standings[index] as DutyStanding;
    if (applies === false) return NO;
    // What stands beside an answer asks for no statement, so none is noted as missing.
    if (applies === null || occasion.arrivedAtMs === null) return UNKNOWN;
    // What was cut may have been the rest of it: nobody is shown a state for tests that he may have done.
    const holds = is === 'missed' ? missed && done !== null : done === null || done === required;
    return holds ? held : NO;
  };
}
