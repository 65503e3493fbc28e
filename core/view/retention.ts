/**
 * How long tests and samplings stay in a view. Pure: told by acceptance time, on the broker's clock, so that a view
 * that is built anew from the log comes to the same.
 */

import { DAY_MS, shanghaiDayOf } from '#core/field/time.ts';
import { cutTestsBefore } from './merge.ts';
import type { PersonView } from './view.ts';

/**
 * Twice the longest window that a rule may have: an answer for an instant up to two weeks ago finds all that it could
 * look at. Doses stay for ever; codes and exposures end by themselves.
 */
export const TESTS_KEPT_DAYS = 28;

/**
 * The day before which samples are no longer kept. @param acceptedUpToMs the latest acceptance in the partition so far
 */
export function firstDayKept(acceptedUpToMs: number): number {
  return shanghaiDayOf(acceptedUpToMs - TESTS_KEPT_DAYS * DAY_MS);
}

/** The view as it counts at that moment; the same object when nothing in it is too old. */
export function agedAt(view: PersonView, acceptedUpToMs: number): PersonView {
  return acceptedUpToMs === 0 ? view : cutTestsBefore(view, firstDayKept(acceptedUpToMs));
}
