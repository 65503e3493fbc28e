/**
 * The format of the tables by which codes are converted: `national-code.json` and each publisher's `code.json` under
 * `policies/`. What they mean is in policies/README.md.
 */

import { Type } from '@sinclair/typebox';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { choice, closed, type Read, text } from '#core/terms/form.ts';
import { Source } from '#core/terms/source.ts';
import { BothLanguages } from '#core/terms/words.ts';

/**
 * The three ways of March 2020. Recognition data: the province's own code stays as it is, and gets the data of others
 * beside it. Through the national code: what others assigned is converted into the national code and from there into
 * its own. National code: it has none of its own, and uses the national one together with its own data.
 */
export const CODE_WAYS = ['recognition_data', 'through_national_code', 'national_code'] as const;
export type CodeWay = (typeof CODE_WAYS)[number];

const STATE = '^[a-z][a-z0-9_]{0,31}$';
const state = (description: string) => Type.String({ pattern: STATE, description });
const sources = Type.Array(Source, { minItems: 1 });
const note = Type.Optional(text(1_000, 'what a reader of the table should know'));

export const NationalCodeSchema = Type.Object(
  {
    states: Type.Array(Type.Object({ state: state('such as green, yellow, red'), title: BothLanguages }, closed), {
      minItems: 2,
      maxItems: 8,
      description: 'the mildest first; the first is green',
    }),
    sources,
    note,
  },
  closed,
);

export type NationalCodeText = Read<typeof NationalCodeSchema>;

export const CodeSchema = Type.Object(
  {
    province: choice(PROVINCE_CODES, 'two-digit code'),
    way: choice(
      CODE_WAYS,
      'how it recognises the codes of others: recognition_data: its own code stays, with their data ' +
        'beside it; through_national_code: theirs is converted into the national code and from there into ' +
        'its own; national_code: it has none of its own',
    ),
    states: Type.Array(
      Type.Object(
        {
          state: state('as in CodeAssigned'),
          title: BothLanguages,
          national: Type.Unsafe<string | null>({
            type: ['string', 'null'],
            pattern: STATE,
            description: 'what it is in the national code; null: a local matter that no other province takes over',
          }),
        },
        closed,
      ),
      { maxItems: 16, description: 'its own states; none without a code of its own' },
    ),
    fromNational: Type.Optional(
      Type.Record(Type.String({ pattern: STATE }), state('its own state'), {
        description: 'by national state; for through_national_code, and complete',
      }),
    ),
    sources,
    note,
  },
  closed,
);
export type CodeText = Read<typeof CodeSchema>;
