/** What of a clause `result` can never hold, and what of it the national notice forbids. */

import type { Around } from '#core/terms/around.ts';
import type { Fault } from '#core/terms/fault.ts';
import { obstaclesOfResults, unequalEffect } from '#core/terms/notice.ts';
import { arrivalFaults, countedFaults, daysKeptFor } from '#core/terms/part-faults.ts';
import type { ResultClauseText } from './schema.ts';

export function faults(clause: ResultClauseText, pointer: string, around: Around): Fault[] {
  return [...countedFaults(clause, pointer, daysKeptFor(clause)), ...arrivalFaults(clause, pointer, around)];
}

export const obstacles = (clause: ResultClauseText, pointer: string): Fault[] => obstaclesOfResults(clause, pointer);
export const unequal = (clause: ResultClauseText, pointer: string): Fault[] => unequalEffect(clause, pointer);
