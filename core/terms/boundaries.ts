/**
 * Where a clause may come out otherwise, as data: a small history, and the instants around it. A test puts them on the
 * calendar by a time of its own, and looks a second before, at and after each. Nothing here is evaluated.
 */

import type { CountedText, WindowText } from './window-text.ts';

/** In seconds from the start of the history, or the midnight with which the day before the start begins. */
export type Moment = number | 'midnight_before';

export interface Boundaries {
  readonly results: readonly { readonly issued: number; readonly sampled: number | null }[];
  readonly samplings: readonly number[];
  readonly doses?: readonly { readonly given: number; readonly doseNumber: number }[];
  readonly instants: readonly Boundary[];
}

/** The instant itself, or the end of a window counted from it: the clause's, where none is named. */
export type Boundary = { readonly at: Moment } | { readonly windowFrom: Moment; readonly window?: WindowText };

/** Where a result may stop counting, by each window that it must be within and each anchor that may be taken. */
export function endsOf(
  { issued, sampled }: Boundaries['results'][number],
  { countFrom, window, alsoWithin = [] }: CountedText & { readonly alsoWithin?: readonly CountedText[] },
): Boundary[] {
  return [{ countFrom, window }, ...alsoWithin].flatMap((counted) => {
    const moved = counted.countFrom.flatMap((anchor) => (typeof anchor === 'string' ? [] : [anchor.minusHours]));
    const moments = [0, ...moved].flatMap((hours) =>
      [issued, ...(sampled === null ? [] : [sampled])].map((second) => second - hours * HOUR_SECONDS),
    );
    return [...moments, 'midnight_before' as const].map((windowFrom) => ({ windowFrom, window: counted.window }));
  });
}

export const HOUR_SECONDS = 3_600;
/** Every result of these histories was sampled so long before its report. */
export const SAMPLED_BEFORE_SECONDS = 7 * HOUR_SECONDS;

export function resultAt(issued: number): Boundaries['results'][number] {
  return { issued, sampled: issued - SAMPLED_BEFORE_SECONDS };
}
