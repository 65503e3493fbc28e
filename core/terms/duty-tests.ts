/** What tests a duty asks for after arriving, as a rule writes it. How far a person has come is never known here. */

import { Type } from '@sinclair/typebox';
import { Apart, Landing } from './evidence-text.ts';
import { choice, closed, type Read } from './form.ts';

export const DUTY_TAKES = ['samplings', 'results', 'negatives'] as const;
export const SPAN_UNITS = ['hours', 'days_of_stay'] as const;

const Span = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: 7, description: 'how many tests' }),
    unit: choice(SPAN_UNITS, 'hours after the arrival, or days of the stay; the day of arrival is day 1'),
    from: Type.Integer({ minimum: 0, maximum: 672 }),
    to: Type.Integer({ minimum: 1, maximum: 672, description: 'included' }),
  },
  { ...closed, description: 'when tests are due' },
);
export type SpanText = Read<typeof Span>;

export const DutyTests = Type.Object(
  {
    takes: choice(DUTY_TAKES, 'what counts as done: a sampling record or a result, any result, or a negative one'),
    spans: Type.Array(Span, {
      minItems: 1,
      maxItems: 7,
      description: 'in their order; each asks for tests of its own',
    }),
    apart: Type.Optional(Apart),
    landing: Landing,
  },
  closed,
);
export type DutyTestsText = Read<typeof DutyTests>;
