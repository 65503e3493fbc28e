/**
 * What a look-up may ask, as the schemas that requests are checked against and the API documentation is made from.
 */

import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { TEST_RESULTS } from '#core/events/events.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { CHANNELS } from '#core/question/evidence.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import { PersonDocumentSchema } from '#exchange/formats/person-document-schema.ts';
import { OccasionSchema } from '#exchange/policy/schema/occasion.ts';
import { choice, closed, textOrNull } from '#platform/schema.ts';

export const PRESENTED_MAX = 8;
export const BATCH_ITEMS_MAX = 100;

const shortTextOrNull = (description: string) => textOrNull(description, { maxLength: 64 });

const TIME = 'ISO 8601 with offset; a date alone counts from 00:00 in Asia/Shanghai';
const provinceCode = (description: string) => choice(PROVINCE_CODES, description, { examples: ['44'] });

/** Something in it that isn't a blank. */
const SAID = { minLength: 1, maxLength: 256, pattern: '\\S' } as const;

const Authorisation = Type.Object(
  {
    consent: Type.String({
      ...SAID,
      description: 'on whose consent, and how it was given',
      examples: ['the person, by showing the document'],
    }),
    onBehalfOf: Type.Optional(
      Type.String({
        ...SAID,
        description: 'of a caller that asks for others, and of no other: the office, station or gate that asks',
        examples: ['Guangzhou South, gate 12'],
      }),
    ),
    purposeOfUse: Type.Optional(
      Type.String({ ...SAID, description: 'what the answer is used for', examples: ['entry check'] }),
    ),
  },
  { ...closed, description: 'on whose consent; who asks is known by the token' },
);

const shown = {
  province: Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      enum: [...PROVINCE_CODES, null],
      description: 'whose it is, where that can be seen',
    }),
  ),
  laboratory: Type.Optional(shortTextOrNull('who tested, or where the sample was taken')),
  channel: Type.Optional(choice(CHANNELS, 'how it was shown', { default: 'other' })),
};

const PresentedResult = Type.Object(
  {
    kind: Type.Literal('result'),
    ...shown,
    method: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        default: 'nucleic_acid',
        description: 'how it was tested',
        examples: ['nucleic_acid'],
      }),
    ),
    result: choice(TEST_RESULTS, 'what it says'),
    reportIssuedAt: Type.String({
      maxLength: 64,
      description: `when the report was issued; ${TIME}`,
      examples: ['2022-08-01T08:12+08:00'],
    }),
    sampledAt: Type.Optional(shortTextOrNull(`when the sample was taken; ${TIME}`)),
    testedAt: Type.Optional(shortTextOrNull(`when it was tested; ${TIME}`)),
  },
  { ...closed, title: 'a result that is shown' },
);

const PresentedSampling = Type.Object(
  {
    kind: Type.Literal('sampling'),
    ...shown,
    sampledAt: Type.String({
      maxLength: 64,
      description: `when the sample was taken; ${TIME}`,
      examples: ['2022-08-01T08:12+08:00'],
    }),
  },
  { ...closed, title: 'a sampling record that is shown' },
);

export type PresentedJson = Static<typeof PresentedResult> | Static<typeof PresentedSampling>;

const PresentedItem = Type.Unsafe<PresentedJson>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [PresentedResult, PresentedSampling] satisfies TSchema[],
});

const asked = {
  purpose: choice(PURPOSES, 'what the person wants to do', { examples: ['entry'] }),
  person: Type.Optional(PersonDocumentSchema),
  personKey: Type.Optional(
    Type.String({ pattern: '^[0-9a-fA-F]{32}$', description: 'the person’s key in hex, instead of `person`' }),
  ),
  authorisation: Authorisation,
  at: Type.Optional(
    Type.String({
      maxLength: 64,
      description: `the instant of the occasion, such as boarding or arrival; without it now; ${TIME}`,
      examples: ['2022-08-02T09:00+08:00'],
    }),
  ),
  occasion: Type.Optional(OccasionSchema),
  presented: Type.Optional(
    Type.Array(PresentedItem, {
      maxItems: PRESENTED_MAX,
      description:
        'what the person shows through another channel or on paper: judged by the same rule, and ' +
        'labelled as presented and unverified',
    }),
  ),
};

const EXAMPLE = {
  purpose: 'entry',
  person: { documentType: 'resident_identity_card', documentNumber: '110101199003070038' },
  authorisation: { consent: 'the person, by showing the document' },
  occasion: { residence: 'visitor', ageYears: 34 },
};

export const RecognitionRequest = Type.Object(
  { destination: provinceCode('two-digit code of the province whose rule applies; 66 for the Corps'), ...asked },
  {
    ...closed,
    $id: 'RecognitionRequest',
    description: 'Exactly one of `person` and `personKey` is given.',
    examples: [{ destination: '44', ...EXAMPLE }],
  },
);
export type RecognitionRequestJson = Static<typeof RecognitionRequest>;

export const AllDestinationsRequest = Type.Object(asked, {
  ...closed,
  $id: 'AllDestinationsRequest',
  description: 'As for one destination, without it.',
  examples: [EXAMPLE],
});
export type AllDestinationsRequestJson = Static<typeof AllDestinationsRequest>;

export const BatchRequest = Type.Object(
  {
    items: Type.Array(Type.Unsafe<unknown>({ $ref: 'RecognitionRequest#' }), {
      minItems: 1,
      maxItems: BATCH_ITEMS_MAX,
      description: 'each is answered by itself: a wrong one does not keep the others from their answers',
    }),
  },
  closed,
);

export const PersonParams = Type.Object(
  { personKey: Type.String({ pattern: '^[0-9a-fA-F]{32}$', description: 'the person’s key in hex' }) },
  closed,
);
