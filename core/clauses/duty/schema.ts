/** How a clause `duty` is written; only in the conditions of states. */

import { Type } from '@sinclair/typebox';
import { clauseFields } from '#core/terms/for-text.ts';
import { choice, closed, type Read } from '#core/terms/form.ts';

/** Missed: a span is over, and no choice of tests fills all that are. */
const DUTY_ENDS = ['done', 'missed'] as const;

export const schema = Type.Object(
  {
    ...clauseFields,
    kind: Type.Literal('duty'),
    duty: Type.String({ pattern: '^[a-z][a-z0-9_]{0,31}$', description: 'the id of a duty of this rule' }),
    is: choice(DUTY_ENDS, 'whether it is done, or can’t be done in time any more'),
  },
  { ...closed, description: 'how the person stands to a duty that is theirs' },
);
export type DutyClauseText = Read<typeof schema>;
