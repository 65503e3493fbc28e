/** How a clause `no_visit` is written. */

import { Type } from '@sinclair/typebox';
import { clauseFields, visitFields } from '#core/terms/for-text.ts';
import { closed, type Read } from '#core/terms/form.ts';

export const schema = Type.Object(
  { ...clauseFields, kind: Type.Literal('no_visit'), ...visitFields },
  { ...closed, description: 'no such stay any more, on record or stated' },
);
export type NoVisitClauseText = Read<typeof schema>;
