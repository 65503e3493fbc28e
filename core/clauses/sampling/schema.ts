/** How a clause `sampling` is written. */

import { Type } from '@sinclair/typebox';
import { CHANNELS } from '#core/question/evidence.ts';
import { FromWhom, ofArrivalFields } from '#core/terms/evidence-text.ts';
import { clauseFields } from '#core/terms/for-text.ts';
import { choice, closed, type Read } from '#core/terms/form.ts';
import { Window } from '#core/terms/window-text.ts';

export const schema = Type.Object(
  {
    ...clauseFields,
    kind: Type.Literal('sampling'),
    from: FromWhom,
    window: Window,
    shownBy: Type.Optional(
      Type.Array(choice(CHANNELS, 'how it is shown'), {
        minItems: 1,
        uniqueItems: true,
        description: 'how it must be shown where it isn’t on record',
      }),
    ),
    carriesOver: Type.Optional(
      Type.Boolean({ description: 'it only prolongs a result on whose last day the sample was taken' }),
    ),
    ...ofArrivalFields,
  },
  { ...closed, description: 'a record of having been sampled, counted from the sampling' },
);
export type SamplingClauseText = Read<typeof schema>;
