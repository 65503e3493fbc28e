/** What of a clause `sampling` can never hold, and what of it the national notice forbids. */

import type { Around } from '#core/terms/around.ts';
import type { Fault } from '#core/terms/fault.ts';
import { BESIDE, obstacle } from '#core/terms/notice.ts';
import { arrivalFaults, daysKeptFor, keptFaults } from '#core/terms/part-faults.ts';
import type { SamplingClauseText } from './schema.ts';

export function faults(clause: SamplingClauseText, pointer: string, around: Around): Fault[] {
  const found = [
    ...keptFaults(clause.window, `${pointer}/window`, daysKeptFor(clause)),
    ...arrivalFaults(clause, pointer, around),
  ];
  if (clause.carriesOver === true && !around.takesResults)
    found.push({
      pointer: `${pointer}/carriesOver`,
      detail: 'carries over results, and the rule takes none',
      mend: 'add the result clause, or leave it out',
    });
  return found;
}

export function obstacles(_clause: SamplingClauseText, pointer: string): Fault[] {
  return [obstacle(pointer, 'asks for a sampling record, and so turns away where none is found', BESIDE)];
}
