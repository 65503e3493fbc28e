/** What of a clause `no_visit` can never hold, and what of it the national notice forbids. */

import type { Fault } from '#core/terms/fault.ts';
import { visitFaults } from '#core/terms/part-faults.ts';
import type { NoVisitClauseText } from './schema.ts';

export function faults(clause: NoVisitClauseText, pointer: string): Fault[] {
  return visitFaults(clause, pointer);
}

/** The notice lets a province turn away for stays in risk areas. */
export const obstacles = (): Fault[] => [];
