/** What of a clause `duty` can never hold, and what of it the national notice forbids. */

import type { Around } from '#core/terms/around.ts';
import type { Fault } from '#core/terms/fault.ts';
import { BESIDE, obstacle } from '#core/terms/notice.ts';
import type { DutyClauseText } from './schema.ts';

export function faults({ duty: name }: DutyClauseText, pointer: string, { stands, duties }: Around): Fault[] {
  if (stands !== 'in_states')
    return [
      {
        pointer,
        detail: 'asks for a duty outside a state',
        mend: 'duties stand beside an answer: ask for the evidence itself',
      },
    ];
  const duty = duties.find(({ id }) => id === name);
  if (duty?.asksForTests === true) return [];
  return [
    {
      pointer: `${pointer}/duty`,
      detail: duty === undefined ? 'names no duty of this rule' : 'names a duty without tests',
      mend: 'name one of the rule’s duties that has `tests`',
    },
  ];
}

export function obstacles(_clause: DutyClauseText, pointer: string): Fault[] {
  return [obstacle(pointer, 'asks for a duty', BESIDE)];
}
