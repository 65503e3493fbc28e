/**
 * What of a rule's clauses can never hold, or may not stand where it does. What is wrong with one of a kind, the kind's
 * own faults.ts says.
 */

import type { Around } from '#core/terms/around.ts';
import type { Fault } from '#core/terms/fault.ts';
import { forFaults } from '#core/terms/part-faults.ts';
import { type ClauseText, isGroup } from './clause-text.ts';
import { kindOf } from './kinds.ts';

/** Of one clause, without those that stand in it. */
export function clauseFaults(clause: ClauseText, pointer: string, around: Around): Fault[] {
  const faults = clause.for === undefined ? [] : forFaults(clause.for, `${pointer}/for`, around.owner);
  return isGroup(clause) ? faults : [...faults, ...kindOf(clause).faults(clause, pointer, around)];
}
