/**
 * Where a clause may come out otherwise, as data: a small history, and the instants around it. A test puts them on the
 * calendar by a time of its own, and looks a second before, at and after each. Nothing here is evaluated.
 */

/** In seconds from the start of the history, or the midnight with which the day before the start begins. */
export type Moment = number | 'midnight_before';

export interface Boundaries {
  readonly results: readonly { readonly issued: number; readonly sampled: number }[];
  readonly samplings: readonly number[];
  readonly doses?: readonly { readonly given: number; readonly doseNumber: number }[];
  readonly instants: readonly Boundary[];
}

/** The instant itself, or the end of the clause's window counted from it. */
export type Boundary = { readonly at: Moment } | { readonly windowFrom: Moment };

export const HOUR_SECONDS = 3_600;
/** Every result of these histories was sampled so long before its report. */
export const SAMPLED_BEFORE_SECONDS = 7 * HOUR_SECONDS;

export function resultAt(issued: number): Boundaries['results'][number] {
  return { issued, sampled: issued - SAMPLED_BEFORE_SECONDS };
}
