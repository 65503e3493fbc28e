/** Which records a clause takes, as a rule writes it: whose, by what method, how far apart, since when. */

import { Type } from '@sinclair/typebox';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { choice, closed, count, type Read, text } from './form.ts';

export type From = 'all' | readonly ProvinceCode[];

export const FromWhom = Type.Unsafe<From>({
  description: 'whose records count: "all", or a list of codes',
  oneOf: [
    { type: 'string', const: 'all' },
    { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: [...PROVINCE_CODES] } },
  ],
});

export const Methods = Type.Array(text(64, 'a method, such as nucleic_acid'), { minItems: 1, uniqueItems: true });

export const Apart = Type.Object(
  {
    atLeastHours: Type.Optional(count(1, 336, 'no nearer to each other')),
    atMostHours: Type.Optional(count(1, 336, 'no farther from each other')),
    onConsecutiveDays: Type.Optional(
      Type.Literal(true, { description: 'each on the day of Asia/Shanghai after that of the one before' }),
    ),
  },
  { ...closed, minProperties: 1, description: 'between the samplings of neighbouring tests' },
);
export type ApartText = Read<typeof Apart>;

export const Landing = choice(['counted', 'excluded'] as const, 'whether the first test after arriving is one of them');

/** How a clause looks at the stated arrival; only in the conditions of states and duties. */
export const ofArrivalFields = {
  sinceDayOfStay: Type.Optional(
    count(
      1,
      28,
      'only what was taken since the arrival, on this day of the stay or later; the day of arrival is day 1',
    ),
  ),
  atArrival: Type.Optional(Type.Boolean({ description: 'as of the arrival: it was there by then, and counted still' })),
};
const OfArrival = Type.Object(ofArrivalFields);
export type OfArrivalText = Read<typeof OfArrival>;
