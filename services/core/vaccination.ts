/**
 * Vaccinations, as a condition of a rule or as information beside an answer: doses on record that weren't taken back.
 */

import type { VaccinationClauseText } from './policy-clauses.ts';
import { DAY_MS } from './time.ts';
import { changesAt, endsAt, NO, type Trial, TRUTH, type Verdict } from './trial.ts';
import type { PersonView } from './view.ts';
import { compileWindow, endsAfter } from './window.ts';

export interface Vaccinated {
  readonly doses: number;
  readonly lastGivenAtMs: number | null;
}

/** The doses given up to an instant. */
export function vaccinatedAt(view: PersonView | null, atMs: number): Vaccinated {
  let doses = 0;
  let lastGivenAtMs: number | null = null;
  for (const { status, doseNumber, givenAtMs } of view?.doses ?? []) {
    if (status === 'preliminary' || status === 'retracted' || givenAtMs > atMs) continue;
    doses = Math.max(doses, doseNumber);
    lastGivenAtMs = Math.max(givenAtMs, lastGivenAtMs ?? givenAtMs);
  }
  return { doses, lastGivenAtMs };
}

export function compileVaccination({
  id,
  doses: dosesMin,
  window: windowText,
  atLeastDaysAgo = 0,
}: VaccinationClauseText): (trial: Trial) => Verdict {
  const window = windowText === undefined ? null : compileWindow(windowText);
  const endInclusive = window?.endInclusive ?? false;
  return (trial) => {
    const { atMs } = trial;
    let lastEndMs = Number.NEGATIVE_INFINITY;
    // A later dose never takes away what an earlier one gives: the one that counts longest is what counts.
    for (const { status, doseNumber, givenAtMs } of trial.view?.doses ?? []) {
      if (status === 'preliminary' || status === 'retracted' || doseNumber < dosesMin) continue;
      const fromMs = givenAtMs + atLeastDaysAgo * DAY_MS;
      changesAt(trial, fromMs);
      const endMs = window === null ? Number.POSITIVE_INFINITY : window.endMs(givenAtMs);
      if (atMs < fromMs || !endsAfter(endMs, endInclusive, atMs)) continue;
      endsAt(trial, endMs, endInclusive);
      lastEndMs = Math.max(lastEndMs, endMs);
    }
    if (lastEndMs === Number.NEGATIVE_INFINITY) return NO;
    return {
      truth: TRUTH.yes,
      clauseId: id,
      by: 'condition',
      evidence: [],
      endMs: lastEndMs,
      endInclusive,
      sure: true,
      presented: false,
    };
  };
}
