/** The identity document by which a person is named in requests, as a schema. */

import { type Static, Type } from '@sinclair/typebox';
import { DOCUMENT_TYPES } from '#core/field/identity.ts';
import { choice, closed } from '#platform/schema.ts';

export const PersonDocumentSchema = Type.Object(
  {
    documentType: choice(DOCUMENT_TYPES, 'the kind of identity document'),
    issuingCountry: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: 3,
        description: 'ISO 3166-1 alpha-3 or alpha-2; may be left out for documents that only China issues',
        examples: ['CHN'],
      }),
    ),
    documentNumber: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'as printed; becomes a keyed hash at once, is never stored and never repeated in an answer',
      examples: ['110101199003070038'],
    }),
  },
  { ...closed, description: 'the identity document that the person shows' },
);

export type PersonDocumentJson = Static<typeof PersonDocumentSchema>;
