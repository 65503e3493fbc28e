/** How long something lasts, and what that is counted from, as a rule writes it. What is written is never read here. */

import { Type } from '@sinclair/typebox';
import { choice, closed, count, type Read } from './form.ts';

/**
 * No window over records is longer than this: a view keeps the newest eight results, which is what a fortnight of the
 * most frequent routine testing that any rule asked of everyone (every two days) comes to.
 */
export const HISTORY_DAYS_KEPT = 14;

export const WINDOW_UNITS = ['hours', 'calendar_days', 'calendar_months'] as const;
export const WINDOW_ENDS = ['inclusive', 'exclusive'] as const;

export const Window = Type.Object(
  {
    length: count(1, 8_760, 'how many hours, days or months'),
    unit: choice(
      WINDOW_UNITS,
      'hours to the second; days of Asia/Shanghai, the day counted from is day 0; or months, to that day of the month',
    ),
    end: choice(WINDOW_ENDS, 'whether it still counts at exactly its length'),
  },
  closed,
);
export type WindowText = Read<typeof Window>;

/**
 * What a result can be counted from. `day_before_night_report` is there only for a report issued from 00:00 to before
 * 06:00, and is then 00:00 of the day before it: Beijing took such a test as sampled the day before.
 */
export const ANCHORS = ['report_issued', 'sampled', 'tested', 'day_before_night_report'] as const;
export type Anchor = (typeof ANCHORS)[number];

const MovedAnchor = Type.Object(
  { anchor: choice(ANCHORS, 'what is counted from'), minusHours: count(1, 72, 'so many hours before it') },
  { ...closed, description: 'a substitute, such as six hours before the report where the sampling isn’t known' },
);
export type AnchorText = Anchor | Read<typeof MovedAnchor>;

const AnchorChoice = Type.Unsafe<AnchorText>({
  oneOf: [choice(ANCHORS, 'what is counted from'), MovedAnchor],
});
export const CountFrom = Type.Array(AnchorChoice, {
  minItems: 1,
  uniqueItems: true,
  description: 'the first of these that a result has; a date without a time counts from 00:00',
});

/** Windows of one and the same result beside its first. */
export const AlsoWithin = Type.Optional(
  Type.Array(Type.Object({ countFrom: CountFrom, window: Window }, closed), {
    minItems: 1,
    maxItems: 2,
    description: 'what the same result must be within as well',
  }),
);
export interface CountedText {
  readonly countFrom: readonly AnchorText[];
  readonly window: WindowText;
}
