/** How a clause `tests` is written. */

import { Type } from '@sinclair/typebox';
import { Apart, FromWhom, Landing, Methods, ofArrivalFields } from '#core/terms/evidence-text.ts';
import { clauseFields } from '#core/terms/for-text.ts';
import { closed, count, type Read } from '#core/terms/form.ts';
import { AlsoWithin, CountFrom, Window } from '#core/terms/window-text.ts';

export const schema = Type.Object(
  {
    ...clauseFields,
    kind: Type.Literal('tests'),
    methods: Methods,
    from: FromWhom,
    countFrom: CountFrom,
    count: count(2, 5, 'how many'),
    window: Window,
    alsoWithin: AlsoWithin,
    apart: Type.Optional(Apart),
    landing: Type.Optional(Landing),
    ...ofArrivalFields,
  },
  { ...closed, description: 'several negative results, each within the window' },
);
export type TestsClauseText = Read<typeof schema>;
