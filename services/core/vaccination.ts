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

/** The doses given up to an instant; those yet to be given are told to `later`. */
export function vaccinatedAt(view: PersonView | null, atMs: number, later?: (givenAtMs: number) => void): Vaccinated {
  let doses = 0;
  let lastGivenAtMs: number | null = null;
  for (const { status, doseNumber, givenAtMs } of view?.doses ?? []) {
    if (status === 'preliminary' || status === 'retracted') continue;
    if (givenAtMs > atMs) {
      later?.(givenAtMs);
      continue;
    }
    doses = Math.max(doses, doseNumber);
    lastGivenAtMs = Math.max(givenAtMs, lastGivenAtMs ?? givenAtMs);
  }
  return { doses, lastGivenAtMs };
}

export function compileVaccination({ id, doses: dosesMin, window: windowText, atLeastDaysAgo = 0 }: VaccinationClauseText): (trial: Trial) => Verdict {
  const window = windowText === undefined ? null : compileWindow(windowText);
  return (trial) => {
    const { atMs } = trial;
    const { doses, lastGivenAtMs } = vaccinatedAt(trial.view, atMs, (ms) => changesAt(trial, ms));
    if (lastGivenAtMs === null || doses < dosesMin) return NO;
    const fromMs = lastGivenAtMs + atLeastDaysAgo * DAY_MS;
    changesAt(trial, fromMs);
    const endMs = window === null ? Number.POSITIVE_INFINITY : window.endMs(lastGivenAtMs);
    const endInclusive = window?.endInclusive ?? false;
    if (atMs < fromMs || !endsAfter(endMs, endInclusive, atMs)) return NO;
    endsAt(trial, endMs, endInclusive);
    return { truth: TRUTH.yes, clauseId: id, by: 'condition', evidence: [], endMs, endInclusive, sure: true, presented: false };
  };
}
