/**
 * The clause `vaccination`: so many doses, the last of them within a window, or so many days ago, or both. Only doses
 * on record count, and none that was taken back.
 */

import { addMonths, DAY_MS, shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import type { LooksAt } from '#core/trial/takers.ts';
import { changesAt, endsAt, type Judge, NO } from '#core/trial/trial.ts';
import { withoutEvidence } from '#core/trial/validity.ts';
import { compileWindow, endsAfter } from '#core/trial/window.ts';
import type { VaccinationClauseText } from './schema.ts';

export const looksAt = (): LooksAt => ({ doses: true });

export function judge({
  id,
  doses: dosesMin,
  window: windowText,
  atLeastDaysAgo = 0,
  atLeastMonthsAgo = 0,
}: VaccinationClauseText): Judge {
  /** The first instant of that day of the month, however late on its day the dose was given. */
  const monthsAfterMs = (givenAtMs: number): number =>
    atLeastMonthsAgo === 0 ? givenAtMs : startOfShanghaiDayMs(addMonths(shanghaiDayOf(givenAtMs), atLeastMonthsAgo));
  const window = windowText === undefined ? null : compileWindow(windowText);
  const endInclusive = window?.endInclusive ?? false;
  return (known, notes) => {
    const { atMs, view } = known;
    let lastEndMs = Number.NEGATIVE_INFINITY;
    // A later dose never takes away what an earlier one gives: the one that counts longest is what counts.
    for (const { status, doseNumber, givenAtMs } of view?.doses ?? []) {
      if (status === 'preliminary' || status === 'retracted' || doseNumber < dosesMin) continue;
      const fromMs = Math.max(givenAtMs + atLeastDaysAgo * DAY_MS, monthsAfterMs(givenAtMs));
      changesAt(known, notes, fromMs);
      const endMs = window === null ? Number.POSITIVE_INFINITY : window.endMs(givenAtMs);
      if (atMs < fromMs || !endsAfter(endMs, endInclusive, atMs)) continue;
      endsAt(known, notes, endMs, endInclusive);
      lastEndMs = Math.max(lastEndMs, endMs);
    }
    if (lastEndMs === Number.NEGATIVE_INFINITY) return NO;
    return withoutEvidence(id, 'condition', lastEndMs, endInclusive);
  };
}
