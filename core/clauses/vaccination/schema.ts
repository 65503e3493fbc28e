/** How a clause `vaccination` is written. */

import { Type } from '@sinclair/typebox';
import { clauseFields } from '#core/terms/for-text.ts';
import { closed, count, type Read } from '#core/terms/form.ts';
import { Window } from '#core/terms/window-text.ts';

export const schema = Type.Object(
  {
    ...clauseFields,
    kind: Type.Literal('vaccination'),
    doses: count(1, 20, 'the dose of this number or a later one'),
    window: Type.Optional(Window),
    atLeastDaysAgo: Type.Optional(count(1, 365, 'days since that dose')),
    atLeastMonthsAgo: Type.Optional(count(1, 24, 'months since that dose, to the same day of the month')),
  },
  { ...closed, description: 'doses on record' },
);
export type VaccinationClauseText = Read<typeof schema>;
