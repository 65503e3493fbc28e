/** How a clause `exempt` is written; only with `for`, but where the announcement asks nothing of anybody. */

import { Type } from '@sinclair/typebox';
import { clauseFields } from '#core/terms/for-text.ts';
import { closed, type Read } from '#core/terms/form.ts';

export const schema = Type.Object(
  { ...clauseFields, kind: Type.Literal('exempt') },
  { ...closed, description: 'nothing is asked' },
);
export type ExemptClauseText = Read<typeof schema>;
