/** What of a clause `exempt` can never hold, and what of it the national notice forbids. */

import type { Around } from '#core/terms/around.ts';
import type { Fault } from '#core/terms/fault.ts';
import type { ExemptClauseText } from './schema.ts';

export function faults({ for: who }: ExemptClauseText, pointer: string, { alone }: Around): Fault[] {
  if (who !== undefined || alone) return [];
  return [
    {
      pointer: `${pointer}/for`,
      detail: 'exempts everybody, so that the other clauses ask nothing, or it says nothing itself',
      mend: 'say for whom, or leave one or the other out',
    },
  ];
}

export const obstacles = (): Fault[] => [];
