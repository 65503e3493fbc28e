/**
 * Vaccinations as information beside an answer: doses on record that weren't taken back. They never change the outcome
 * from here; a clause that asks for doses does (clause-vaccination.ts).
 */

import type { PersonView } from '#core/view/view.ts';

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
