/** How a clause `result` is written. */

import { Type } from '@sinclair/typebox';
import { FromWhom, Methods, ofArrivalFields } from '#core/terms/evidence-text.ts';
import { clauseFields } from '#core/terms/for-text.ts';
import { closed, type Read } from '#core/terms/form.ts';
import { AlsoWithin, CountFrom, Window } from '#core/terms/window-text.ts';

export const schema = Type.Object(
  {
    ...clauseFields,
    kind: Type.Literal('result'),
    methods: Methods,
    from: FromWhom,
    countFrom: CountFrom,
    window: Window,
    alsoWithin: AlsoWithin,
    ...ofArrivalFields,
  },
  { ...closed, description: 'a negative result, while its window lasts' },
);
export type ResultClauseText = Read<typeof schema>;
