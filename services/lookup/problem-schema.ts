/** What a look-up says instead of an answer, as a schema: the problem document of RFC 9457. */

import { Type } from '@sinclair/typebox';
import { problemType } from '#platform/problems.ts';
import { text } from '#platform/schema.ts';

export const ProblemSchema = Type.Object(
  {
    type: text('names the problem', { examples: [problemType('wrong-check-digit')] }),
    title: text('what is wrong'),
    status: Type.Integer({ description: 'the HTTP status' }),
    detail: Type.Optional(text('more about it')),
    hint: Type.Optional(text('how to mend it')),
    pointer: Type.Optional(text('JSON pointer to the field in question', { examples: ['/person/documentNumber'] })),
  },
  { $id: 'Problem', description: 'RFC 9457' },
);
